/**
 * The site's own chat as a channel like any other. There is no platform behind it: what is stored is what visitors see,
 * so a send is done as soon as it is asked for.
 */
import { z } from "zod";
import {
  ConnectorError,
  defineConnector,
  textsAlone,
  type Capabilities,
  type InboundAttachment,
  type InboundEvent,
  type SendResult,
} from "../connectors/contract.ts";

/** UTF-16 code units of one message. */
export const maxText = 4000;
const megabyte = 1024 * 1024;
/** What visitors and agents may attach. */
export const maxFileBytes = 25 * megabyte;
const file = { maxBytes: maxFileBytes };

/** Emoji with which either side may answer a message. */
export const reactions: readonly string[] = ["👍", "❤️", "🔥", "🎉", "😁", "😮", "🙏"];

const capabilities: Capabilities = {
  inbound: {
    ...textsAlone.inbound,
    edit: true,
    delete: true,
    reaction: true,
    typing: true,
    delivered: true,
    read: true,
  },
  outbound: {
    ...textsAlone.outbound,
    edit: true,
    editCaption: true,
    delete: true,
    reaction: [...reactions],
    typing: true,
    reply: true,
    buttons: true,
    location: true,
    contact: true,
  },
  text: { max: maxText, caption: maxText, unit: "utf16" },
  media: {
    image: file,
    video: file,
    animation: file,
    audio: file,
    voice: file,
    video_note: file,
    document: file,
    sticker: file,
  },
  rate: { account: { count: 500, perMs: 1000 }, peer: { count: 20, perMs: 1000 } },
};

const alias = z.object({ scheme: z.string(), scope: z.string(), value: z.string() });
const media = z.looseObject({
  kind: z.enum(["image", "video", "audio", "voice", "document"]),
  media: z.looseObject({ state: z.literal("stored"), fileId: z.string() }),
});
const place = z.object({
  kind: z.literal("location"),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

const attachments = z
  .array(z.union([media, place]))
  .max(10)
  .optional();
const moment = { threadKey: z.string(), orderKey: z.string(), at: z.iso.datetime() };

/** What the hub itself writes into the store of deliveries, when a visitor has done something. */
export const widgetUpdate = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    id: z.string(),
    ...moment,
    peer: z.object({
      aliases: z.tuple([alias], alias),
      name: z.string(),
      email: z.string().optional(),
      phone: z.string().optional(),
      locale: z.string().optional(),
    }),
    text: z.string().max(maxText).optional(),
    attachments,
    action: z.object({ title: z.string(), value: z.string() }).optional(),
    replyTo: z.string().optional(),
    teamId: z.string().optional(),
    referral: z.string().optional(),
  }),
  z.object({
    type: z.literal("edit"),
    ...moment,
    externalId: z.string(),
    text: z.string().max(maxText),
    /** As they are stored: an edit takes the place of everything. */
    attachments: z.array(z.custom<InboundAttachment>()).max(10).optional(),
  }),
  z.object({ type: z.literal("delete"), ...moment, externalIds: z.array(z.string()).min(1).max(10) }),
  z.object({
    type: z.literal("reaction"),
    ...moment,
    externalId: z.string(),
    emojis: z.array(z.string().max(16)).max(1),
  }),
  z.object({
    type: z.literal("delivery"),
    ...moment,
    externalIds: z.array(z.string()).max(500),
    state: z.enum(["delivered", "read"]),
  }),
]);
export type WidgetUpdate = z.input<typeof widgetUpdate>;

function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const parsed = widgetUpdate.safeParse(readJson(body));
  if (!parsed.success)
    return [
      {
        type: "unknown",
        nativeType: "malformed",
        dedupKey: "",
        orderKey: "",
        threadKey: "",
        at: receivedAt,
      },
    ];
  return [eventOf(parsed.data)].filter((event) => event !== undefined);
}

function eventOf(update: z.output<typeof widgetUpdate>): InboundEvent | undefined {
  const { threadKey, orderKey } = update;
  const base = { threadKey, orderKey, at: new Date(update.at), dedupKey: "" };
  switch (update.type) {
    case "delivery": {
      const { externalIds, state } = update;
      const dedupKey = `d:${state}:${externalIds.join(",")}`;
      return externalIds.length > 0 ? { type: "delivery", ...base, dedupKey, externalIds, state } : undefined;
    }
    case "edit": {
      const { externalId, text, attachments: files } = update;
      const content = { text, ...(files?.length ? { attachments: files } : {}) };
      return {
        type: "edit",
        ...base,
        dedupKey: `e:${threadKey}:${externalId}:${orderKey}`,
        externalId,
        content,
      };
    }
    case "delete":
      return {
        type: "delete",
        ...base,
        dedupKey: `x:${threadKey}:${update.externalIds.join(",")}`,
        externalIds: update.externalIds,
      };
    case "reaction":
      return {
        type: "reaction",
        ...base,
        dedupKey: `r:${threadKey}:${update.externalId}:${orderKey}`,
        externalId: update.externalId,
        actor: "contact",
        emojis: update.emojis,
      };
    case "message":
      return messageOf(update, base);
  }
}

function messageOf(
  update: Extract<z.output<typeof widgetUpdate>, { type: "message" }>,
  base: { threadKey: string; orderKey: string; at: Date },
): InboundEvent {
  const { id, threadKey, peer, text, attachments: files, action, replyTo, teamId, referral } = update;
  return {
    type: "message",
    ...base,
    dedupKey: `m:${threadKey}:${id}`,
    externalId: id,
    peer: withoutUndefined(peer),
    content: {
      ...(text ? { text } : {}),
      ...(files ? { attachments: files } : {}),
      ...(action ? { action } : {}),
    },
    ...(replyTo ? { replyTo: { externalId: replyTo } } : {}),
    ...(teamId ? { teamId } : {}),
    ...(referral ? { referral } : {}),
  } as InboundEvent;
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // whatever it is, it is not ours
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

/** The key that stands in the snippet, and the site it was made for. */
const credentials = z.object({ key: z.string(), domain: z.string() });

/** Colleagues type: told to the pages by whoever listens. */
export type TypingListener = (key: string, threadKey: string) => void;
const typing = new Set<TypingListener>();
export function onStaffTyping(listener: TypingListener): () => void {
  typing.add(listener);
  return () => void typing.delete(listener);
}

export const widgetConnector = defineConnector({
  kind: "widget",
  title: "Website",
  setUpPath: "/widget",
  capabilities,
  credentials,
  steps: [],
  texts: {
    en: { "connect.text": "Chat on the pages of your site" },
    ru: { title: "Сайт", "connect.text": "Чат на страницах вашего сайта" },
  },
  check: ({ key, domain }) => Promise.resolve({ externalId: key, name: domain, handle: domain, checks: [] }),
  open: ({ key }, host) => ({
    run() {
      host.reportHealth("connected");
      return new Promise((resolve) => host.signal.addEventListener("abort", () => resolve()));
    },
    perform(command): Promise<SendResult> {
      if (command.op === "typing") for (const listener of typing) listener(key, command.threadKey);
      const externalIds = command.op === "send" ? [command.idempotencyKey] : [];
      return Promise.resolve({ externalIds, at: new Date() });
    },
    downloadMedia: () => Promise.reject(new ConnectorError("permanent", "no_such_file", "")),
  }),
  verifyWebhook: () => false,
  parseUpdate,
});
