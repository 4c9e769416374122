import { z } from "zod";
import { toObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import { listOf } from "../../core/lists.ts";
import { accessFile, describeFile, sendFile, storeUploaded } from "../../core/stored-files.ts";
import type { Inbox } from "../inbox.ts";
import { AddressModel, type AddressRecord } from "../models/index.ts";
import * as shapes from "../schema.ts";
import { search } from "../search.ts";
import { listTags, removeTag, renameTag, setTag } from "../tags.ts";

export function addOtherRoutes(inbox: Inbox): void {
  addSearchRoute(inbox);
  addTagRoutes(inbox);
  addAddressRoutes(inbox);
  addFileRoutes(inbox);
}

function addSearchRoute(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  route({
    method: "get",
    path: "/search",
    summary: "Search contacts and messages",
    tag: "search",
    access: "staff",
    query: shapes.searchQuery,
    answer: shapes.searchResult,
    handle: ({ query }, { staff }) => search(staff, query),
  });
}

function addTagRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "tags";
  route({
    method: "get",
    path: "/tags",
    summary: "Tags of the workspace",
    tag,
    access: "staff",
    answer: listOf(shapes.tag),
    handle: async (_, { staff }) => ({ items: await listTags(staff.workspaceId), next: null }),
  });
  route({
    method: "put",
    path: "/tags",
    summary: "Make a tag or change its colour",
    tag,
    access: "staff",
    body: shapes.tag,
    handle: ({ body }, { staff }) => setTag(inbox, staff.workspaceId, body),
  });
  route({
    method: "patch",
    path: "/tags",
    summary: "Rename a tag, on all that carries it",
    tag,
    access: "administrator",
    body: shapes.tagRename,
    handle: ({ body }, { staff }) => renameTag(inbox, staff.workspaceId, body),
  });
  route({
    method: "delete",
    path: "/tags",
    summary: "Offer a tag no longer",
    tag,
    access: "administrator",
    body: z.object({ name: z.string().max(40) }),
    handle: ({ body }, { staff }) => removeTag(inbox, staff.workspaceId, body.name),
  });
}

function addAddressRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "addresses";
  const describe = ({ _id, title, address, latitude, longitude }: AddressRecord) => ({
    id: _id.toHexString(),
    title,
    address,
    latitude,
    longitude,
  });
  route({
    method: "get",
    path: "/addresses",
    summary: "Saved addresses",
    tag,
    access: "staff",
    answer: listOf(shapes.savedAddress),
    handle: async (_, { staff }) => ({
      items: (
        await AddressModel.find({ workspaceId: staff.workspaceId }).sort({ title: 1 }).limit(200).lean()
      ).map(describe),
      next: null,
    }),
  });
  route({
    method: "post",
    path: "/addresses",
    summary: "Save an address",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: shapes.savedAddressRequest,
    answer: shapes.savedAddress,
    handle: async ({ body }, { staff }) =>
      describe((await AddressModel.create({ ...body, workspaceId: staff.workspaceId })).toObject()),
  });
  route({
    method: "delete",
    path: "/addresses/:id",
    summary: "Remove a saved address",
    tag,
    access: "staff",
    async handle({ params }, { staff }) {
      const _id = toObjectId(params["id"] ?? "");
      const { deletedCount } = _id
        ? await AddressModel.deleteOne({ workspaceId: staff.workspaceId, _id })
        : { deletedCount: 0 };
      if (deletedCount === 0) throw new AppError("not_found");
    },
  });
}

function addFileRoutes(inbox: Inbox): void {
  const { hub } = inbox;
  const { route } = hub.http;
  const tag = "files";
  route({
    method: "post",
    path: "/files",
    summary: "Upload a file: its bytes as the body, its name percent-encoded in x-file-name",
    tag,
    access: "staff",
    status: 201,
    rawBody: true,
    answer: shapes.file,
    async handle({ request }, { staff }) {
      const declared = Number(request.get("content-length") ?? 0);
      if (declared > hub.config.maxUploadBytes)
        throw new AppError("too_large", { maxBytes: hub.config.maxUploadBytes });
      const file = {
        workspaceId: staff.workspaceId,
        name: decodeName(request.get("x-file-name")),
        mime: request.get("content-type"),
        access: "uploader" as const,
        uploaderId: staff._id,
      };
      return describeFile(await storeUploaded(hub.files, request, hub.config.maxUploadBytes, file));
    },
  });
  route({
    method: "get",
    path: "/files/:id",
    summary: "Download a file; Range is honoured",
    tag,
    produces: "*/*",
    access: "staff",
    async handle({ params, request, response }, { staff }) {
      await sendFile(hub.files, await accessFile(staff, params["id"] ?? ""), request, response);
    },
  });
}

function decodeName(header: string | undefined): string {
  try {
    return decodeURIComponent(header ?? "file");
  } catch {
    throw new AppError("invalid_input", {
      fields: [{ path: "headers.x-file-name", code: "invalid_format", message: "not percent-encoded UTF-8" }],
    });
  }
}
