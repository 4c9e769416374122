/** The shapes of the inbox as its screens use them: types alone, so that no validation code reaches the browser. */
import type { Button, Content, MediaAttachment } from "../../connectors/contract.ts";
import type { Message, ServerEvents } from "../schema.ts";

export type {
  Attachment,
  Button,
  Capabilities,
  Card,
  Content,
  Letter,
  Media,
  MediaAttachment,
  MediaKind,
  MessageTemplate,
  Quote,
  TextEntity,
} from "../../connectors/contract.ts";
export type {
  Channel,
  ConnectorInfo,
  Contact,
  ContactPatch,
  ContactRow,
  ContactThread,
  Conversation,
  ConversationPatch,
  Counts,
  DeliveryState,
  Draft,
  File as StoredFile,
  InboxView,
  Merge,
  MergeSuggestion,
  Message,
  PostMessageRequest,
  SavedAddress,
  ServerEvents,
  Tag,
  Team,
  Viewer,
} from "../schema.ts";

export type Staff = Parameters<ServerEvents["staff"]>[0]["staff"];
export type Mode = "reply" | "note";
export type SentContent = Pick<
  Content,
  "text" | "entities" | "attachments" | "buttons" | "template" | "letter"
>;
export type ButtonRows = Button[][];
export type LocationAttachment = Exclude<
  NonNullable<Content["attachments"]>[number],
  MediaAttachment | { kind: "contact" }
>;

/** A message on screen; `local` marks one of ours that the server does not know yet. */
export type ShownMessage = Message & { local?: LocalState };

export interface LocalState {
  state: "waiting" | "sending" | "failed" | "held";
  /** Why it failed, as the API's code. */
  code?: string | undefined;
}
