// Every request of the inbox, in one place and by name.
import { api, type RequestOptions, type UploadOptions } from "../../../ui/api.ts";
import type {
  Channel,
  ConnectorInfo,
  Contact,
  ContactThread,
  ContactPatch,
  Conversation,
  ConversationPatch,
  Counts,
  Draft,
  InboxView,
  Message,
  MessageTemplate,
  Mode,
  PostMessageRequest,
  SavedAddress,
  SentContent,
  Staff,
  StoredFile,
  Tag,
  Team,
  TextEntity,
} from "../types.ts";

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface MessagePage {
  items: Message[];
  hasMore: boolean;
}
export type ListOrder = "grouped" | "oldest_waiting" | "newest";
export interface ListQuery {
  view: InboxView;
  channelId?: string | undefined;
  teamId?: string | undefined;
  assigneeId?: string | undefined;
  tag?: string | undefined;
  order: ListOrder;
}
export interface SearchAnswer {
  contacts: {
    id: string;
    name: string;
    avatarFileId?: string | undefined;
    label: string;
    conversationId?: string | undefined;
  }[];
  messages: {
    messageId: string;
    conversationId: string;
    channelId: string;
    seq: number;
    contactName: string;
    senderName: string;
    text: string;
    at: string;
  }[];
}
export type MessageRange =
  { before: number } | { after: number } | { around: number } | { afterRev: number } | object;

const one = (id: string) => `/conversations/${id}`;

export const inboxApi = {
  conversations: (query: ListQuery, cursor?: string) =>
    api.get<Page<Conversation>>("/conversations", { query: { ...query, cursor, limit: 50 } }),
  conversation: (id: string, options?: RequestOptions) => api.get<Conversation>(one(id), options),
  patchConversation: (id: string, patch: ConversationPatch) => api.patch<Conversation>(one(id), patch),
  patchMany: (ids: string[], patch: ConversationPatch) =>
    api.post<Page<Conversation>>("/conversations/bulk", { ids, patch }),
  begin: (threadId: string, clientId: string, text: string) =>
    api.post<{ conversation: Conversation }>("/conversations", { threadId, clientId, text }),
  counts: () => api.get<Counts>("/conversations/counts"),
  markRead: (id: string, seq: number) => api.post<unknown>(`${one(id)}/read`, { seq }),

  messages: (id: string, range: MessageRange, limit = 50) =>
    api.get<MessagePage>(`${one(id)}/messages`, { query: { ...range, limit } }),
  postMessage: (id: string, body: PostMessageRequest) => api.post<Message>(`${one(id)}/messages`, body),
  editMessage: (id: string, text: string, entities: TextEntity[]) =>
    api.patch<Message>(`/messages/${id}`, { text, entities }),
  around: (messageId: string, limit: number) =>
    api.get<MessagePage>(`/messages/${messageId}/around`, { query: { limit } }),
  deleteMessage: (id: string) => api.delete<unknown>(`/messages/${id}`),
  react: (id: string, emoji: string | null) => api.put<unknown>(`/messages/${id}/reaction`, { emoji }),
  retryMessage: (id: string) => api.post<unknown>(`/messages/${id}/retry`),
  discardMessage: (id: string) => api.post<unknown>(`/messages/${id}/discard`),
  retryMedia: (id: string, index: number) => api.post<unknown>(`/messages/${id}/media/${index}/retry`),

  drafts: (id: string) => api.get<Page<Draft>>(`${one(id)}/drafts`),
  saveDraft: (
    id: string,
    mode: Mode,
    draft: { content: SentContent; replyToMessageId?: string | undefined },
    order: { tab: string; turn: number },
    options?: RequestOptions,
  ) => api.put<unknown>(`${one(id)}/drafts/${mode}`, { ...draft, ...order }, options),
  dropDraft: (id: string, mode: Mode, options?: RequestOptions) =>
    api.delete<unknown>(`${one(id)}/drafts/${mode}`, undefined, options),

  contact: (id: string) => api.get<Contact>(`/contacts/${id}`),
  contactThreads: (id: string) => api.get<Page<ContactThread>>(`/contacts/${id}/threads`),
  patchContact: (id: string, patch: ContactPatch) => api.patch<Contact>(`/contacts/${id}`, patch),
  undoMerge: (id: string) => api.post<unknown>(`/contacts/merges/${id}/undo`),
  search: (q: string, signal: AbortSignal) =>
    api.get<SearchAnswer>("/search", { query: { q, limit: 20 }, signal }),

  tags: () => api.get<Page<Tag>>("/tags"),
  saveTag: (tag: Tag) => api.put<unknown>("/tags", tag),
  addresses: () => api.get<Page<SavedAddress>>("/addresses"),
  saveAddress: (address: Omit<SavedAddress, "id">) => api.post<SavedAddress>("/addresses", address),
  dropAddress: (id: string) => api.delete<unknown>(`/addresses/${id}`),

  templates: (channelId: string, fresh: boolean) =>
    api.get<Page<MessageTemplate>>(`/channels/${channelId}/templates`, { query: { fresh } }),

  channels: () => api.get<Page<Channel>>("/channels"),
  connectors: (locale: string) => api.get<Page<ConnectorInfo>>("/connectors", { query: { locale } }),
  staff: () => api.get<Page<Staff>>("/staff"),
  teams: () => api.get<Page<Team>>("/teams"),

  upload: (file: Blob, name: string, options: UploadOptions = {}) =>
    api.upload<StoredFile>("/files", file, {
      ...options,
      headers: {
        "content-type": file.type || "application/octet-stream",
        "x-file-name": encodeURIComponent(name),
      },
    }),
};

/** Address of a stored file; `download` forces saving instead of showing. */
export function fileUrl(fileId: string, download = false): string {
  return `/api/v1/files/${fileId}${download ? "?download=1" : ""}`;
}
