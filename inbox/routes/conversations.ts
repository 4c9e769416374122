import { AppError } from "../../core/errors.ts";
import { listOf } from "../../core/lists.ts";
import { accessConversation, accessMessage } from "../access.ts";
import { beginConversation } from "../begin.ts";
import { listChannelIds } from "../channels.ts";
import { changeConversation, markRead } from "../conversations.ts";
import { describeConversation, describeMessage } from "../describe.ts";
import { listDrafts, removeDraft, saveDraft } from "../drafts.ts";
import type { Inbox } from "../inbox.ts";
import { countConversations, listConversations } from "../list.ts";
import { retryMedia } from "../media.ts";
import { DraftModel } from "../models/index.ts";
import {
  deleteMessage,
  discardMessage,
  editMessage,
  postMessage,
  reactToMessage,
  retryMessage,
} from "../reply.ts";
import * as shapes from "../schema.ts";
import { listTeams } from "../teams.ts";
import { aroundQuery, readAround, readThread, threadQuery } from "../thread.ts";

export function addConversationRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "conversations";
  route({
    method: "get",
    path: "/conversations",
    summary: "A page of the list",
    tag,
    access: "staff",
    query: shapes.conversationQuery,
    answer: shapes.conversationPage,
    handle: ({ query }, { staff }) => listConversations(staff, query),
  });
  route({
    method: "post",
    path: "/conversations",
    summary: "Write first to a contact: goes on in the thread's open conversation, else begins a new one",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: shapes.beginRequest,
    answer: shapes.begun,
    async handle({ body }, { staff }) {
      const { conversation, message } = await beginConversation(inbox, staff, body);
      return { conversation: describeConversation(conversation), message: describeMessage(message) };
    },
  });
  route({
    method: "get",
    path: "/conversations/counts",
    summary: "Counts of the side bar",
    tag,
    access: "staff",
    answer: shapes.counts,
    async handle(_, { staff }) {
      const teams = await listTeams(staff.workspaceId);
      return countConversations(
        staff,
        await listChannelIds(staff),
        teams.map((team) => team._id),
      );
    },
  });
  route({
    method: "post",
    path: "/conversations/bulk",
    summary:
      "One change to many conversations; answers with those changed, and leaves out what has gone or may not be changed so",
    tag,
    access: "staff",
    body: shapes.bulkRequest,
    answer: listOf(shapes.conversation),
    async handle({ body }, { staff }) {
      const items = [];
      let refusal: AppError | undefined;
      for (const id of body.ids) {
        const { patch, addTags = patch.addTags } = body;
        const whole = { ...patch, ...(addTags ? { addTags } : {}) };
        try {
          items.push(describeConversation(await changeConversation(inbox, staff, id, whole)));
        } catch (error) {
          // it has gone since it was selected, perhaps where this person or the new assignee may not read
          if (!(error instanceof AppError)) throw error;
          if (!refusal || refusal.code === "not_found") refusal = error;
        }
      }
      if (items.length === 0) throw refusal ?? new AppError("not_found");
      return { items, next: null };
    },
  });
  route({
    method: "get",
    path: "/conversations/:id",
    summary: "One conversation",
    tag,
    access: "staff",
    answer: shapes.conversation,
    async handle({ params }, { staff }) {
      const conversation = await accessConversation(staff, params["id"] ?? "");
      const draft = await DraftModel.findOne({
        workspaceId: staff.workspaceId,
        staffId: staff._id,
        conversationId: conversation._id,
      })
        .sort({ mode: -1 })
        .lean();
      return describeConversation(conversation, draft ?? undefined);
    },
  });
  route({
    method: "patch",
    path: "/conversations/:id",
    summary: "Assign, resolve, reopen, snooze, tag, mark unread",
    tag,
    access: "staff",
    body: shapes.conversationPatch,
    answer: shapes.conversation,
    handle: async ({ params, body }, { staff }) =>
      describeConversation(await changeConversation(inbox, staff, params["id"] ?? "", body)),
  });
  route({
    method: "post",
    path: "/conversations/:id/read",
    summary: "The team has read up to here",
    tag,
    access: "staff",
    body: shapes.readRequest,
    answer: shapes.conversation,
    handle: async ({ params, body }, { staff }) =>
      describeConversation(await markRead(inbox, staff, params["id"] ?? "", body.seq)),
  });
  addThreadRoutes(inbox);
  addMessageRoutes(inbox);
}

function addThreadRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "messages";
  const mode = (text: string | undefined): "reply" | "note" => {
    if (text !== "reply" && text !== "note") throw new AppError("not_found");
    return text;
  };
  route({
    method: "get",
    path: "/conversations/:id/messages",
    summary: "A page of the thread, or what changed after a revision",
    tag,
    access: "staff",
    query: threadQuery,
    answer: shapes.messagePage,
    handle: ({ params, query }, { staff }) => readThread(staff, params["id"] ?? "", query),
  });
  route({
    method: "post",
    path: "/conversations/:id/messages",
    summary: "Reply, write a note, or forward",
    tag,
    access: "staff",
    status: 201,
    body: shapes.postMessageRequest,
    answer: shapes.message,
    handle: async ({ params, body }, { staff }) =>
      describeMessage(await postMessage(inbox, staff, params["id"] ?? "", body)),
  });
  route({
    method: "get",
    path: "/conversations/:id/drafts",
    summary: "My drafts in a conversation",
    tag,
    access: "staff",
    answer: listOf(shapes.draft),
    handle: async ({ params }, { staff }) => ({
      items: await listDrafts(staff, params["id"] ?? ""),
      next: null,
    }),
  });
  route({
    method: "put",
    path: "/conversations/:id/drafts/:mode",
    summary: "Keep a draft",
    tag,
    access: "staff",
    body: shapes.draftRequest,
    answer: shapes.draft,
    handle: ({ params, body }, { staff }) =>
      saveDraft(inbox, staff, params["id"] ?? "", mode(params["mode"]), body),
  });
  route({
    method: "delete",
    path: "/conversations/:id/drafts/:mode",
    summary: "Drop a draft",
    tag,
    access: "staff",
    handle: ({ params }, { staff }) => removeDraft(inbox, staff, params["id"] ?? "", mode(params["mode"])),
  });
}

function addMessageRoutes(inbox: Inbox): void {
  const { route } = inbox.hub.http;
  const tag = "messages";
  const answer = shapes.message;
  const id = (params: Record<string, string>): string => params["id"] ?? "";
  route({
    method: "patch",
    path: "/messages/:id",
    summary: "Edit a sent message or a note",
    tag,
    access: "staff",
    body: shapes.editMessageRequest,
    answer,
    handle: async ({ params, body }, { staff }) =>
      describeMessage(await editMessage(inbox, staff, id(params), body)),
  });
  route({
    method: "delete",
    path: "/messages/:id",
    summary: "Delete a sent message or a note",
    tag,
    access: "staff",
    answer,
    handle: async ({ params }, { staff }) => describeMessage(await deleteMessage(inbox, staff, id(params))),
  });
  route({
    method: "put",
    path: "/messages/:id/reaction",
    summary: "React to a message",
    tag,
    access: "staff",
    body: shapes.reactRequest,
    answer,
    handle: async ({ params, body }, { staff }) =>
      describeMessage(await reactToMessage(inbox, staff, id(params), body)),
  });
  route({
    method: "get",
    path: "/messages/:id/around",
    summary: "The part of its conversation in which a message stands",
    tag,
    access: "staff",
    query: aroundQuery,
    answer: shapes.messagePage,
    handle: ({ params, query }, { staff }) => readAround(staff, id(params), query.limit),
  });
  route({
    method: "post",
    path: "/messages/:id/retry",
    summary: "Send a failed or uncertain message again",
    tag,
    access: "staff",
    answer,
    handle: async ({ params }, { staff }) =>
      describeMessage(await retryMessage(inbox, await accessMessage(staff, id(params)))),
  });
  route({
    method: "post",
    path: "/messages/:id/discard",
    summary: "Take a message away that did not go out",
    tag,
    access: "staff",
    answer,
    handle: async ({ params }, { staff }) =>
      describeMessage(await discardMessage(inbox, await accessMessage(staff, id(params)))),
  });
  route({
    method: "post",
    path: "/messages/:id/media/:index/retry",
    summary: "Fetch a file again",
    tag,
    access: "staff",
    answer,
    handle: async ({ params }, { staff }) =>
      describeMessage(
        await retryMedia(inbox, await accessMessage(staff, id(params)), Number(params["index"])),
      ),
  });
}
