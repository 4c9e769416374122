/** Moving in from another service: an export is read, or the page itself, and nothing is made. */
import { z } from "zod";
import { createLimit } from "../../core/limits.ts";
import { language } from "../blocks/schema.ts";
import type { Desk } from "../desk.ts";
import * as shapes from "../schema.ts";
import { readImport, readPage } from "./import.ts";

const wanted = z.object({ language: language.default("en"), name: z.string().max(80).default("") });

export function addImportRoutes({ hub }: Desk): void {
  const { route } = hub.http;
  const pages = createLimit(40, 600);
  const tag = "cards";
  route({
    method: "post",
    path: "/cards/import",
    summary:
      "Read an export of Linktree or LinkStack, a table or a list of links; the body is the file, and nothing is made",
    tag,
    access: "administrator",
    rawBody: true,
    query: wanted,
    answer: shapes.cardImport,
    handle: ({ request, query }, { staff }) => readImport(hub, staff, request, query),
  });
  route({
    method: "post",
    path: "/cards/import/page",
    summary: "Read the page of Linktree or LinkStack at an address; nothing is made",
    tag,
    access: "administrator",
    body: wanted.extend({ address: z.string().max(2000) }),
    answer: shapes.cardImport,
    async handle({ body: { address, ...asked } }, { staff }) {
      await pages.take(staff.workspaceId.toHexString());
      return readPage(hub, staff, address, asked);
    },
  });
}
