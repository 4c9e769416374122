import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { z } from "zod";
import { idOf } from "../../core/db.ts";
import { listOf } from "../../core/lists.ts";
import { listContactThreads } from "../begin.ts";
import { addContact, exportContacts, listContacts } from "../contact-list.ts";
import { accessContact, changeContact, describeContact } from "../contacts.ts";
import type { Inbox } from "../inbox.ts";
import { mergeContacts, undoMerge } from "../merge.ts";
import type { MergeRecord } from "../models/index.ts";
import * as shapes from "../schema.ts";
import { listSuggestions, settleSuggestion } from "../suggest.ts";

export function addContactRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "contacts";
  route({
    method: "get",
    path: "/contacts",
    summary: "Contacts, those active last first",
    tag,
    access: "staff",
    query: shapes.contactQuery,
    answer: listOf(shapes.contactRow).extend({
      total: z.number().int().optional().describe("counted to 10,000; with the first page"),
    }),
    handle: ({ query }, { staff }) => listContacts(staff, query),
  });
  route({
    method: "post",
    path: "/contacts",
    summary: "Add a contact",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: shapes.newContact,
    answer: shapes.contact,
    handle: async ({ body }, { staff }) => describeContact(staff, await addContact(inbox, staff, body)),
  });
  route({
    method: "get",
    path: "/contacts.csv",
    summary: "Contacts as a table",
    tag,
    produces: "text/csv",
    access: "staff",
    query: shapes.contactTableQuery,
    async handle({ query, response }, { staff }) {
      response.set({
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="contacts.csv"',
        "cache-control": "no-store",
      });
      await pipeline(Readable.from(exportContacts(staff, query)), response);
    },
  });
  route({
    method: "get",
    path: "/contacts/suggestions",
    summary: "Contacts that are probably one person",
    tag,
    access: "staff",
    answer: listOf(shapes.mergeSuggestion),
    async handle(_, { staff }) {
      const found = await listSuggestions(staff);
      const items = await Promise.all(
        found.map(async ({ contacts, ...suggestion }) => ({
          ...suggestion,
          contacts: await Promise.all(contacts.map((contact) => describeContact(staff, contact))),
        })),
      );
      return { items, next: null };
    },
  });
  route({
    method: "delete",
    path: "/contacts/suggestions/:id",
    summary: "They are different people",
    tag,
    access: "staff",
    handle: ({ params }, { staff }) => settleSuggestion(staff, params["id"] ?? ""),
  });
  route({
    method: "post",
    path: "/contacts/merges",
    summary: "Make two contacts one; it can be undone",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: shapes.mergeRequest,
    answer: shapes.merge,
    handle: async ({ body }, { staff }) => describeMerge(await mergeContacts(inbox, staff, body)),
  });
  route({
    method: "post",
    path: "/contacts/merges/:id/undo",
    summary: "Tell two merged contacts apart again",
    tag,
    access: "staff",
    answer: shapes.merge,
    handle: async ({ params }, { staff }) => describeMerge(await undoMerge(inbox, staff, params["id"] ?? "")),
  });
  addContactRoutesOfOne(inbox);
}

function addContactRoutesOfOne(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "contacts";
  route({
    method: "get",
    path: "/contacts/:id",
    summary: "A contact",
    tag,
    access: "staff",
    answer: shapes.contact,
    handle: async ({ params }, { staff }) =>
      describeContact(staff, await accessContact(staff, params["id"] ?? "")),
  });
  route({
    method: "patch",
    path: "/contacts/:id",
    summary: "Change a contact",
    tag,
    access: "staff",
    body: shapes.contactPatch,
    answer: shapes.contact,
    handle: async ({ params, body }, { staff }) =>
      describeContact(staff, await changeContact(inbox, staff, params["id"] ?? "", body)),
  });
  route({
    method: "get",
    path: "/contacts/:id/threads",
    summary: "Where the contact can be written to, the place used last first",
    tag,
    access: "staff",
    answer: listOf(shapes.contactThread),
    handle: async ({ params }, { staff }) => ({
      items: await listContactThreads(inbox, staff, params["id"] ?? ""),
      next: null,
    }),
  });
}

function describeMerge(merge: MergeRecord): z.input<typeof shapes.merge> {
  return {
    id: idOf(merge),
    keptId: merge.keptId.toHexString(),
    otherId: merge.otherId.toHexString(),
    otherName: merge.otherName,
    byName: merge.byName,
    at: merge.createdAt.toISOString(),
  };
}
