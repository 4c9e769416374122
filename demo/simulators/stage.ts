/**
 * What the customers' page needs of a simulated messenger: who can be played, what their phone shows, and what can be
 * done there now. The page draws what a stage tells and knows no messenger by name.
 */
import { z } from "zod";

/** One phone, open at the conversation with one account of the business. */
export interface Place {
  account: string;
  person: string;
}

const id = z.string().min(1).max(200);
const text = z.string().min(1).max(20_000);
const answer = { replyTo: id.optional() };

/** Everything that a customer can do; which of it there is, `StageChat.acts` and `StageMessage.acts` tell. */
export const act = z.discriminatedUnion("do", [
  z.object({ do: z.literal("start"), payload: z.string().max(64).optional() }),
  z.object({ do: z.literal("say"), text, subject: z.string().max(200).optional(), ...answer }),
  z.object({
    do: z.literal("send"),
    as: z.enum(["photo", "video", "voice", "audio", "document", "sticker"]),
    name: z.string().max(255).optional(),
    /** What the phone takes the file for. */
    mime: z.string().max(100).optional(),
    caption: z.string().max(4096).optional(),
    subject: z.string().max(200).optional(),
    emoji: z.string().max(20).optional(),
    /** Seconds. */
    duration: z.coerce.number().optional(),
    ...answer,
  }),
  z.object({ do: z.literal("location"), latitude: z.number(), longitude: z.number() }),
  z.object({ do: z.literal("contact"), phone: z.string().max(30) }),
  z.object({ do: z.literal("story"), text }),
  z.object({ do: z.literal("edit"), message: id, text }),
  z.object({ do: z.literal("unsend"), message: id }),
  /** An empty emoji takes the reaction back. */
  z.object({ do: z.literal("react"), message: id, emoji: z.string().max(20) }),
  z.object({ do: z.literal("press"), message: id, button: z.number().int().min(0) }),
  z.object({ do: z.literal("read") }),
  z.object({ do: z.literal("block") }),
  z.object({ do: z.literal("unblock") }),
  /** A day passes: the platform's window for answers closes. */
  z.object({ do: z.literal("wait") }),
]);
export type Act = z.infer<typeof act>;
export type ActName = Act["do"];

/** What goes wrong with the next answer of the business. */
export const failure = z.enum(["429", "5xx", "no_answer", "refused"]);
export type Failure = z.infer<typeof failure>;

/** What is typed of somebody new; only what the stage asks for beside the name. */
export const newcomer = z.object({
  name: z.string().trim().min(1).max(60),
  handle: z.string().trim().max(100).optional(),
});
export type Newcomer = z.infer<typeof newcomer>;

export interface StageAccount {
  id: string;
  name: string;
  /** Id of a file. */
  photo?: string | undefined;
}

export interface StagePerson {
  id: string;
  name: string;
  handle?: string | undefined;
  photo?: string | undefined;
  /** Of all their conversations: its words, or what it is instead; milliseconds since 1970. */
  last?: { text: string; kind?: string | undefined; at: number; account?: string } | undefined;
}

export interface StageMessage {
  id: string;
  by: "customer" | "business";
  at: number;
  text: string;
  /** Runs of the text that look or lead otherwise; counted in UTF-16 units. */
  entities?: { type: string; offset: number; length: number; url?: string | undefined }[] | undefined;
  subject?: string | undefined;
  /** Id of a file: the letter as a page. */
  html?: string | undefined;
  media?: { kind: string; id: string; name: string; size: number; spoiler?: boolean }[];
  place?: { latitude: number; longitude: number; title?: string | undefined; address?: string | undefined };
  contact?: { name: string; phone: string } | undefined;
  quote?: { name: string; text: string } | undefined;
  /** Above the text: "Forwarded from …" and the like, by the name of its words on the page. */
  origin?: { what: "forwarded" | "story" | "template" | "pressed"; of: string } | undefined;
  buttons?: { title: string; url?: string | undefined }[][] | undefined;
  reactions: string[];
  /** The customer's own. */
  reaction?: string | undefined;
  edited?: boolean;
  /** How far the customer's own message has come, or how the business's message has gone. */
  state?: "sent" | "delivered" | "read" | "failed" | undefined;
  acts: ActName[];
}

export interface StageChat {
  status: "online" | "typing" | "blocked" | "closed";
  acts: ActName[];
  /** What a file may be sent as. */
  files: Extract<Act, { do: "send" }>["as"][];
  /** Emoji to react with. */
  emojis: string[];
  /** Single messages can be answered. */
  replies: boolean;
  /** Messages have subjects. */
  letters: boolean;
  /** Messages whose button was pressed and waits for the business. */
  pressed: string[];
  messages: StageMessage[];
}

export interface StageFile {
  bytes: Uint8Array;
  mime: string;
  name: string;
}

export interface Stage {
  /** As in the page's address. */
  readonly kind: string;
  readonly title: string;
  readonly failures: Failure[];
  /** What is asked of somebody new beside the name: by the name of its words on the page. */
  readonly asks: "username" | "phone" | "address" | undefined;
  accounts(): StageAccount[];
  people(): StagePerson[];
  chat(place: Place): StageChat;
  perform(place: Place, act: Act, bytes?: Uint8Array): void | Promise<void>;
  /** Gives the new person's id. */
  add(newcomer: Newcomer): string | Promise<string>;
  file(id: string): StageFile | undefined;
  failNext(failure: Failure): void;
  /** Called after everything that the page may show; give back what it returns to hear no more. */
  follow(listener: () => void): () => void;
}

/** Somebody asked for what is not there, or cannot be done there. */
export class StageError extends Error {
  override readonly name = "StageError";
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new StageError(`there is no such ${what}`);
  return value;
}
