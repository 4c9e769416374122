/**
 * Shapes of the site widget: its configuration (REST), and the frames between a visitor's page and the hub. The page
 * imports the types alone; the hub checks what comes from a page with the shapes.
 */
import { z } from "zod";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const isoDate = z.iso.datetime();
/** A text per language: `{ en: "…", ru: "…" }`; English stands in for what is missing. */
const localized = z.record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string().max(600));

// ---- configuration ------------------------------------------------------------------------------------------------

export const conditionWhat = z.enum([
  "page",
  "time",
  "scroll",
  "exit",
  "source",
  "utm",
  "device",
  "country",
  "language",
  "hours",
  "visits",
]);

/**
 * `page`: path, `is | starts | contains | not_contains`; `time`: seconds on the page; `scroll`: per cent; `exit`: no value;
 * `source`: host of the referrer; `utm`: `name=value`; `device`: `phone | tablet | desktop`; `country`: `RU, KZ`;
 * `language`: `ru`; `hours`: `open | closed`; `visits`: number, `at_least | at_most`.
 */
export const condition = z
  .object({
    what: conditionWhat,
    how: z.enum(["is", "not", "starts", "contains", "not_contains", "at_least", "at_most"]),
    value: z.string().max(300),
  })
  .meta({ id: "WidgetCondition" });
export type Condition = z.infer<typeof condition>;

export const rule = z
  .object({
    id: z.string().min(1).max(40),
    name: z.string().trim().min(1).max(80),
    on: z.boolean(),
    conditions: z.array(condition).max(12),
    greeting: localized,
    answers: z
      .array(z.object({ title: localized, linkId: z.string().max(40).optional() }))
      .max(3)
      .describe(
        "buttons under the greeting; with linkId they open that messenger, without they are sent as text",
      ),
    from: id.nullable().describe("the colleague whose face it shows; null: whoever is on duty"),
    every: z.enum(["always", "visit", "day", "week", "once"]),
  })
  .meta({ id: "WidgetRule" });
export type Rule = z.infer<typeof rule>;

export const widgetLink = z
  .object({
    id: z.string().min(1).max(40),
    kind: z.string().max(40).describe("chat, a connector's kind, or link"),
    channelId: id.optional().describe("the connected account it leads to"),
    url: z
      .url({ protocol: /^(https?|tel|mailto|viber|tg|whatsapp)$/ })
      .max(500)
      .optional(),
    title: z.string().max(80),
    handle: z.string().max(120),
    on: z.boolean(),
  })
  .meta({ id: "WidgetLink" });

export const formField = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    label: localized,
    type: z.enum(["text", "email", "phone"]),
    required: z.boolean(),
  })
  .meta({ id: "WidgetFormField" });

const domain = z
  .string()
  .toLowerCase()
  .regex(/^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/)
  .max(253)
  .describe("clay.example, *.clay.example, localhost:8080");

export const widgetConfig = z
  .object({
    accent: z.string().regex(/^#[0-9a-f]{6}$/i),
    theme: z.enum(["site", "light", "dark"]),
    side: z.enum(["left", "right"]),
    offsetX: z.number().int().min(0).max(200),
    offsetY: z.number().int().min(0).max(200),
    radius: z.number().int().min(0).max(24),
    launcher: z.enum(["icon", "text"]),
    faces: z.enum(["on_duty", "none"]),
    answerTime: z.enum(["measured", "hidden"]),
    runsOn: z.boolean(),
    typingPreview: z.boolean().describe("agents see what is being typed"),
    links: z.array(widgetLink).max(12),
    preChat: z.object({
      on: z.boolean(),
      departments: z.boolean(),
      fields: z.array(formField).max(8),
      consent: z.object({ on: z.boolean(), text: localized }),
    }),
    offlineForm: z.boolean(),
    rating: z.boolean(),
    transcript: z.boolean(),
    rules: z.array(rule).max(30),
    texts: z.record(
      z.enum(["title", "chat", "chatHint", "away", "afterRating", "hello", "launcher"]),
      localized,
    ),
    languages: z
      .array(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/))
      .min(1)
      .max(20),
    domains: z.array(domain).max(50),
  })
  .meta({ id: "WidgetConfig" });
export type WidgetConfig = z.infer<typeof widgetConfig>;

export const widgetRequest = z
  .object({ name: z.string().trim().min(1).max(80), domain })
  .meta({ id: "WidgetRequest" });

export const seenPage = z.object({
  domain: z.string(),
  url: z.string(),
  at: isoDate,
  pagesToday: z.number().int(),
});

export const widget = z
  .object({
    id: id.describe("of its channel"),
    key: z.string().describe("public; stands in the snippet"),
    name: z.string(),
    draft: widgetConfig,
    published: widgetConfig.nullable(),
    changes: z.number().int().describe("settings that differ between the two"),
    publishedAt: isoDate.optional(),
    seen: z.array(seenPage).describe("the newest page per domain on which the loader ran"),
    identity: z.boolean().describe("signed-in customers are recognised"),
    identityKey: z.string().optional().describe("in the answer that made it, and never again"),
    identityKeyMasked: z.string().optional(),
    loaderUrl: z.string(),
  })
  .meta({ id: "Widget" });
export type Widget = z.infer<typeof widget>;

export const ruleFigures = z
  .object({
    items: z.array(
      z.object({
        ruleId: z.string(),
        shown: z.number().int(),
        opened: z.number().int(),
        wrote: z.number().int(),
      }),
    ),
    wroteByDay: z
      .array(z.object({ day: z.string(), wrote: z.number().int() }))
      .describe("30 days, oldest first"),
  })
  .meta({ id: "WidgetRuleFigures" });
export type RuleFigures = z.infer<typeof ruleFigures>;

// ---- visitors, as agents see them ---------------------------------------------------------------------------------

export const visit = z
  .object({
    id: z.string(),
    channelId: id,
    online: z.boolean(),
    name: z.string().describe("empty while the visitor is unknown"),
    email: z.string().optional(),
    userId: z.string().optional().describe("signed by the site"),
    page: z.object({ url: z.string(), title: z.string() }),
    path: z.array(z.object({ url: z.string(), title: z.string(), at: isoDate })).describe("newest last"),
    referrer: z.string().optional(),
    utm: z.record(z.string(), z.string()),
    device: z.enum(["phone", "tablet", "desktop"]),
    browser: z.string(),
    os: z.string(),
    country: z.string().optional().describe("ISO 3166-1 alpha-2"),
    language: z.string(),
    timeZone: z.string().optional(),
    visits: z.number().int(),
    since: isoDate,
    seenAt: isoDate,
    conversationId: id.optional(),
    traits: z.record(z.string(), z.string()).describe("told by identify"),
    events: z.array(z.object({ name: z.string(), at: isoDate, data: z.string().optional() })),
    consents: z
      .array(z.object({ text: z.string(), at: isoDate }))
      .optional()
      .describe("what the visitor agreed to, in the words that were shown"),
  })
  .meta({ id: "Visit" });
export type Visit = z.infer<typeof visit>;

export const startChatRequest = z.object({ text: z.string().trim().min(1).max(4000) });

// ---- frames -------------------------------------------------------------------------------------------------------

const text = z.string().max(20_000); // longer than the widget takes: the refusal names the limit
const clientId = z.string().regex(/^[\w-]{8,64}$/);
const threadKey = z.string().regex(/^[\w-]{8,64}$/);
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
    /** Only looks: the preview of the configuration screen. */
    preview: z.boolean().optional(),
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
    form: z.record(z.string().max(40), z.string().max(1000)).optional(),
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
  reactions?: string[];
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
  /** Time where the business is, `23:40`; while closed. */
  localTime?: string;
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
