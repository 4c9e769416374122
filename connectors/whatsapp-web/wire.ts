/** What the child process with the browser and the hub say to each other. Updates are stored as they are here. */
import { z } from "zod";
import type { FailureClass } from "../contract.ts";

const text = z.string().optional().catch(undefined);
/** Whatever a page says of a size or a length: whole, and small enough to be counted with. */
const number = z.number().min(0).max(1e12).transform(Math.round).optional().catch(undefined);

const degrees = z.number().optional().catch(undefined);

export const wireMessage = z.object({
  id: z.string().min(1).max(300),
  chat: z.string().min(1).max(100),
  fromMe: z.boolean(),
  type: z.string().max(60),
  body: z.string().catch(""),
  /** Seconds since 1970. */
  timestamp: z.number(),
  hasFile: z.boolean().catch(false),
  mime: text,
  fileName: text,
  size: number,
  seconds: number,
  gif: z.boolean().optional().catch(undefined),
  latitude: degrees,
  longitude: degrees,
  place: text,
  address: text,
  vCards: z.array(z.string()).optional().catch(undefined),
  quotedId: text,
  forwarded: z.boolean().optional().catch(undefined),
  name: text,
  /** Digits. */
  phone: text,
});
export type WireMessage = z.infer<typeof wireMessage>;

export const wireUpdate = z.discriminatedUnion("event", [
  z.object({ event: z.literal("message"), message: wireMessage }),
  z.object({ event: z.literal("edit"), message: wireMessage, at: z.number() }),
  z.object({ event: z.literal("revoke"), id: z.string().min(1), chat: z.string().min(1), at: z.number() }),
  z.object({
    event: z.literal("reaction"),
    id: z.string().min(1),
    chat: z.string().min(1),
    emoji: z.string().max(40),
    at: z.number(),
  }),
  z.object({
    event: z.literal("ack"),
    id: z.string().min(1),
    chat: z.string().min(1),
    ack: z.number().int(),
    at: z.number(),
  }),
  /** A send that was given up has turned out to be done. */
  z.object({
    event: z.literal("sent"),
    id: z.string().min(1),
    chat: z.string().min(1),
    key: z.string(),
    at: z.number(),
  }),
  z.object({
    event: z.literal("number"),
    chat: z.string().min(1).max(100),
    next: z.string().min(1).max(100),
    at: z.number(),
  }),
  z.object({
    event: z.literal("call"),
    id: z.string().min(1),
    chat: z.string().min(1).max(100),
    at: z.number(),
    video: z.boolean(),
  }),
]);
export type WireUpdate = z.infer<typeof wireUpdate>;

export interface WireFile {
  mime: string;
  name: string;
  data: Uint8Array;
}

export type Order =
  | {
      do: "send";
      chat: string;
      key: string;
      text: string;
      quotedId?: string;
      file?: WireFile & { kind: string };
      place?: { latitude: number; longitude: number; name?: string; address?: string };
      vCard?: string;
    }
  | { do: "forward"; chat: string; id: string; key: string }
  | { do: "edit"; id: string; text: string }
  | { do: "delete"; ids: string[] }
  | { do: "react"; id: string; emoji: string }
  | { do: "read"; chat: string }
  | { do: "typing"; chat: string }
  | { do: "download"; id: string }
  | { do: "history"; since: number }
  | { do: "picture"; chat: string }
  | { do: "logout" };

export type ToChild =
  { start: ChildOptions } | { ask: number; order: Order } | { stop: true } | { ping: true };

export interface ChildOptions {
  /** The browser's profile lives here: whoever has it is the account. */
  folder: string;
  browser: string;
  proxyUrl?: string;
  /** Another server instead of WhatsApp's, for tests. */
  root?: string;
}

export interface WireFailure {
  class: FailureClass;
  code: string;
  message: string;
}

export type FromChild =
  | { says: "browser"; pid: number }
  | { says: "qr"; qr: string }
  | { says: "loading" | "authenticated" | "logged_out" | "alive" | "unsandboxed" }
  | { says: "ready"; account: { id: string; name: string } }
  | { says: "lost"; reason: string }
  | { says: "update"; update: WireUpdate }
  | { says: "answer"; ask: number; value?: unknown; failure?: WireFailure };
