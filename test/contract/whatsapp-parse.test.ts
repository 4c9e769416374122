/** Deliveries of WhatsApp as canonical events: own fixtures, and bodies that others collected. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { content } from "../../connectors/contract.ts";
import type { InboundEvent } from "../../connectors/contract.ts";
import { knownCodes } from "../../connectors/whatsapp/errors.ts";
import whatsapp from "../../connectors/whatsapp/index.ts";
import { fixturesOf } from "../support/fixtures.ts";

const receivedAt = new Date("2026-03-01T12:00:00Z");
const fixtures = new Map(fixturesOf("whatsapp").map(({ name, body }) => [name, body]));

function eventsOf(name: string): InboundEvent[] {
  const body = fixtures.get(name);
  if (!body) throw new Error(`no fixture ${name}`);
  return whatsapp.parseUpdate(body, receivedAt);
}

const only = (name: string): InboundEvent => {
  const [event, ...rest] = eventsOf(name);
  if (!event || rest.length > 0) throw new Error(`${name} gives ${rest.length + 1} events`);
  return event;
};

test("a message names its number, its thread by the person's id, and the person by both", () => {
  expect(only("text")).toMatchObject({
    type: "message",
    accountExternalId: "106540352242922",
    threadKey: "US.13491208655302741918",
    peer: {
      name: "Sheena Nelson",
      phone: "+16505551234",
      aliases: [
        { scheme: "whatsapp_user", scope: "102290129340398", value: "US.13491208655302741918" },
        { scheme: "wa_phone", scope: "", value: "16505551234" },
      ],
    },
    content: { text: "Do you ship to Canada?" },
  });
});

test("a person with a user name has no phone; one without a user id goes by the phone", () => {
  const hidden = only("text-username");
  expect(hidden).toMatchObject({ threadKey: "PT.90017726351", peer: { username: "marta.glaze" } });
  expect(hidden).not.toHaveProperty("peer.phone");
  expect(only("text-phone")).toMatchObject({ threadKey: "16315551181", peer: { phone: "+16315551181" } });
});

test.each<[string, object]>([
  [
    "image",
    { text: "The glaze has a crack", attachments: [{ kind: "image", media: { mime: "image/jpeg" } }] },
  ],
  ["video", { attachments: [{ kind: "video" }] }],
  ["audio", { attachments: [{ kind: "audio" }] }],
  ["voice", { attachments: [{ kind: "voice", media: { mime: "audio/ogg" } }] }],
  ["document", { attachments: [{ kind: "document", media: { fileName: "invoice 2214.pdf" } }] }],
  ["sticker", { attachments: [{ kind: "sticker" }] }],
  ["location", { attachments: [{ kind: "location", name: "Clay & Co", latitude: 37.4832 }] }],
  [
    "contacts",
    {
      attachments: [
        { kind: "contact", emails: ["barbara@example.com"] },
        { kind: "contact", name: "Workshop" },
      ],
    },
  ],
  ["button", { action: { title: "No more offers", value: "unsubscribe" } }],
  ["interactive-button", { action: { title: "I will pick it up", value: "pickup" } }],
  ["interactive-list", { action: { title: "Tuesday", value: "slot-2" } }],
  ["order", { card: { what: "order", lines: [{ label: "2 × mug-blue-350", value: "24.5 USD" }, {}] } }],
  ["interactive-form", { card: { what: "form", lines: [{ label: "delivery rating", value: "4" }, {}] } }],
  ["text-product", { text: "Is this one in stock?", card: { what: "product", title: "mug-blue-350" } }],
  ["referral", { card: { what: "ad", title: "Handmade mugs", url: "https://fb.me/3cr4Wqqkv" } }],
  ["unsupported", { unsupported: { nativeType: "poll" } }],
  ["call", { card: { what: "call" } }],
  ["call-permission", { service: { what: "call_permission", data: { response: "accept" } } }],
])("%s is shown", (name, expected) => {
  expect(only(name)).toMatchObject({ type: "message", content: expected });
});

test("replies, forwards and advertisements keep where they come from", () => {
  expect(only("reply")).toMatchObject({ replyTo: { externalId: expect.stringMatching(/^wamid/) } });
  expect(only("forwarded")).toMatchObject({ forwardedFrom: "" });
  expect(only("referral")).toMatchObject({ referral: "Handmade mugs" });
});

test("reactions, edits and revocations name the message they are about", () => {
  const { externalId } = z.object({ externalId: z.string() }).parse(only("text"));
  expect(only("reaction")).toMatchObject({ type: "reaction", externalId, emojis: ["👍"] });
  expect(only("reaction-removed")).toMatchObject({ type: "reaction", externalId, emojis: [] });
  expect(only("edit")).toMatchObject({
    type: "edit",
    externalId,
    content: { text: "Do you ship to Canada and Mexico?" },
  });
  expect(only("revoke")).toMatchObject({ type: "delete", externalIds: [externalId] });
});

test("statuses rise to read, bring the own key back and say why they failed", () => {
  const states = ["sent", "delivered", "read", "played"].map((name) => only(`status-${name}`));
  expect(states.map((event) => event.type === "delivery" && event.state)).toEqual([
    "sent",
    "delivered",
    "read",
    "read",
  ]);
  expect(states[0]).toMatchObject({ idempotencyKey: "69a3f0c2e1b7d40012ab34cd" });
  expect(only("status-failed")).toMatchObject({ failure: { class: "window_closed", code: "window_closed" } });
  expect(only("status-undeliverable")).toMatchObject({
    failure: { class: "permanent", code: "undeliverable" },
  });
});

test("what the business wrote on its phone is an echo to the customer", () => {
  expect(only("echo-text")).toMatchObject({
    type: "message",
    echo: true,
    threadKey: "US.13491208655302741918",
    content: { text: "We do, from my phone" },
  });
  expect(only("echo-edit")).toMatchObject({ type: "edit", content: { text: "We do, by post" } });
  expect(only("echo-revoke")).toMatchObject({ type: "delete" });
});

test("a changed number and a changed user id are further ids of the same person", () => {
  expect(only("system-number")).toMatchObject({
    type: "peer",
    peer: {
      phone: "+12195555358",
      aliases: expect.arrayContaining([{ scheme: "wa_phone", scope: "", value: "12195555358" }]),
    },
  });
  expect(only("user-id-update")).toMatchObject({
    type: "peer",
    threadKey: "US.13491208655302741918",
    peer: {
      aliases: expect.arrayContaining([
        { scheme: "whatsapp_user", scope: "102290129340398", value: "US.23491208655302741999" },
      ]),
    },
  });
});

test("news of the account tell what happened, and its health where it changed", () => {
  expect(only("account-removed")).toMatchObject({ type: "account", state: "disconnected" });
  expect(only("account-restriction")).toMatchObject({ type: "account", state: "degraded" });
  expect(only("template-status")).toMatchObject({
    type: "account",
    code: "template_changed",
    message: "abandoned_cart en REJECTED",
  });
  expect(only("new-field")).toMatchObject({ type: "unknown", nativeType: "history_of_the_future" });
});

test("a batch is split into its events, each under its own number", () => {
  expect(eventsOf("batch").map(({ accountExternalId }) => accountExternalId)).toEqual([
    "106540352242922",
    "106540352242922",
    "106540352249999",
  ]);
});

test("every code has words", () => {
  const silent = knownCodes.filter(
    (code) => !whatsapp.texts.en[`errors.${code}`] && !whatsapp.texts.en[`problems.${code}`],
  );
  expect(silent).toEqual([]);
  const news = [...fixtures.keys()]
    .flatMap(eventsOf)
    .flatMap((one) => (one.type === "account" ? one.code : []));
  expect(news.filter((code) => !whatsapp.texts.en[`problems.${code}`])).toEqual([]);
});

const collected = pathToFileURL(
  `${resolve(process.env["CONFORMANCE_DIR"] ?? "../shared/conformance", "whatsapp-updates")}/`,
);

describe.skipIf(!existsSync(collected))("bodies that others collected (CONFORMANCE_DIR)", () => {
  const names = existsSync(collected) ? readdirSync(collected).filter((name) => name.endsWith(".json")) : [];
  const bodies = names.flatMap((name) => {
    const parsed: unknown = JSON.parse(readFileSync(new URL(name, collected), "utf8"));
    return Object.entries(z.record(z.string(), z.unknown()).parse(parsed)).map(
      ([key, body]) => [`${name.replace(".json", "")}.${key}`, body] as const,
    );
  });
  /** Kinds that the hub has no use for yet: they are kept whole and counted. */
  const kept = [
    "call_connect.business_initiated",
    "call_status.call_status",
    "call_terminate.call_terminate",
    "message_status.group",
    "system.identity_change",
    "user_marketing_preferences.resume",
    "user_marketing_preferences.signup",
  ];

  test.each(bodies)("%s is understood", (name, body) => {
    const events = whatsapp.parseUpdate(new TextEncoder().encode(JSON.stringify(body)), receivedAt);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) {
      if (event.type === "message" || event.type === "edit")
        expect(content.safeParse(event.content).error).toBeUndefined();
      if (!kept.includes(name)) expect(event.type).not.toBe("unknown");
    }
  });
});
