import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import telegram from "../../connectors/telegram/index.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { schemaErrors, schemaMissing } from "../support/telegram-schema.ts";
import { webhookOf, webhookSecret } from "../support/telegram.ts";

const receivedAt = new Date("2026-03-01T12:00:00Z");
const fixtures = fixturesOf("telegram");
const chat = "402915788";

const kate = {
  aliases: [{ scheme: "telegram_user", scope: "", value: chat }],
  name: "Kate Winslow",
  username: "kate_w",
  locale: "en",
};

function message(content: object, more: object = {}): object {
  return { type: "message", threadKey: chat, peer: kate, content, ...more };
}

function file(kind: string, media: object, more: object = {}): object {
  return {
    attachments: [{ kind, media: { state: "pending", ...media }, source: { type: "file_id" }, ...more }],
  };
}

function unknown(nativeType: string, threadKey = chat): object {
  return { type: "unknown", nativeType, threadKey };
}

const bot = "Clay & Co";
const jpeg = { mime: "image/jpeg", width: 1280, height: 853 };
const picture = file("image", jpeg);
const mp4 = { mime: "video/mp4" };

const expected: Record<string, object> = {
  text: message({
    text: "Hello! Is the blue bowl in stock? See clay.example 😊 thanks",
    entities: [
      { type: "bold", offset: 7, length: 2 },
      { type: "url", offset: 38, length: 12 },
      { type: "italic", offset: 54, length: 6 },
    ],
  }),
  "text-formatted": message({
    entities: [
      { type: "text_mention", offset: 0, length: 4, url: `tg://user?id=${chat}` },
      { type: "pre", offset: 11, length: 4, language: "ts" },
      { type: "text_link", offset: 22, length: 4, url: "https://clay.example/bowl" },
      { type: "custom_emoji", offset: 16, length: 3 },
    ],
  }),
  start: message({ text: "/start", service: { what: "start" } }),
  "start-payload": message(
    { text: "/start card-7Yx2", service: { what: "start", data: { payload: "card-7Yx2" } } },
    { referral: "card-7Yx2" },
  ),
  command: message({ text: "/help me" }),
  photo: message({ text: "This bowl?", ...file("image", { ...jpeg, size: 184220 }, { spoiler: true }) }),
  "album-first": message({ text: "Both of them", ...picture }, { albumId: "13985524211123456" }),
  "album-second": message(picture, { albumId: "13985524211123456" }),
  video: message(
    file("video", { ...mp4, fileName: "kiln.mp4", durationMs: 14_000, width: 1280, height: 720 }),
  ),
  "video-note": message(file("video_note", { ...mp4, durationMs: 6000, width: 384, height: 384 })),
  voice: message(file("voice", { mime: "audio/ogg", durationMs: 4000, size: 21044 })),
  audio: message(
    file("audio", {
      title: "Gymnopédie No. 1",
      performer: "Erik Satie",
      durationMs: 214_000,
      mime: "audio/mpeg",
    }),
  ),
  document: message({ text: "Here is the invoice", ...file("document", { fileName: "invoice 42.pdf" }) }),
  "document-too-large": message({
    attachments: [
      {
        kind: "document",
        media: { state: "too_large", size: 31_457_280, mime: "application/zip", fileName: "catalogue.zip" },
      },
    ],
  }),
  animation: message(file("animation", { ...mp4, fileName: "wheel.mp4", durationMs: 3000 })),
  sticker: message(file("sticker", { mime: "image/webp", width: 512 }, { emoji: "😺" })),
  "sticker-animated": message(file("sticker", { width: 128, size: 4122 }, { emoji: "😺" })),
  "sticker-video": message(file("sticker", { mime: "video/webm" }, { emoji: "😺" })),
  location: message({ attachments: [{ kind: "location", latitude: 55.755826, longitude: 37.617299 }] }),
  "location-live": message({ attachments: [{ kind: "location", live: true }] }),
  venue: message({ attachments: [{ kind: "location", name: bot, address: "Stoleshnikov Lane 5" }] }),
  contact: message({ attachments: [{ kind: "contact", name: "Pavel Orlov", phones: ["+79165550177"] }] }),
  "contact-own": message(
    { attachments: [{ kind: "contact", name: "Kate", phones: ["+79165550142"] }] },
    { peer: { ...kate, phone: "+79165550142" } },
  ),
  dice: message({ text: "🎲 5" }),
  poll: message({ unsupported: { nativeType: "poll" }, text: "Which glaze?" }),
  story: message({ unsupported: { nativeType: "story" } }),
  giveaway: message({ unsupported: { nativeType: "giveaway" } }),
  game: message({ unsupported: { nativeType: "game" }, text: "Potter's wheel" }),
  checklist: message({ unsupported: { nativeType: "checklist" }, text: "Order" }),
  "paid-media": message({ unsupported: { nativeType: "paid_media" } }),
  reply: message(
    { text: "I take it" },
    {
      replyTo: {
        externalId: "40",
        text: "The blue bowl is 42 euro, the white one is 38 euro.",
        senderName: bot,
      },
    },
  ),
  "reply-quote": message(
    { text: "This one" },
    { replyTo: { externalId: "40", text: "the white one is 38 euro", senderName: bot } },
  ),
  "reply-external": message(
    { text: "What about this?" },
    { replyTo: { text: "New glazes", senderName: "Clay & Co news" } },
  ),
  "forward-user": message({ text: "Can you make this?" }, { forwardedFrom: "Pavel Orlov" }),
  "forward-hidden": message({ text: "Fwd" }, { forwardedFrom: "Somebody" }),
  "forward-channel": message({ text: "New glazes are here" }, { forwardedFrom: "Clay & Co news" }),
  "edited-text": {
    type: "edit",
    threadKey: chat,
    externalId: "42",
    content: { text: "Hello! Is the white bowl in stock?" },
    dedupKey: expect.stringMatching(/:1763800400$/),
    at: new Date(1_763_800_400_000),
  },
  "edited-caption": { type: "edit", externalId: "47", content: { text: "This plate?", ...picture } },
  "callback-query": message(
    { action: { title: "Add it", value: "set:yes", targetExternalId: "40" } },
    { ackToken: "1730512345678901234", at: receivedAt },
  ),
  "callback-query-inaccessible": message({ action: { value: "set:no", targetExternalId: "12" } }),
  "callback-query-inline": unknown("callback_query", ""),
  reaction: { type: "reaction", threadKey: chat, externalId: "40", actor: "contact", emojis: ["❤"] },
  "reaction-removed": { type: "reaction", externalId: "40", emojis: [] },
  "reaction-custom": { type: "reaction", externalId: "40", emojis: ["⭐"] },
  blocked: { type: "blocked", threadKey: chat, peer: kate },
  unblocked: { type: "unblocked", threadKey: chat, peer: kate },
  pinned: message({ service: { what: "pinned", data: { externalId: "40" } } }),
  "auto-delete": message({ service: { what: "auto_delete", data: { seconds: "86400" } } }),
  "write-access": message({ service: { what: "write_access" } }),
  "web-app-data": message({
    service: { what: "web_app", data: { title: "Choose a size", data: '{"size":"L"}' } },
  }),
  topic: message({ text: "In a topic" }, { threadKey: `${chat}:9` }),
  "topic-created": unknown("message:forum_topic_created", `${chat}:9`),
  "group-message": unknown("group:message", "-1002233445566"),
  "group-title": unknown("group:message", "-1002233445566"),
  "group-joined": unknown("group:my_chat_member", "-1002233445566"),
  "channel-post": unknown("group:channel_post", "-1001234567890"),
  "business-connection": { type: "account", code: "business_on", message: "Anna", state: "connected" },
  "business-connection-off": { type: "account", code: "business_off", message: "Anna" },
  "business-connection-read-only": { type: "account", code: "business_read_only", message: "Anna" },
  "business-message": message({ text: "To the owner" }, { externalId: "88", threadKey: `${chat}@bc_9f8e` }),
  "business-photo": message(file("image", { width: 1280 }), { threadKey: `${chat}@bc_9f8e` }),
  "business-echo": message(
    { text: "From the owner’s own phone" },
    { threadKey: `${chat}@bc_9f8e`, echo: true, peer: { aliases: kate.aliases, name: kate.name } },
  ),
  "business-own": { type: "delivery", state: "sent", externalIds: ["92"], threadKey: `${chat}@bc_9f8e` },
  "business-edited": {
    type: "edit",
    externalId: "89",
    threadKey: `${chat}@bc_9f8e`,
    content: { text: "To the owner!" },
  },
  "business-deleted": { type: "delete", externalIds: ["61", "62"], threadKey: `${chat}@bc_9f8e` },
  "business-callback": message(
    { action: { title: "Yes", value: "yes", targetExternalId: "92" } },
    { threadKey: `${chat}@bc_9f8e`, ackToken: "1730512345678901239" },
  ),
  "inline-query": unknown("inline_query", ""),
};

test("every fixture is expected to say something", () => {
  expect(names(fixtures.map(({ name }) => name))).toEqual(names(Object.keys(expected)));
});

test.each(fixtures)("$name", ({ name, body }) => {
  const events = telegram.parseUpdate(body, receivedAt);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject(expected[name] ?? {});
});

test("updates of one chat sort by their ids, however long these are", () => {
  const keyOf = (id: number) =>
    telegram.parseUpdate(bytes({ update_id: id, poll: {} }), receivedAt)[0]?.orderKey ?? "";
  expect(keyOf(99) < keyOf(100)).toBe(true);
  expect(keyOf(99_999_999) < keyOf(1_000_000_000)).toBe(true);
});

test("bytes that are no update keep a key of their own", () => {
  const body = new TextEncoder().encode("not JSON");
  const hash = createHash("sha256").update(body).digest("hex");
  expect(telegram.parseUpdate(body, receivedAt)[0]).toMatchObject({
    type: "unknown",
    dedupKey: `hash:${hash}`,
  });
});

test("an entity beyond its text is left out, and the text is kept", () => {
  const from = { id: 1, is_bot: false, first_name: "Kate" };
  const entities = [
    { type: "bold", offset: 3, length: 9 },
    { type: "bold", offset: 0, length: 2 },
  ];
  const message = { message_id: 1, date: 1, from, chat: { id: 1, type: "private" }, text: "Hello", entities };
  expect(telegram.parseUpdate(bytes({ update_id: 1, message }), receivedAt)[0]).toMatchObject({
    content: { text: "Hello", entities: [{ type: "bold", offset: 0, length: 2 }] },
  });
});

test("a webhook with Telegram's secret is believed", () => {
  const headers = { "x-telegram-bot-api-secret-token": webhookSecret };
  expect(telegram.verifyWebhook(webhookOf(headers, new Uint8Array()), {})).toBe(true);
});

test.skipIf(schemaMissing)(
  `every fixture is an update as Telegram describes it ${schemaMissing ?? ""}`,
  () => {
    const wrong = fixtures.flatMap(({ name, body }) =>
      schemaErrors("Update", JSON.parse(new TextDecoder().decode(body))).map((error) => `${name}: ${error}`),
    );
    expect(wrong).toEqual([]);
  },
);

function bytes(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function names(list: string[]): string[] {
  return [...list].sort();
}
