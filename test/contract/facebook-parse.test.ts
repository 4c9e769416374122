/** Every recorded delivery of Messenger and Instagram as canonical events. */
import { describe, expect, test } from "vitest";
import { fixturesOf } from "../support/fixtures.ts";
import { connectorOf } from "../support/messenger.ts";

const receivedAt = new Date("2026-03-01T12:00:00Z");
const page = "104729885512340";
const psid = "6789012345678901";
const igid = "17841405822304914";
const igsid = "1254459154682919";
const file = (kind: string, more: object = {}) => ({
  type: "message",
  content: {
    attachments: [
      expect.objectContaining({
        kind,
        media: expect.objectContaining({ state: "pending" }),
        source: { type: "url", value: expect.stringMatching(/^https:/) },
      }),
    ],
  },
  ...more,
});
const said = (text: string, more: object = {}) => ({ type: "message", content: { text }, ...more });
const unknown = (nativeType: string) => ({ type: "unknown", nativeType });
const carded = (card: object, more: object = {}) => ({ type: "message", content: { card, ...more } });

const ofMessenger: Record<string, object[]> = {
  text: [
    said("Good morning! Is the blue bowl still there?", {
      threadKey: psid,
      accountExternalId: page,
      externalId: expect.stringMatching(/^m_/),
      peer: { aliases: [{ scheme: "facebook_psid", scope: page, value: psid }], name: "" },
      at: new Date(1763800061000),
    }),
  ],
  "quick-reply": [{ type: "message", content: { action: { title: "Tomorrow", value: "day:tomorrow" } } }],
  image: [file("image")],
  images: [{ type: "message", content: { attachments: [{ kind: "image" }, { kind: "image" }] } }],
  video: [file("video")],
  audio: [file("audio")],
  file: [
    {
      type: "message",
      content: {
        attachments: [{ kind: "document", media: { state: "pending", fileName: "price list.pdf" } }],
      },
    },
  ],
  fallback: [
    carded(
      { what: "link", title: "Bowls | Clay & Co", url: "https://clay.example/bowls" },
      { text: "https://clay.example/bowls" },
    ),
  ],
  post: [carded({ what: "post", title: "New glaze this week" })],
  reel: [carded({ what: "reel", title: "Throwing a vase" })],
  location: [
    {
      type: "message",
      content: {
        attachments: [{ kind: "location", latitude: 59.9343, longitude: 30.3351, name: "Kiln Yard 7" }],
      },
    },
  ],
  "sticker-image": [file("sticker")],
  sticker: [file("sticker")],
  like: [said("👍")],
  reply: [said("Yes, that one", { replyTo: { externalId: expect.stringMatching(/01$/) } })],
  "template-unknown": [{ type: "message", content: { unsupported: { nativeType: "template" } } }],
  "echo-own": [
    {
      type: "delivery",
      state: "sent",
      idempotencyKey: "692100000000000000000a01",
      externalIds: [expect.stringMatching(/^m_/)],
      threadKey: psid,
    },
  ],
  "echo-foreign": [said("Written in the page inbox", { echo: true, threadKey: psid })],
  "echo-foreign-image": [file("image", { echo: true, threadKey: psid })],
  "referral-message": [said("Hello from your advertisement", { referral: "Bowls for winter" })],
  edit: [{ type: "edit", content: { text: "Good morning! Is the green bowl still there?" } }],
  reaction: [{ type: "reaction", externalId: "m_ours_1", actor: "contact", emojis: ["❤️"] }],
  "reaction-removed": [{ type: "reaction", externalId: "m_ours_1", emojis: [] }],
  delivered: [{ type: "delivery", state: "delivered", externalIds: ["m_ours_1"], upTo: expect.any(Date) }],
  "delivered-watermark": [{ type: "delivery", state: "delivered", externalIds: [], upTo: expect.any(Date) }],
  read: [{ type: "delivery", state: "read", externalIds: [], upTo: expect.any(Date) }],
  postback: [
    {
      type: "message",
      content: { action: { title: "Get started", value: "GET_STARTED" } },
      referral: "card-42",
    },
  ],
  referral: [{ type: "message", content: { service: { what: "start" } }, referral: "site-footer" }],
  optin: [{ type: "message", content: { service: { what: "optin" } }, referral: "news" }],
  handover: [unknown("pass_thread_control")],
  standby: [unknown("standby")],
  "other-object": [{ ...unknown("object:instagram"), accountExternalId: page }],
  batch: [
    said("one", { accountExternalId: page }),
    said("two", { accountExternalId: page }),
    said("to the other page", { accountExternalId: "204729885512341", threadKey: "7789012345678902" }),
  ],
};

const ofInstagram: Record<string, object[]> = {
  text: [
    said("Hi! Do you ship the vases?", {
      threadKey: igsid,
      accountExternalId: igid,
      peer: { aliases: [{ scheme: "instagram_igsid", scope: igid, value: igsid }], name: "" },
    }),
  ],
  "quick-reply": [{ type: "message", content: { action: { title: "Pick up", value: "pickup" } } }],
  image: [file("image")],
  video: [file("video")],
  audio: [file("audio")],
  file: [file("document")],
  share: [carded({ what: "post", title: "Glaze test" })],
  post: [carded({ what: "post", title: "Our kiln" })],
  reel: [carded({ what: "reel", title: "Wheel" })],
  "story-mention": [carded({ what: "story_mention", url: expect.any(String) })],
  "story-reply": [carded({ what: "story_reply" }, { text: "So pretty!" })],
  like: [said("❤️")],
  reply: [said("This one", { replyTo: { externalId: expect.any(String) } })],
  unsupported: [{ type: "message", content: { unsupported: { nativeType: "unsupported" } } }],
  deleted: [{ type: "delete", externalIds: [expect.stringMatching(/^aWdf/)] }],
  "echo-own": [{ type: "delivery", state: "sent", idempotencyKey: "692100000000000000000a02" }],
  "echo-foreign": [said("From the phone", { echo: true, threadKey: igsid })],
  ad: [said("About this one", { referral: "ad-7" })],
  edit: [{ type: "edit", content: { text: "Hi! Do you ship the bowls?" } }],
  reaction: [{ type: "reaction", emojis: ["❤️"] }],
  "reaction-removed": [{ type: "reaction", emojis: [] }],
  seen: [{ type: "delivery", state: "read", externalIds: ["aWdf_ours_1"], upTo: expect.any(Date) }],
  postback: [{ type: "message", content: { action: { title: "Where are you?", value: "ICE_WHERE" } } }],
  referral: [{ type: "message", content: { service: { what: "start" } }, referral: "card-7" }],
  "unknown-field": [unknown("message_request_accepted")],
  batch: [
    said("one", { accountExternalId: igid, threadKey: igsid }),
    { type: "message", content: { attachments: [{ kind: "image" }, { kind: "image" }] } },
    said("from somebody else", { accountExternalId: igid, threadKey: "1354459154682920" }),
    said("to the other account", { accountExternalId: "17841405822304915", threadKey: igsid }),
  ],
};

describe.each([
  ["facebook", ofMessenger],
  ["instagram", ofInstagram],
] as const)("%s", async (kind, expected) => {
  const connector = await connectorOf(kind);
  const fixtures = fixturesOf(kind);

  test("has an expectation for every fixture", () => {
    expect(fixtures.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(fixtures)("$name", ({ name, body }) => {
    expect(connector.parseUpdate(body, receivedAt)).toMatchObject(expected[name] ?? []);
  });
});

test("every picture of a message is there, as many as phones send at once", async () => {
  const image = (n: number) => ({
    type: "image",
    payload: { url: `https://scontent.xx.fbcdn.net/v/${n}.jpg` },
  });
  const message = { mid: "m_many", attachments: Array.from({ length: 30 }, (_, n) => image(n)) };
  const messaging = [{ sender: { id: psid }, recipient: { id: page }, timestamp: 1763800061000, message }];
  const body = Buffer.from(JSON.stringify({ object: "page", entry: [{ id: page, time: 1, messaging }] }));
  const [event] = (await connectorOf("facebook")).parseUpdate(body, receivedAt);
  expect(event?.type === "message" && event.content.attachments).toHaveLength(30);
});

test("a parameter comes back by the links of both", async () => {
  expect((await connectorOf("facebook")).startLink?.("https://m.me/clay.and.co", "abc")).toBe(
    "https://m.me/clay.and.co?ref=abc",
  );
  expect((await connectorOf("instagram")).startLink?.("https://ig.me/m/clay.and.co", "abc")).toBe(
    "https://ig.me/m/clay.and.co?ref=abc",
  );
});
