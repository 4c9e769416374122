/** Shapes of the inbox, shared by the server and the screens: the REST bodies and the events of the socket. */
import { z } from "zod";
import {
  capabilities,
  content,
  healthState,
  messageTemplate,
  threadVariant,
  quote,
  textEntity,
} from "../connectors/contract.ts";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const isoDate = z.iso.datetime();
const tagName = z.string().trim().min(1).max(40);

// ---- messages -----------------------------------------------------------------------------------------------------

/** Only rises, except to `failed`; `unknown` is a send whose answer never came. */
export const deliveryState = z.enum(["queued", "sending", "sent", "delivered", "read", "failed", "unknown"]);
export type DeliveryState = z.infer<typeof deliveryState>;

export const sender = z
  .object({
    kind: z.enum(["contact", "staff", "system"]),
    id: id.optional(),
    name: z.string(),
    avatarFileId: z.string().optional(),
  })
  .meta({ id: "Sender" });

/** Something that happened in the conversation, shown as a line between the messages. */
export const conversationEvent = z
  .object({
    what: z.enum([
      "assigned",
      "unassigned",
      "resolved",
      "reopened",
      "snoozed",
      "woken",
      "tagged",
      "untagged",
      "blocked",
      "unblocked",
      "rated",
      "assigned_team",
      "unassigned_team",
      "moved",
    ]),
    staffId: id.optional().describe("who it was assigned to"),
    staffName: z.string().optional(),
    until: isoDate
      .optional()
      .describe("of a snooze; of a wake at its time, that time: a message wakes without"),
    tag: z.string().optional(),
    teamName: z.string().optional(),
    channelName: z.string().optional().describe("of the account that the conversation moved to"),
    score: z.number().int().optional().describe("of a rating, 1 to 5"),
    comment: z.string().optional(),
  })
  .meta({ id: "ConversationEvent" });

export const message = z
  .object({
    id,
    conversationId: id,
    channelId: id.optional(),
    type: z.enum(["incoming", "outgoing", "note", "event"]),
    seq: z.number().int().describe("its place in the conversation, given once; sort and page by it alone"),
    rev: z.number().int().describe("raised by every change of it; a client asks for what is above its last"),
    clientId: z.string().optional().describe("chosen by the sender, unique in the workspace"),
    sender,
    content,
    event: conversationEvent.optional(),
    albumId: z.string().optional(),
    replyTo: quote.optional(),
    forwardedFrom: z.string().optional(),
    mentions: z.array(id).optional(),
    reactions: z.array(z.object({ by: z.enum(["contact", "staff"]), emoji: z.string() })).optional(),
    delivery: z
      .object({
        state: deliveryState,
        at: isoDate,
        failure: z.object({ class: z.string(), code: z.string(), message: z.string() }).optional(),
        nextAttemptAt: isoDate.optional(),
      })
      .optional()
      .describe("of outgoing messages"),
    change: z
      .object({
        op: z.enum(["edit", "delete", "react"]),
        state: z.enum(["queued", "failed"]),
        failure: z.object({ class: z.string(), code: z.string(), message: z.string() }).optional(),
      })
      .optional()
      .describe("an edit, delete or reaction of ours that has not reached the platform (yet)"),
    sentAt: isoDate.describe("the platform's time for incoming messages, ours for the others"),
    editedAt: isoDate.optional(),
    deletedAt: isoDate.optional(),
    createdAt: isoDate,
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof message>;

/** What a reply or note holds: attachments name files uploaded before (POST /files), locations or contacts. */
export const postMessageRequest = z
  .object({
    clientId: z.string().min(8).max(64),
    type: z.enum(["outgoing", "note"]),
    content: content.pick({
      text: true,
      entities: true,
      attachments: true,
      buttons: true,
      template: true,
      letter: true,
    }),
    replyToMessageId: id.optional(),
    forwardOfMessageId: id.optional().describe("forward this message here; content is ignored"),
    mentions: z.array(id).max(50).optional(),
    seenSeq: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        "the last seq on the writer's screen: when somebody answered after it, 409 answered_meanwhile",
      ),
    thenResolve: z.boolean().optional(),
  })
  .meta({ id: "PostMessageRequest" });
export type PostMessageRequest = z.infer<typeof postMessageRequest>;
export const editMessageRequest = z.object({
  text: z.string().max(20_000),
  entities: z.array(textEntity).max(200).optional(),
});
export const reactRequest = z.object({
  emoji: z.string().max(16).nullable().describe("null takes the reaction away"),
});

/** Newest last. `hasMore` speaks of the direction asked for. */
export const messagePage = z
  .object({ items: z.array(message), hasMore: z.boolean() })
  .meta({ id: "MessagePage" });

// ---- conversations ------------------------------------------------------------------------------------------------

export const conversationState = z.enum(["open", "snoozed", "resolved"]);
export const inboxView = z.enum(["mine", "unassigned", "mentions", "all", "snoozed", "resolved"]);
export type InboxView = z.infer<typeof inboxView>;

export const preview = z
  .object({
    seq: z.number().int(),
    type: z.enum(["incoming", "outgoing", "note"]),
    text: z.string().describe("beginning of the text; empty for a message without"),
    kind: z.string().describe("text, or the kind of its first attachment, action, card, unsupported …"),
    senderName: z.string(),
    staffId: id.optional(),
    deliveryState: deliveryState.optional(),
    durationMs: z.number().optional(),
    fileName: z.string().optional(),
    at: isoDate,
  })
  .meta({ id: "Preview" });

export const draft = z
  .object({
    conversationId: id,
    mode: z.enum(["reply", "note"]),
    content: content.pick({ text: true, entities: true, attachments: true, buttons: true }),
    replyToMessageId: id.optional(),
    updatedAt: isoDate,
  })
  .meta({ id: "Draft" });
export type Draft = z.infer<typeof draft>;
export const draftRequest = draft.omit({ conversationId: true, mode: true, updatedAt: true }).extend({
  tab: z.string().max(32).optional().describe("where it is written"),
  turn: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe("rises with every saving of the tab: one that was overtaken changes nothing"),
});

export const conversation = z
  .object({
    id,
    channelId: id,
    threadKey: z
      .string()
      .describe("its place at the platform; decides what can be done, see variants of its connector"),
    contact: z.object({ id, name: z.string(), avatarFileId: z.string().optional() }),
    state: conversationState,
    snoozedUntil: isoDate.optional(),
    assigneeId: id.optional(),
    tags: z.array(z.string()),
    needsReply: z.boolean().describe("the customer wrote last"),
    waitingSince: isoDate.optional(),
    firstAnsweredAt: isoDate.optional(),
    resolvedAt: isoDate.optional(),
    lastActivityAt: isoDate,
    createdAt: isoDate,
    lastSeq: z.number().int(),
    lastRev: z.number().int(),
    readSeq: z.number().int().describe("the team has read up to here"),
    unread: z.number().int().describe("incoming messages above readSeq, counted to 99"),
    blocked: z.boolean().describe("the customer has blocked the account"),
    canWrite: z
      .boolean()
      .describe("false while the channel cannot take a reply (removed, blocked by the customer)"),
    preview: preview.optional(),
    lastInboundAt: isoDate
      .optional()
      .describe("the customer's last message where answers go; the channel's window counts from it"),
    windowClosedAt: isoDate
      .optional()
      .describe(
        "the messenger itself refused a message outside its window; gone when the customer writes again",
      ),
    referral: z.string().optional().describe("parameter of the link the customer came by"),
    teamId: id.optional(),
    rating: z
      .object({ score: z.number().int().min(1).max(5), comment: z.string().optional(), at: isoDate })
      .optional()
      .describe("what the customer thought of it"),
    draft: draft.omit({ conversationId: true }).optional().describe("the asker's own, reply before note"),
  })
  .meta({ id: "Conversation" });
export type Conversation = z.infer<typeof conversation>;

/** Those that need a reply come first, then by last activity, newest first. */
export const conversationQuery = z.object({
  view: inboxView.default("all"),
  channelId: id.optional(),
  teamId: id.optional(),
  tag: tagName.optional(),
  order: z.enum(["grouped", "oldest_waiting", "newest"]).default("grouped"),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const conversationPage = z
  .object({ items: z.array(conversation), next: z.string().nullable() })
  .meta({ id: "ConversationPage" });

export const conversationPatch = z
  .object({
    assigneeId: id.nullable(),
    teamId: id.nullable(),
    state: conversationState,
    snoozedUntil: isoDate.nullable().describe("with state snoozed; null = until the next message"),
    threadId: id.describe("answers go there from now on; GET /contacts/{id}/threads lists them"),
    tags: z.array(tagName).max(30),
    unread: z.literal(true).describe("marks the last incoming message unread"),
  })
  .partial()
  .meta({ id: "ConversationPatch" });
export type ConversationPatch = z.infer<typeof conversationPatch>;
export const bulkRequest = z.object({
  ids: z.array(id).min(1).max(200),
  patch: conversationPatch,
  addTags: z.array(tagName).max(10).optional(),
});
/** An agent writes first. A text alone; files follow in the conversation. */
export const beginRequest = z
  .object({
    threadId: id.describe("one of GET /contacts/{id}/threads"),
    clientId: z.string().min(8).max(64).describe("chosen by the writer; repeating it repeats nothing"),
    text: z.string().trim().min(1).max(20_000),
  })
  .meta({ id: "BeginRequest" });
export const begun = z.object({ conversation, message }).meta({ id: "Begun" });

export const readRequest = z.object({ seq: z.number().int().min(0) });

/** Counts to 999 (the screen shows "999+"). Each view counts open conversations, `resolved` is not counted. */
export const counts = z
  .object({
    mine: z.number().int(),
    unassigned: z.number().int(),
    mentions: z.number().int(),
    all: z.number().int(),
    snoozed: z.number().int(),
    unreadMine: z.number().int(),
    byChannel: z.record(z.string(), z.number().int()),
    byTeam: z.record(z.string(), z.number().int()),
  })
  .meta({ id: "Counts" });
export type Counts = z.infer<typeof counts>;

// ---- teams and hours ----------------------------------------------------------------------------------------------

export const teamRequest = z
  .object({
    name: z.string().trim().min(1).max(60),
    names: z
      .record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string().trim().max(60))
      .default({})
      .describe("in other languages, for visitors"),
    memberIds: z.array(id).max(500),
    public: z.boolean().describe("visitors may choose it"),
  })
  .meta({ id: "TeamRequest" });
export const team = teamRequest
  .extend({ id, ownHours: z.boolean().describe("false: it has the hours of the business") })
  .meta({ id: "Team" });
export type Team = z.output<typeof team>;
export type TeamRequest = z.input<typeof teamRequest>;
export const teamOrder = z.object({
  ids: z.array(id).max(200).describe("every team once, in the new order"),
});

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const interval = z
  .object({ from: clockTime, to: clockTime })
  .refine(({ from, to }) => from < to, "must end after it begins; a night is two intervals");
export const hours = z
  .object({
    timeZone: z
      .string()
      .max(60)
      .refine((zone) => isTimeZone(zone), "not an IANA time zone"),
    week: z.array(z.array(interval).max(6)).length(7).describe("Monday first; an empty day is closed"),
    holidays: z
      .array(
        z.object({
          from: z.iso.date(),
          to: z.iso.date(),
          name: z.string().trim().max(80),
          yearly: z
            .boolean()
            .optional()
            .describe("comes back every year: the years of from and to mean nothing"),
          open: z.array(interval).max(6).optional().describe("shorter hours instead of none"),
        }),
      )
      .max(100),
  })
  .meta({ id: "Hours" });
export const hoursAnswer = z
  .object({
    hours: hours.nullable(),
    own: z.boolean().describe("false for a team that has the hours of the business"),
    open: z.boolean(),
    opensAt: isoDate.optional(),
    closesAt: isoDate.optional().describe("of what is open now, where it closes within sixty days"),
  })
  .meta({ id: "HoursAnswer" });
export type HoursAnswer = z.infer<typeof hoursAnswer>;
export type Hours = z.infer<typeof hours>;

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

// ---- contacts -----------------------------------------------------------------------------------------------------

export const contact = z
  .object({
    id,
    name: z.string(),
    givenName: z.string().describe("as the platform told it; name is what the team calls them"),
    avatarFileId: z.string().optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
    company: z.string().optional(),
    city: z.string().optional(),
    languages: z.string().optional(),
    timeZone: z.string().optional().describe("IANA name"),
    about: z.string().optional(),
    tags: z.array(z.string()),
    blockedAt: isoDate.optional(),
    createdAt: isoDate,
    aliases: z.array(
      z.object({
        channelKind: z.string(),
        scheme: z.string(),
        value: z.string(),
        label: z.string().describe("what people read; the value where the messenger tells nothing better"),
      }),
    ),
    conversations: z
      .array(
        z.object({
          id,
          channelId: id,
          state: conversationState,
          title: z.string().describe("beginning of the newest message's text, or its kind where it has none"),
          preview: preview.optional(),
          lastActivityAt: isoDate,
        }),
      )
      .describe("the latest ten that the asker may see"),
    merges: z
      .array(z.object({ id, otherName: z.string(), byName: z.string(), at: isoDate }))
      .describe("contacts that this one stands for, newest first; each can be told apart again"),
  })
  .meta({ id: "Contact" });
export type Contact = z.infer<typeof contact>;

/** A place where the contact can be written to. */
export const contactThread = z
  .object({
    id,
    channelId: id,
    blocked: z.boolean().describe("the customer has blocked the account"),
    lastActivityAt: isoDate,
    conversationId: id.optional().describe("where a message goes; without it a new conversation begins"),
  })
  .meta({ id: "ContactThread" });
export type ContactThread = z.infer<typeof contactThread>;

const text = (max: number) => z.string().trim().max(max);
/** An empty string clears a field. */
export const contactPatch = z
  .object({
    name: text(120).min(1),
    phone: text(40),
    email: z.union([z.literal(""), z.email().max(254)]),
    company: text(120),
    city: text(120),
    languages: text(120),
    timeZone: text(60),
    about: text(2000),
    tags: z.array(tagName).max(30),
  })
  .partial()
  .meta({ id: "ContactPatch" });
export type ContactPatch = z.infer<typeof contactPatch>;

export const newContact = contactPatch
  .pick({ phone: true, email: true, company: true, city: true, languages: true, about: true, tags: true })
  .extend({ name: text(120).min(1) })
  .meta({ id: "NewContact" });
export const contactQuery = z.object({
  q: z.string().trim().max(200).optional(),
  channelId: id.optional(),
  tag: tagName.optional(),
  responsibleId: id.optional(),
  days: z.coerce.number().int().min(1).max(3650).optional().describe("active within the last days"),
  cursor: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const contactTableQuery = contactQuery.omit({ cursor: true, limit: true }).extend({
  separator: z
    .enum([",", ";"])
    .default(",")
    .describe("between cells; Russian spreadsheets take the semicolon"),
});
export const contactRow = z
  .object({
    id,
    name: z.string(),
    label: z.string().describe("phone, user name or e-mail"),
    avatarFileId: z.string().optional(),
    channelIds: z.array(id).describe("where they have written, as far as the asker may see"),
    tags: z.array(z.string()),
    responsibleId: id.optional(),
    lastActivityAt: isoDate,
    conversationId: id.optional().describe("the latest that the asker may see"),
  })
  .meta({ id: "ContactRow" });
export type ContactRow = z.infer<typeof contactRow>;

export const mergeSuggestion = z
  .object({
    id,
    reason: z.enum(["phone", "email"]),
    value: z.string(),
    contacts: z.array(contact).length(2),
  })
  .meta({ id: "MergeSuggestion" });
export type MergeSuggestion = z.infer<typeof mergeSuggestion>;
export const mergeRequest = z
  .object({
    keptId: id,
    otherId: id,
    fromOther: z
      .array(z.enum(["name", "phone", "email", "company", "city", "languages", "timeZone", "about"]))
      .max(8)
      .describe("fields taken from the other one; what the kept one lacks is taken anyway"),
  })
  .meta({ id: "MergeRequest" });
export const merge = z
  .object({ id, keptId: id, otherId: id, otherName: z.string(), byName: z.string(), at: isoDate })
  .meta({ id: "Merge" });
export type Merge = z.infer<typeof merge>;

export const tag = z.object({ name: tagName, hue: z.number().int().min(0).max(359) }).meta({ id: "Tag" });
export type Tag = z.infer<typeof tag>;
export const tagRename = z.object({ name: z.string().max(40), to: tagName }).meta({ id: "TagRename" });

export const savedAddress = z
  .object({ id, title: z.string(), address: z.string(), latitude: z.number(), longitude: z.number() })
  .meta({ id: "SavedAddress" });
export type SavedAddress = z.infer<typeof savedAddress>;
export const savedAddressRequest = z.object({
  title: text(80).min(1),
  address: text(300),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

// ---- search -------------------------------------------------------------------------------------------------------

export const searchQuery = z.object({
  q: z.string().trim().min(1).max(200),
  channelId: id.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export const searchResult = z
  .object({
    contacts: z.array(
      z.object({
        id,
        name: z.string(),
        avatarFileId: z.string().optional(),
        label: z.string(),
        conversationId: id.optional(),
      }),
    ),
    messages: z.array(
      z.object({
        messageId: id,
        conversationId: id,
        channelId: id,
        seq: z.number().int(),
        contactName: z.string(),
        senderName: z.string(),
        text: z.string(),
        at: isoDate,
      }),
    ),
  })
  .meta({ id: "SearchResult" });
export type SearchResult = z.infer<typeof searchResult>;

// ---- channels -----------------------------------------------------------------------------------------------------

/**
 * A field of a connector's credentials form, made from its zod schema; `title` and `help` are keys of its texts. What
 * only a sign-in at the vendor brings is no field: it is neither asked for nor shown, and typed ones are left out.
 */
export const connectorField = z.object({
  name: z.string(),
  type: z.enum(["text", "select"]),
  title: z.string(),
  help: z.string().optional(),
  secret: z.boolean(),
  required: z.boolean(),
  options: z.array(z.string()).optional(),
  default: z.string().optional(),
});

export const connectorInfo = z
  .object({
    kind: z.string(),
    title: z.string(),
    capabilities,
    variants: z.array(threadVariant).optional(),
    fields: z.array(connectorField),
    steps: z.array(
      z.object({
        code: z.string(),
        link: z.string().optional(),
        fields: z.array(z.string()).optional(),
        consent: z.boolean().optional(),
        signIn: z.boolean().optional(),
        webhook: z.boolean().optional(),
        login: z.boolean().optional(),
      }),
    ),
    texts: z.record(z.string(), z.string()).describe("in the language asked for by ?locale"),
    iconUrl: z.string(),
    setUpPath: z.string().optional().describe("screen that sets it up instead of the guided connection"),
  })
  .meta({ id: "ConnectorInfo" });
export type ConnectorInfo = z.infer<typeof connectorInfo>;

/** A code that signs an account in when it is scanned. It is shown to administrators and kept nowhere. */
export const loginCode = z.object({
  phase: z.string(),
  qr: z.string().optional(),
  expiresAt: isoDate.optional(),
});

/** Signing in at the vendor's page: open `url`; GET /channels/sign-ins/{id} says when it is done. */
export const signInRequest = z.object({
  kind: z.string().max(40),
  credentials: z.record(z.string(), z.string().max(4096)),
  channelId: id.optional().describe("of an account that is signed in again: fills what is not given"),
});
export const vendorSignIn = z
  .object({
    id,
    state: z.enum(["waiting", "done", "failed"]),
    url: z.string().optional().describe("in the answer that made it"),
    problem: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: "VendorSignIn" });
export type VendorSignIn = z.infer<typeof vendorSignIn>;

export const templateList = z
  .object({ items: z.array(messageTemplate), next: z.string().nullable() })
  .meta({ id: "TemplateList" });

export const channel = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    handle: z.string(),
    link: z.string().optional(),
    avatarFileId: z.string().optional(),
    mode: z.string().optional().describe("how messages arrive, as the connector calls it"),
    health: z.object({
      state: healthState,
      since: isoDate,
      problem: z.object({ code: z.string(), message: z.string() }).optional(),
      lastInboundAt: isoDate.optional(),
      lastOutboundAt: isoDate.optional(),
      lastError: z.object({ at: isoDate, code: z.string(), message: z.string() }).optional(),
    }),
    paused: z.boolean(),
    createdAt: isoDate,
    createdBy: z.string(),
    hourly: z
      .array(z.object({ at: isoDate, incoming: z.number().int(), failed: z.number().int() }))
      .describe("the last 24 hours"),
    incoming24h: z.number().int(),
    staffIds: z.array(id).describe("who may answer"),
  })
  .meta({ id: "Channel" });
export type Channel = z.infer<typeof channel>;

/** One channel with what administrators see of it. Secrets show their first and last characters only. */
export const channelDetails = channel
  .extend({
    credentials: z.record(z.string(), z.string()),
    webhook: z
      .object({
        url: z.string().optional().describe("undefined without a public https address"),
        verifyToken: z.string().optional().describe("for administrators"),
        seenAt: isoDate.optional().describe("the platform called it first"),
      })
      .optional()
      .describe("of connectors whose address a person pastes at the vendor, or that use one"),
    calls: z
      .array(
        z.object({
          at: isoDate,
          method: z.enum(["GET", "POST"]),
          status: z.number().int(),
          what: z.string().describe("message, delivery … by its first event; challenge, unproven"),
        }),
      )
      .describe("the platform's last calls, newest first; of those alike within ten seconds one"),
    login: loginCode.optional().describe("what has to be scanned now; for administrators"),
    unknownCount: z
      .number()
      .int()
      .describe("updates of kinds that are kept and not shown, last 30 days (group chats among them)"),
    heldCount: z.number().int().describe("replies failed or of unknown outcome, last 30 days"),
    log: z.array(
      z.object({
        at: isoDate,
        level: z.enum(["info", "warn", "bad"]),
        code: z.string(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: "ChannelDetails" });
export type ChannelDetails = z.infer<typeof channelDetails>;

/** Replies of a channel that did not go out. */
export const heldReply = z
  .object({
    message,
    contactName: z.string(),
    until: isoDate.optional().describe("when the messenger's window closes; in the past, it has"),
  })
  .meta({ id: "HeldReply" });
export type HeldReply = z.infer<typeof heldReply>;

export const channelCheckRequest = z.object({
  kind: z.string().max(40),
  credentials: z.record(z.string(), z.string().max(4096)),
  signInId: id.optional().describe("a finished sign-in at the vendor's page, whose answer is added"),
});
export const channelCheck = z
  .object({
    externalId: z.string(),
    name: z.string(),
    handle: z.string(),
    link: z.string().optional(),
    avatar: z.string().optional().describe("data: address"),
    checks: z.array(
      z.object({
        code: z.string(),
        state: z.enum(["ok", "warn", "bad"]),
        params: z.record(z.string(), z.string()).optional(),
        parts: z
          .array(z.object({ name: z.string(), on: z.boolean() }))
          .optional()
          .describe("single things the line is about, by the vendor's names"),
      }),
    ),
  })
  .meta({ id: "ChannelCheck" });
export type ChannelCheck = z.infer<typeof channelCheck>;
export const channelRequest = channelCheckRequest
  .extend({
    name: text(80).optional(),
    consent: z
      .boolean()
      .optional()
      .describe("given by the asker, where a step of the connector asks for one"),
  })
  .meta({ id: "ChannelRequest" });
/** `credentials` replaces only the fields it names. */
export const channelPatch = z
  .object({
    name: text(80).min(1),
    paused: z.boolean(),
    credentials: z.record(z.string(), z.string().max(4096)),
    signInId: id.describe("a finished sign-in at the vendor's page, whose answer replaces what is stored"),
  })
  .partial();

// ---- files --------------------------------------------------------------------------------------------------------

export const file = z
  .object({
    id,
    name: z.string(),
    mime: z.string(),
    size: z.number().int(),
    width: z.number().int().optional(),
    height: z.number().int().optional(),
    inline: z.boolean().describe("may be shown in the page; otherwise it downloads"),
  })
  .meta({ id: "File" });
export type File = z.infer<typeof file>;

// ---- the socket ---------------------------------------------------------------------------------------------------

export interface Viewer {
  staffId: string;
  replying: boolean;
}

/**
 * Server to browser. A message event carries its whole new state; a client that finds a gap in `rev`, or that
 * reconnects, asks GET /conversations/{id}/messages?afterRev=N.
 */
export interface ServerEvents {
  message: (data: { message: Message }) => void;
  conversation: (data: { conversation: Conversation }) => void;
  contact: (data: { contactId: string }) => void;
  typing: (data: {
    conversationId: string;
    by: "contact" | "staff";
    staffId?: string;
    on: boolean;
    /** What the customer has typed so far, where the channel tells. */
    text?: string;
  }) => void;
  viewers: (data: { conversationId: string; viewers: Viewer[] }) => void;
  channel: (data: { channel: Channel } | { removedId: string }) => void;
  /** To administrators: the code to scan has changed; without `login` there is none any more. */
  channel_login: (data: { channelId: string; login?: z.infer<typeof loginCode> }) => void;
  staff: (data: { staff: Staff }) => void;
  draft: (data: {
    conversationId: string;
    mode: "reply" | "note";
    draft: Draft | null;
    fromSocketId?: string;
  }) => void;
  tags: (data: { tags: Tag[] }) => void;
  /** The teams have changed: ask for them again. */
  teams: (data: object) => void;
  session_ended: () => void;
}
type Staff = import("../workspace/schema.ts").Staff;

/** Browser to server. `ack` tells that the server knows; viewers of the conversation come as an event. */
export interface ClientEvents {
  view: (
    data: { conversationId: string | null; replying: boolean },
    ack?: (answer: { ok: boolean }) => void,
  ) => void;
  typing: (data: { conversationId: string }) => void;
}
