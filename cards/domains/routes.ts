/** A card's own domain, for the hub's screens and for the proxy in front that gets certificates. */
import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { accessCard } from "../cards.ts";
import type { Desk } from "../desk.ts";
import * as shapes from "../schema.ts";
import { hostOf } from "./domains.ts";

export function addDomainRoutes({ hub, domains }: Desk): void {
  const { route } = hub.http;
  const tag = "cards";
  route({
    method: "get",
    path: "/cards/domains/ask",
    summary:
      "Whether a certificate may be had for a domain: 200 for a proven one, 404 for any other (Caddy asks so)",
    tag,
    access: "public",
    query: z.object({ domain: z.string().max(300) }),
    status: 200,
    async handle({ query }) {
      const host = hostOf(query.domain);
      if (!host || !(await domains.find(host))) throw new AppError("not_found");
    },
  });
  route({
    method: "get",
    path: "/cards/:id/domain",
    summary: "The card's own domain and the records that it needs",
    tag,
    access: "staff",
    answer: shapes.cardDomain,
    handle: async ({ params }, { staff }) => domains.read(await accessCard(staff, params["id"] ?? "")),
  });
  route({
    method: "put",
    path: "/cards/:id/domain",
    summary: "Claim a domain for the card; it is the card's once its records are found",
    tag,
    access: "administrator",
    body: shapes.newDomain,
    answer: shapes.cardDomain,
    handle: async ({ params, body }, { staff }) =>
      domains.claim(await accessCard(staff, params["id"] ?? ""), body.host),
  });
  route({
    method: "post",
    path: "/cards/:id/domain/check",
    summary: "Ask for the domain's records now",
    tag,
    access: "administrator",
    answer: shapes.cardDomain,
    handle: async ({ params }, { staff }) => domains.check(await accessCard(staff, params["id"] ?? "")),
  });
  route({
    method: "delete",
    path: "/cards/:id/domain",
    summary: "Give the domain up",
    tag,
    access: "administrator",
    handle: async ({ params }, { staff }) => domains.release(await accessCard(staff, params["id"] ?? "")),
  });
}
