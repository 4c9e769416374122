/**
 * Frames between a visitor's page and the hub. The page imports the types alone; the hub checks what comes from a page with
 * the shapes.
 */
import { z } from "zod";
import type { Rule, WidgetConfig } from "../schema.ts";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const text = z.string().max(20_000); // longer than the widget takes: the refusal names the limit
const clientId = z.string().regex(/^[\w-]{8,64}$/);
const threadKey = z.string().regex(/^[\w-]{8,64}$/);
const maxFormFields = 30;
const page = z.object({
  url: z.string().max(2000),
  title: z.string().max(300),
});

/** A signed identity: a JWT, or a user id with its expiry (seconds) and the HMAC over `key.userId.expires` in hex. */
export const identity = z.union([
  z.object({ jwt: z.string().max(4000) }),
  z.object({
    userId: z.string().min(1).max(200),
    expires: z.number().int(),
    hash: z.string().regex(/^[0-9a-f]{64}$/i),
  }),
]);
export type Identity = z.infer<typeof identity>;

const traits = z
  .object({
    name: z.string().max(120).optional(),
    email: z.string().max(254).optional(),
    phone: z.string().max(40).optional(),
  })
  .catchall(z.union([z.string().max(500), z.number(), z.boolean()]));
export type Traits = z.input<typeof traits>;

/** What a page sends. A frame with `id` is answered by `ok` or `no` with the same id. */
export const pageFrame = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("hello"),
    token: z.string().max(300).optional(),
    /** Of a link in an e-mail: its thread comes to this browser. */
    resume: z.string().max(100).optional(),
    identity: identity.optional(),
    page,
    referrer: z.string().max(2000).optional(),
    language: z.string().max(35),
    timeZone: z.string().max(60).optional(),
    visits: z.number().int().min(1).max(100_000),
    /** Width of the screen, CSS pixels. */
    width: z.number().int().min(0).max(20_000),
    touch: z.boolean(),
    /** Per thread the place up to which the page knows it. */
    cursors: z.record(threadKey, z.string().max(60)).optional(),
  }),
  z.object({ t: z.literal("page"), page }),
  z.object({ t: z.literal("panel"), id: clientId, open: z.boolean() }),
  z.object({
    t: z.literal("send"),
    /** Chosen by the page; the same id again adds nothing. */
    id: clientId,
    /** Chosen by the page too: the first message under a new key begins the chat. */
    thread: threadKey,
    text: text.optional(),
    files: z.array(z.string().max(100)).max(10).optional(),
    voice: z.boolean().optional(),
    location: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
    replyTo: z.string().max(40).optional(),
    /** Value of a pressed button. */
    action: z.object({ title: z.string().max(64), value: z.string().max(64) }).optional(),
    departmentId: id.optional(),
    form: z
      .record(z.string().max(40), z.string().max(1000))
      .refine((fields) => Object.keys(fields).length <= maxFormFields)
      .optional(),
    consent: z.object({ text: z.string().max(2000) }).optional(),
    offline: z.boolean().optional(),
    ruleId: z.string().max(40).optional(),
  }),
  z.object({ t: z.literal("typing"), thread: threadKey, text: z.string().max(1000) }),
  z.object({
    t: z.literal("seen"),
    thread: threadKey,
    got: z.number().int().min(0),
    read: z.number().int().min(0),
  }),
  /** An own message of the last minutes with other words. */
  z.object({ t: z.literal("edit"), id: clientId, thread: threadKey, message: id, text: text.trim().min(1) }),
  z.object({ t: z.literal("remove"), id: clientId, thread: threadKey, message: id }),
  /** One reaction to what the team has said; null takes it away. */
  z.object({
    t: z.literal("react"),
    id: clientId,
    thread: threadKey,
    message: id,
    emoji: z.string().max(16).nullable(),
  }),
  z.object({ t: z.literal("load"), id: clientId, thread: threadKey, before: z.number().int().optional() }),
  z.object({
    t: z.literal("rate"),
    id: clientId,
    thread: threadKey,
    score: z.number().int().min(1).max(5),
    comment: z.string().max(2000).optional(),
  }),
  z.object({ t: z.literal("transcript"), id: clientId, thread: threadKey, email: z.email().max(254) }),
  z.object({
    t: z.literal("continue"),
    id: clientId,
    thread: threadKey.optional(),
    linkId: z.string().max(40),
  }),
  z.object({ t: z.literal("return"), id: clientId, thread: threadKey }),
  z.object({
    t: z.literal("identify"),
    id: clientId.optional(),
    identity: identity.optional(),
    traits: traits.optional(),
  }),
  z.object({ t: z.literal("sign_out"), id: clientId.optional(), identity: identity.optional() }),
  z.object({ t: z.literal("track"), name: z.string().min(1).max(80), data: z.string().max(1000).optional() }),
  z.object({ t: z.literal("rule"), id: z.string().max(40), what: z.enum(["shown", "opened"]) }),
]);
export type PageFrame = z.input<typeof pageFrame>;
export type HelloFrame = Extract<PageFrame, { t: "hello" }>;
export type SendFrame = Extract<PageFrame, { t: "send" }>;

export interface ChatFile {
  kind: string;
  /** A signed link of ten minutes, relative to the hub; absent while it is being fetched. */
  url?: string;
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
  durationMs?: number;
}

export interface ChatMessage {
  id: string;
  /** Given by the page that sent it. */
  clientId?: string;
  seq: number;
  rev: number;
  mine: boolean;
  /** First name and face of the colleague. */
  by?: { name: string; photo?: string };
  text?: string;
  files?: ChatFile[];
  location?: { latitude: number; longitude: number; name?: string };
  buttons?: { title: string; url?: string; value?: string }[];
  replyTo?: { text: string; name: string };
  reactions?: { emoji: string; mine: boolean }[];
  /** An own message that may still be changed or taken back, until then; ISO 8601. */
  changeableUntil?: string;
  edited?: boolean;
  deleted?: boolean;
  /** ISO 8601. */
  at: string;
}

export interface ChatThread {
  key: string;
  /** Who answers, once somebody has. */
  by?: { name: string; photo?: string };
  preview: string;
  at: string;
  unread: number;
  /** The newest message, by its place and by its last change. */
  lastSeq: number;
  cursor: string;
  /** The team has read the visitor's messages up to here. */
  readSeq: number;
  resolved: boolean;
  /** Asked for, given, or neither. */
  rating?: { asked: boolean; score?: number };
  /** The chat goes on in a messenger. */
  movedTo?: { kind: string; title: string };
}

/** What a visitor's page needs of the configuration, in the visitor's language. */
export interface PageConfig {
  /** Names of the launcher while it is shut and while it is open, and of the greeting's cross. */
  labels: [open: string, close: string, dismiss: string];
  /** What the launcher's badge means, by plural category: `# unread messages`. */
  unread: Record<string, string>;
  /** Sheet of launcher and greeting, with the custom properties that the panel uses too. */
  style: string;
  locale: string;
  name: string;
  accent: string;
  theme: WidgetConfig["theme"];
  side: WidgetConfig["side"];
  offsetX: number;
  offsetY: number;
  radius: number;
  launcher: WidgetConfig["launcher"];
  runsOn: boolean;
  texts: Partial<Record<keyof WidgetConfig["texts"], string>>;
  people: { name: string; photo?: string }[];
  /** Median of seven days; absent under ten answers. */
  answerMinutes?: number;
  open: boolean;
  /** ISO 8601; while closed. */
  opensAt?: string;
  links: {
    id: string;
    kind: string;
    title: string;
    handle: string;
    url?: string;
    icon?: string;
    continues: boolean;
  }[];
  departments: { id: string; name: string; open: boolean; answerMinutes?: number; opensAt?: string }[];
  preChat?: { fields: { id: string; label: string; type: string; required: boolean }[]; consent?: string };
  offlineForm: boolean;
  rating: boolean;
  transcript: boolean;
  typing: boolean;
  /** Emoji with which a visitor may answer. */
  reactions: string[];
  maxText: number;
  maxFileBytes: number;
}

/** A rule whose server-side conditions hold on this page; the page waits for the rest. */
export interface PageRule {
  id: string;
  /** Seconds on the page. */
  time?: number;
  /** Per cent of the page. */
  scroll?: number;
  exit?: boolean;
  every: Rule["every"];
  greeting: string;
  answers: { title: string; linkId?: string }[];
  by: { name: string; photo?: string };
}

/** What the hub sends. */
export type HubFrame =
  | {
      t: "welcome";
      token: string;
      config: PageConfig;
      rules: PageRule[];
      threads: ChatThread[];
      /** The refused identity's reason, when one was given and not accepted. */
      refused?: string;
      identified: boolean;
      /** Where the panel's code lies, relative to the hub. */
      panel: string;
    }
  | { t: "ok"; id: string; data?: unknown }
  | { t: "no"; id?: string; code: string; details?: Record<string, unknown> }
  | { t: "rules"; rules: PageRule[] }
  | { t: "config"; config: PageConfig }
  | { t: "thread"; thread: ChatThread }
  /** `reset`: what the page has of the thread is replaced. */
  | { t: "messages"; thread: string; items: ChatMessage[]; reset?: boolean; more?: boolean }
  | { t: "typing"; thread: string; on: boolean; by?: { name: string; photo?: string } }
  | { t: "bye"; code: string };
