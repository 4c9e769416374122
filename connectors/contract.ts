/**
 * What a messenger looks like to the rest of the house: canonical content and events, the capabilities that screens
 * ask for, and the functions a connector gives. Browser-safe: screens import its types.
 */
import { z } from "zod";

// ---- content ------------------------------------------------------------------------------------------------------

/** A formatted run of a text. Offsets and lengths are UTF-16 code units, as in JavaScript and the Telegram Bot API. */
export const textEntity = z
  .object({
    type: z
      .string()
      .max(40)
      .describe(
        "bold, italic, underline, strikethrough, spoiler, code, pre, blockquote, text_link, url, mention …",
      ),
    offset: z.number().int().min(0),
    length: z.number().int().min(1),
    url: z.string().max(2048).optional(),
    language: z.string().max(40).optional().describe("of a pre block"),
  })
  .meta({ id: "TextEntity" });
export type TextEntity = z.infer<typeof textEntity>;

export const mediaState = z.enum(["pending", "stored", "failed", "too_large", "expired"]);

/** A file of a message. Bytes live in the hub's own file store under `fileId`, once they are fetched. */
export const media = z
  .object({
    state: mediaState,
    fileId: z.string().optional().describe("GET /api/v1/files/{fileId}; set when state is stored"),
    mime: z.string().optional(),
    size: z.number().int().min(0).optional().describe("bytes"),
    fileName: z.string().max(255).optional(),
    width: z.number().int().positive().optional(),
    height: z.number().int().positive().optional(),
    durationMs: z.number().int().min(0).optional(),
    title: z.string().max(255).optional().describe("of an audio track"),
    performer: z.string().max(255).optional(),
  })
  .meta({ id: "Media" });
export type Media = z.infer<typeof media>;

export const mediaKinds = [
  "image",
  "video",
  "animation",
  "audio",
  "voice",
  "video_note",
  "document",
  "sticker",
] as const;
export type MediaKind = (typeof mediaKinds)[number];

const mediaAttachment = z
  .object({
    kind: z.enum(mediaKinds),
    media,
    emoji: z.string().max(40).optional().describe("of a sticker"),
    spoiler: z.boolean().optional(),
  })
  .meta({ id: "MediaAttachment" });
export type MediaAttachment = z.infer<typeof mediaAttachment>;

const locationAttachment = z
  .object({
    kind: z.literal("location"),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: z.string().max(255).optional(),
    address: z.string().max(500).optional(),
    live: z.boolean().optional(),
  })
  .meta({ id: "LocationAttachment" });

const contactAttachment = z
  .object({
    kind: z.literal("contact"),
    name: z.string().max(255),
    phones: z.array(z.string().max(40)).max(10),
    emails: z.array(z.string().max(254)).max(10).optional(),
  })
  .meta({ id: "ContactAttachment" });

/** What one message holds at the most; how many can be sent is for the capabilities to say. */
export const attachmentsMax = 30;

export const attachment = z
  .discriminatedUnion("kind", [mediaAttachment, locationAttachment, contactAttachment])
  .meta({ id: "Attachment" });
export type Attachment = z.infer<typeof attachment>;

/** A button under a message: `value` comes back as an action when it is pressed, `url` opens. */
export const button = z
  .object({
    title: z.string().min(1).max(64),
    url: z.url({ protocol: /^https?$/ }).optional(),
    value: z.string().max(64).optional(),
  })
  .meta({ id: "Button" });
export type Button = z.infer<typeof button>;

/** Of an e-mail. The text beside it is what the letter says by itself, without what it quotes. */
export const letter = z
  .object({
    subject: z.string().max(998),
    html: z
      .string()
      .max(400_000)
      .optional()
      .describe("sanitised by the connector: no scripts, styles of elements alone, no outside pictures"),
    quoted: z.string().max(100_000).optional().describe("earlier letters below it, folded on the screen"),
    to: z.array(z.string().max(320)).max(50),
    cc: z.array(z.string().max(320)).max(50),
  })
  .meta({ id: "Letter" });
export type Letter = z.infer<typeof letter>;

/** Something of the platform with a title and facts: an order, a story that was answered, a shared post, an advertisement. */
export const card = z
  .object({
    what: z.string().max(40).describe("order, story_mention, story_reply, post, product, ad, call …"),
    title: z.string().max(300).optional(),
    text: z.string().max(2000).optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .optional(),
    lines: z
      .array(z.object({ label: z.string().max(200), value: z.string().max(200) }))
      .max(60)
      .optional(),
  })
  .meta({ id: "Card" });

export type Card = z.infer<typeof card>;

/**
 * A message template of the platform, approved there, with what fills its places in their order. A file that it begins
 * with is the message's only attachment.
 */
export const templateUse = z
  .object({
    name: z.string().min(1).max(512),
    language: z.string().min(2).max(20),
    params: z.array(z.string().max(1024)).max(30),
  })
  .meta({ id: "TemplateUse" });
export type TemplateUse = z.infer<typeof templateUse>;

/**
 * What a message says: a text or caption, things attached, buttons. `action` is a button the customer pressed; `service`
 * a thing that happened on the platform (a start link, a block); `unsupported` a kind that this version cannot show.
 * Of a message that was sent as a template, `text` is the template filled in.
 */
export const content = z
  .object({
    text: z.string().max(20_000).optional(),
    entities: z.array(textEntity).max(200).optional(),
    attachments: z.array(attachment).max(attachmentsMax).optional(),
    buttons: z.array(z.array(button).max(8)).max(20).optional(),
    action: z
      .object({
        title: z.string().optional(),
        value: z.string().optional(),
        targetExternalId: z.string().optional(),
      })
      .optional(),
    service: z.object({ what: z.string(), data: z.record(z.string(), z.string()).optional() }).optional(),
    unsupported: z.object({ nativeType: z.string() }).optional(),
    letter: letter.optional(),
    card: card.optional(),
    template: templateUse.optional(),
  })
  .meta({ id: "Content" });
export type Content = z.infer<typeof content>;

export const quote = z
  .object({
    messageId: z.string().optional().describe("the hub's id of the quoted message, where it is known"),
    externalId: z.string().optional(),
    text: z.string().max(4096).optional().describe("the quoted part, or the beginning of the quoted message"),
    senderName: z.string().optional(),
  })
  .meta({ id: "Quote" });
export type Quote = z.infer<typeof quote>;

// ---- people and places --------------------------------------------------------------------------------------------

/**
 * One id that names a person. `scope` is empty for ids that are global on their platform (a Telegram user, a phone
 * number, an e-mail address) and the account's id where every account sees another id (Viber, PSID, IGSID).
 */
export interface PeerAlias {
  scheme: string;
  scope: string;
  value: string;
}

export interface Peer {
  aliases: [PeerAlias, ...PeerAlias[]];
  /** Empty where the event names nobody. */
  name: string;
  username?: string;
  phone?: string;
  email?: string;
  locale?: string;
}

/** How to fetch a file of the platform later: opaque to everybody but its connector. */
export interface MediaSource {
  type: string;
  value: string;
}

/** An inbound attachment carries the way to its bytes beside what is known of them. */
export type InboundContent = Omit<Content, "attachments"> & { attachments?: InboundAttachment[] | undefined };
export type InboundAttachment = Attachment & { source?: MediaSource };

// ---- events -------------------------------------------------------------------------------------------------------

interface EventBase {
  /** Unique per channel: the same event delivered again has the same key. */
  dedupKey: string;
  /** Sorts the events of one thread while they wait to be recorded, as a string (pad numbers). */
  orderKey: string;
  /** The chat, topic, business connection or mail root that the event belongs to. */
  threadKey: string;
  /** The platform's own time. */
  at: Date;
  /** Of the account that it belongs to, where one delivery may hold events of several. */
  accountExternalId?: string;
}

export type InboundEvent = EventBase &
  (
    | {
        type: "message";
        externalId?: string;
        peer: Peer;
        content: InboundContent;
        albumId?: string;
        replyTo?: Quote;
        forwardedFrom?: string;
        /** The parameter of a start link. */
        referral?: string;
        /** What of the hub's own brought the customer: `card:<id>:<language>`. */
        from?: string;
        /** The department that the customer chose. */
        teamId?: string;
        /** Handed back to `acknowledgeAction` once the press is stored. */
        ackToken?: string;
        /** The business wrote it elsewhere (its phone, the platform's own inbox); `peer` is still the customer. */
        echo?: boolean;
      }
    | { type: "edit"; externalId: string; content: InboundContent }
    | { type: "delete"; externalIds: string[] }
    | { type: "reaction"; externalId: string; actor: "contact"; emojis: string[] }
    | {
        type: "delivery";
        state: "sent" | "delivered" | "read" | "failed";
        externalIds: string[];
        /** What the send was given: tells that a send of unknown outcome has arrived, and under which id. */
        idempotencyKey?: string;
        /** Everything sent until then, where the platform names no messages. */
        upTo?: Date;
        /** Of a failure that the platform tells afterwards. */
        failure?: { class: FailureClass; code: string; message: string };
      }
    | { type: "typing"; on: boolean }
    | { type: "blocked" | "unblocked"; peer: Peer }
    /** Further ids of a person who is known under one of them: a changed number, a new user id. */
    | { type: "peer"; peer: Peer }
    /** Something about the account itself; it goes into the account's history, and changes its health where it says so. */
    | { type: "account"; code: string; message: string; state?: HealthState }
    | { type: "unknown"; nativeType: string }
  );
export type InboundMessageEvent = Extract<InboundEvent, { type: "message" }>;

// ---- capabilities -------------------------------------------------------------------------------------------------

const mediaLimit = z.object({ maxBytes: z.number().int(), mimes: z.array(z.string()).optional() });

/** What the platform can do. Screens and the sender ask here, never for a channel's name. */
export const capabilities = z
  .object({
    inbound: z.object({
      edit: z.boolean(),
      delete: z.boolean(),
      reaction: z.boolean(),
      typing: z.boolean(),
      delivered: z.boolean(),
      read: z.boolean(),
      blocked: z.boolean(),
    }),
    outbound: z.object({
      edit: z.boolean(),
      editCaption: z.boolean(),
      delete: z.boolean(),
      reaction: z.array(z.string()).describe("emoji that can be sent; empty when none can"),
      typing: z.boolean(),
      reply: z.boolean(),
      forward: z.boolean(),
      buttons: z.boolean(),
      location: z.boolean(),
      contact: z.boolean(),
      markRead: z.boolean().describe("the customer can be told that a message was read"),
      templates: z.boolean().describe("has message templates approved by the platform"),
      letters: z.boolean().describe("messages have a subject and further recipients"),
      formatting: z.array(z.string()).describe("entity types that survive sending"),
    }),
    text: z.object({ max: z.number().int(), caption: z.number().int(), unit: z.enum(["utf16", "bytes"]) }),
    media: z
      .partialRecord(z.enum(mediaKinds), mediaLimit)
      .describe("kinds that can be sent, with their limits"),
    answers: z
      .boolean()
      .optional()
      .describe("false where nothing can be sent at all: nobody left an address"),
    attachments: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("how many go into one message; ten where it is not told"),
    maxDownloadBytes: z.number().int().optional(),
    buttonLimits: z
      .object({ count: z.number().int(), title: z.number().int(), urls: z.boolean() })
      .optional()
      .describe("how many, how long (characters), and whether one may open a page"),
    window: z
      .object({
        hours: z.number().describe("after the customer's last message, in which one may write freely"),
        outside: z
          .enum(["template", "tag", "paid", "closed"])
          .describe(
            "what is possible afterwards: a template, a person's answer for tagHours, anything for money, nothing",
          ),
        tagHours: z.number().optional().describe("since the customer's last message, with outside = tag"),
      })
      .optional(),
    rate: z.object({
      account: z.object({ count: z.number(), perMs: z.number() }),
      peer: z.object({ count: z.number(), perMs: z.number() }),
    }),
  })
  .meta({ id: "Capabilities" });
export type Capabilities = z.infer<typeof capabilities>;

/** A messenger that carries texts there and back and nothing else. A connector says what its own can besides. */
export const textsAlone = {
  inbound: {
    edit: false,
    delete: false,
    reaction: false,
    typing: false,
    delivered: false,
    read: false,
    blocked: false,
  },
  outbound: {
    edit: false,
    editCaption: false,
    delete: false,
    reaction: [],
    typing: false,
    reply: false,
    forward: false,
    buttons: false,
    location: false,
    contact: false,
    markRead: false,
    templates: false,
    letters: false,
    formatting: [],
  },
} satisfies Pick<Capabilities, "inbound" | "outbound">;

/** Threads of another kind inside one messenger, which can other things: a business account behind a bot. */
export const threadVariant = z
  .object({
    threads: z.string().describe("a regular expression that their keys fit"),
    capabilities,
  })
  .meta({ id: "ThreadVariant" });
export type ThreadVariant = z.infer<typeof threadVariant>;

// ---- outbound -----------------------------------------------------------------------------------------------------

/** Bytes of the hub's file store, opened when they are needed. */
export interface OutboundFile {
  name: string;
  mime: string;
  size: number;
  open(): AsyncIterable<Uint8Array>;
  /** An https link to these bytes alone that ends after an hour; undefined where the hub has no public https address. */
  publicUrl(): string | undefined;
}

export type OutboundAttachment = Attachment & { file?: OutboundFile };
export type OutboundContent = Omit<Content, "attachments"> & {
  attachments?: OutboundAttachment[] | undefined;
};

export type OutboundCommand = { threadKey: string; signal: AbortSignal } & (
  | {
      op: "send";
      idempotencyKey: string;
      content: OutboundContent;
      replyToExternalId?: string;
      forwardOf?: { threadKey: string; externalId: string };
      /** The customer's last message is older than the platform's window: it goes as a person's answer (`window.outside`). */
      outsideWindow?: boolean;
      /** The newest message of the thread that the platform knows; for channels with `letters`. */
      latest?: { externalId: string; letter?: Letter };
    }
  | { op: "edit"; externalId: string; content: OutboundContent }
  | { op: "delete"; externalIds: string[] }
  | { op: "react"; externalId: string; emojis: string[] }
  | { op: "typing" }
  | { op: "markRead"; externalId: string }
  | { op: "acknowledgeAction"; ackToken: string }
);

export interface SendResult {
  externalIds: string[];
  at: Date;
}

export const failureClasses = [
  "retry",
  "throttled",
  "unknown",
  "permanent",
  "blocked",
  "window_closed",
  "auth",
  "too_large",
  "unsupported",
] as const;
export type FailureClass = (typeof failureClasses)[number];

/**
 * Why the platform did not do it. `retry` and `throttled` are tried again; `unknown` means that the platform may have
 * done it; the others end the send. `code` is shown to agents and must hold no secret.
 */
export class ConnectorError extends Error {
  readonly class: FailureClass;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** What has to wait after `throttled`: this peer alone or the whole account. */
  readonly scope: "peer" | "account";

  constructor(
    failure: FailureClass,
    code: string,
    message: string,
    more: { retryAfterMs?: number; scope?: "peer" | "account"; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "ConnectorError";
    this.class = failure;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.scope = more.scope ?? "peer";
  }
}

// ---- the account and its host -------------------------------------------------------------------------------------

/** `needs_login`: a person has to scan a code or sign in again. */
export const healthState = z.enum([
  "connecting",
  "needs_login",
  "connected",
  "degraded",
  "disconnected",
  "revoked",
]);
export type HealthState = z.infer<typeof healthState>;

export interface ConnectorLog {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** What a connector needs of the machine; nothing else of the house is within its reach. */
export interface ConnectorHost {
  /** Ends when the account is stopped. */
  signal: AbortSignal;
  /** Goes through the account's outgoing proxy, where one is set. */
  fetch: typeof fetch;
  /**
   * What to open for a server that the account's owner has named: the name itself, and where strangers may register, an
   * address of the internet that it has (the name still proves the certificate). Rejects with `network` where it has none.
   */
  reach: (hostname: string) => Promise<string>;
  /** Base address of the platform's API, where the operator set another one than the vendor's. */
  apiRoot: string | undefined;
  /** https address under which this account's webhook can be reached; undefined without a public address. */
  webhookUrl: string | undefined;
  /** A random secret of this account's webhook, 43 base64url characters, the same at every start; its verify token too. */
  webhookSecret: string;
  /** Small durable state of the account (a cursor, a session), sealed at rest; null removes. At most 200 KB each. */
  kept: {
    read(name: string): Promise<string | undefined>;
    write(name: string, value: string | null): Promise<void>;
  };
  /** A folder that is the account's alone (mode 0700), made when it is asked for. It is removed with the account. */
  folder(): Promise<string>;
  /** Stores renewed credentials (a refreshed token) without restarting the account. */
  saveCredentials(credentials: unknown): Promise<void>;
  /** What a person needs to sign the account in, shown live to administrators; never stored, never logged. */
  reportLogin(login: LoginCode | undefined): void;
  /** Who the account turned out to be, where that is known only after signing in. */
  reportAccount(account: { name: string; handle: string; link?: string }): Promise<void>;
  /**
   * Connected accounts of the hub beside this one, in whatever workspace, whose deliveries may come to its address
   * (`sharesWebhookWith`). For comparing: nothing of them may be shown.
   */
  siblings(): Promise<{ kind: string; credentials: unknown }[]>;
  log: ConnectorLog;
  /** Stores updates durably, as received; when it resolves they may be acknowledged to the platform. */
  receive(updates: Uint8Array[]): Promise<void>;
  reportHealth(state: HealthState, problem?: { code: string; message: string }): void;
}

/** A code to scan, or to type into the phone. `phase`: starting, waiting, loading, expired: as the connector's texts name it. */
export interface LoginCode {
  phase: string;
  qr?: string;
  /** ISO 8601. */
  expiresAt?: string;
}

/** A template as the platform has it; `{{1}}`, `{{2}}` … in the body are filled by the params of its use. */
export const messageTemplate = z
  .object({
    name: z.string(),
    language: z.string(),
    category: z.string().describe("marketing, utility, authentication, as the platform says"),
    body: z.string(),
    header: z.string().optional(),
    headerFile: mediaLimit
      .extend({ kind: z.enum(["image", "video", "document"]) })
      .optional()
      .describe("a file stands above the text: its use comes with one such attachment"),
    footer: z.string().optional(),
    buttons: z.array(z.string()),
    params: z.number().int().min(0).max(30),
    examples: z.array(z.string()).describe("of the params, in their order; may be shorter"),
  })
  .meta({ id: "MessageTemplate" });
export type MessageTemplate = z.infer<typeof messageTemplate>;

/** One line of the proof that a connection works: `code` is translated by the connector's texts under `checks.`. */
export interface AccountCheck {
  code: string;
  state: "ok" | "warn" | "bad";
  params?: Record<string, string>;
  /** Single things the line is about, by the vendor's own names: the fields of a webhook. */
  parts?: { name: string; on: boolean }[];
}

/** What the live check of the credentials found. */
export interface AccountProfile {
  externalId: string;
  name: string;
  /** As people see it: `@clay_bot`. */
  handle: string;
  /** A link under which a customer can write to it. */
  link?: string;
  avatar?: { bytes: Uint8Array; mime: string };
  checks: AccountCheck[];
}

export interface MediaDownload {
  body: AsyncIterable<Uint8Array>;
  mime?: string;
  size?: number;
  fileName?: string;
}

export interface PeerProfile {
  /** For platforms whose events name nobody: it takes the place of a stand-in, never of a name that staff gave. */
  name?: string;
  username?: string;
  avatar?: MediaSource;
  about?: string;
}

/** A connected account. Every method throws `ConnectorError` alone. */
export interface ConnectorSession {
  /** How updates arrive, as the connector calls it: `polling`, `webhook`. */
  readonly mode?: string;
  /** Receives until the host's signal ends it; resolves then. With a webhook it registers it and resolves at the end. */
  run(): Promise<void>;
  /** Carries out one command; a send returns the external ids the platform gave. */
  perform(command: OutboundCommand): Promise<SendResult>;
  /** Asks whether a send of unknown outcome was done; undefined when the platform cannot tell. */
  reconcile?(command: OutboundCommand): Promise<SendResult | undefined>;
  downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload>;
  /** Templates that may be sent now. */
  listTemplates?(signal: AbortSignal): Promise<MessageTemplate[]>;
  /** Shows a code again after it expired. */
  requestLogin?(): Promise<void>;
  /** Empty, without asking anybody, for an id whose scheme is not this messenger's. */
  fetchProfile?(peer: PeerAlias, signal: AbortSignal): Promise<PeerProfile>;
  /**
   * Takes what was registered at the platform back, when the account is removed from the hub; not what `host.siblings()`
   * need as well. A removed account's address goes on serving them.
   */
  disconnect?(): Promise<void>;
}

export interface WebhookRequest {
  method: string;
  query: Record<string, string | undefined>;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** As it came: a signature is over these bytes. */
  body: Uint8Array;
  /** The account's `webhookSecret`. */
  secret: string;
}

/** What is answered to the platform beside 200 {"ok":true}. */
export interface WebhookReply {
  status: number;
  contentType: string;
  body: string;
}

/** Signing in at the vendor's site instead of typing a password (OAuth 2, authorization code). */
export interface VendorSignIn<Credentials> {
  /** The vendor's page; it leads back to `redirectUrl` with `state` and a `code`. Credentials are those typed so far. */
  start(
    credentials: Record<string, string>,
    back: { redirectUrl: string; state: string; apiRoot: string | undefined },
  ): string;
  /** Exchanges the code; the answer is merged into the credentials typed so far. Throws ConnectorError. */
  finish(
    credentials: Record<string, string>,
    answer: { code: string; redirectUrl: string },
    host: ConnectorHost,
  ): Promise<Partial<Credentials>>;
}

/**
 * Texts of a connector in one language, keyed by dotted names (`title` where it is another one in that language,
 * `steps.create.title`, `checks.token`). An example of
 * what is said at the messenger may stand beside the steps: `dialogue.title|name|you|note`, the lines in their order
 * as `dialogue.<n>.you|them`, and `dialogue.<n>.marked` for what is to be copied. `how.title|write|writeText|…` replace
 * what is said of messengers beside the steps.
 */
export type ConnectorTexts = Record<string, string>;

/** A step of the guided connection. `field` names credentials asked for in it; texts are `steps.<code>.title|text`. */
export interface ConnectStep {
  code: string;
  link?: string;
  fields?: string[];
  /** Asks for a consent in the step's words (`steps.<code>.consent`) before anything below it can be done. */
  consent?: boolean;
  /** Offers to sign in at the vendor (`steps.<code>.signIn`). */
  signIn?: boolean;
  /** Shows the address and the verify token that a person pastes at the vendor. */
  webhook?: boolean;
  /** Shows the live code of `reportLogin`. */
  login?: boolean;
}

export interface Connector<Credentials = unknown> {
  /** The folder's name; a folder that holds two exports both as a list, the second with an icon of its kind's name. */
  kind: string;
  /** Proper name of the messenger, the same in every language. */
  title: string;
  /** Path of the screen that sets it up, where there is one of its own instead of the guided connection: `/widget`. */
  setUpPath?: string;
  /** One process alone may hold an open session (a browser, a device); otherwise every process may send. */
  exclusive?: boolean;
  /** Kinds whose accounts may be named in a delivery to this one's webhook; the delivery is proven for each anew. */
  sharesWebhookWith?: string[];
  capabilities: Capabilities;
  variants?: ThreadVariant[];
  /**
   * Fields carry `title`, `description` and `secret` in their `.meta()`, as keys of the texts; or `hidden` alone for
   * what a sign-in brings: nobody is asked for it, and it is shown to nobody.
   */
  credentials: z.ZodType<Credentials>;
  steps: ConnectStep[];
  texts: { en: ConnectorTexts; ru: ConnectorTexts };
  /**
   * Asks the platform who these credentials are. Throws ConnectorError (`auth` when they are refused). What it writes to
   * `host.kept` is there for the session when the account is connected with this check.
   */
  check(credentials: Credentials, host: ConnectorHost): Promise<AccountProfile>;
  open(credentials: Credentials, host: ConnectorHost): ConnectorSession;
  /**
   * Pure: the account's link with a parameter that comes back as the first message's `referral`: 22 base64url characters;
   * eight letters and digits with `startCode: "short"`.
   */
  startLink?(link: string, parameter: string): string;
  /** The link can only write a text beforehand: it holds `#` and the short code, which is looked for in the text. */
  startCode?: "short";
  signIn?: VendorSignIn<Credentials>;
  /** Pure; false unless the request is proven to come from the platform. */
  verifyWebhook(request: WebhookRequest, credentials: Credentials): boolean;
  /** Pure: the answer to a platform that asks whether the address is ours (GET); undefined when it is not proven. */
  answerHandshake?(request: WebhookRequest, credentials: Credentials): WebhookReply | undefined;
  /** Pure: what the platform wants to hear in the answer to a delivery that is stored. */
  webhookReply?(events: InboundEvent[], credentials: Credentials): WebhookReply | undefined;
  /**
   * Pure and total: whatever the bytes are, it returns events and never throws. `accountExternalId` names the account
   * that the delivery came to, for platforms whose deliveries do not.
   */
  parseUpdate(body: Uint8Array, receivedAt: Date, accountExternalId?: string): InboundEvent[];
}

/** Keeps a connector's credentials type inside its folder: the house sees `Connector` alone. */
export function defineConnector<Credentials>(connector: Connector<Credentials>): Connector {
  return connector;
}
