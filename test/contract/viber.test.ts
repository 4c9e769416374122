/** What Viber's callbacks mean and what is sent, with the vendor's own package as a second opinion. */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ConnectorError, type OutboundContent } from "../../connectors/contract.ts";
import viber from "../../connectors/viber/index.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { proofOf } from "../support/proofs.ts";
import { attachmentOf, failureOf, fileOf, recordingHost, sendOf, webhookOf } from "../support/telegram.ts";

const require = createRequire(import.meta.url);
const receivedAt = new Date("2026-03-01T12:00:00Z");
const account = "pa:75346594275468546724";
const { token } = z.object({ token: z.string() }).parse(proofOf("viber").credentials);

const bodyOf = (name: string): Uint8Array =>
  fixturesOf("viber").find((fixture) => fixture.name === name)?.body ?? new Uint8Array();
const eventOf = (name: string): any => viber.parseUpdate(bodyOf(name), receivedAt, account)[0];

describe("callbacks", () => {
  it("keep every digit of a token, and know a person for this account alone", () => {
    const digits = /"message_token": (\d+)/.exec(Buffer.from(bodyOf("text")).toString())?.[1];
    expect(Number(digits)).not.toBe(BigInt(digits ?? 0));
    expect(eventOf("text")).toMatchObject({
      type: "message",
      externalId: digits,
      threadKey: "01234567890A=",
      peer: {
        aliases: [{ scheme: "viber_user", scope: account, value: "01234567890A=" }],
        name: "John McClane",
      },
      content: { text: "a message to the service" },
    });
  });

  it("tell kinds, presses, links and states", () => {
    const shown: Record<string, object> = {
      "text-pressed": { content: { action: { title: "Saturday", value: "day:6" } } },
      picture: { content: { text: "The blue one", attachments: [{ kind: "image" }] } },
      video: { content: { attachments: [{ kind: "video", media: { durationMs: 10_000, size: 10_000 } }] } },
      file: { content: { attachments: [{ kind: "document", media: { fileName: "offer.pdf" } }] } },
      sticker: { content: { attachments: [{ kind: "sticker" }] } },
      "sticker-without-picture": { content: { unsupported: { nativeType: "sticker" } } },
      contact: { content: { attachments: [{ kind: "contact", name: "Alex", phones: ["+972511123123"] }] } },
      url: { content: { text: "https://shop.example/vases/blue" } },
      location: { content: { attachments: [{ kind: "location", latitude: 50.76891, longitude: 6.11499 }] } },
      "rich-media": { content: { unsupported: { nativeType: "rich_media" } } },
      subscribed: { type: "unblocked" },
      unsubscribed: { type: "blocked" },
      "conversation-started": { type: "peer" },
      "conversation-started-context": { type: "message", referral: "site-button" },
      delivered: { type: "delivery", state: "delivered" },
      seen: { type: "delivery", state: "read" },
      failed: { type: "delivery", state: "failed", failure: { code: "not_delivered" } },
      "client-status": { type: "unknown", nativeType: "client_status" },
      webhook: { type: "unknown", nativeType: "webhook" },
    };
    for (const [name, fits] of Object.entries(shown)) expect(eventOf(name), name).toMatchObject(fits);
  });

  it("are greeted only when the chat is opened and a welcome was written", () => {
    const reply = (name: string, credentials: object) =>
      viber.webhookReply?.([eventOf(name)], { token, ...credentials });
    const welcome = { welcome: "Hello!", senderName: "Clay" };
    for (const name of ["conversation-started", "conversation-started-context"])
      expect(JSON.parse(reply(name, welcome)?.body ?? "")).toEqual({
        type: "text",
        text: "Hello!",
        sender: { name: "Clay" },
      });
    expect(reply("conversation-started", {})).toBeUndefined();
    expect(reply("text", welcome)).toBeUndefined();
  });
});

describe("sending", () => {
  function sendAll(
    content: OutboundContent,
    answer: () => Response | Promise<Response> = () =>
      new Response('{"status":0,"status_message":"ok","message_token":5741311803571721087}'),
  ) {
    const calls: { url: string; body: any; token: string | null }[] = [];
    const host = recordingHost({
      fetch: (async (url: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        calls.push({ url, body: JSON.parse(textOf(init.body)), token: headers.get("x-viber-auth-token") });
        return answer();
      }) as unknown as typeof fetch,
    });
    const session = viber.open({ token, senderName: "Clay & Co" }, host);
    const result = session.perform(sendOf("01234567890A=", content));
    return { result, calls };
  }
  const linked = (name: string, mime: string, size: number) => ({
    ...fileOf(new Uint8Array(), name, mime),
    size,
    publicUrl: () => `https://hub.example/public/files/x/${name}`,
  });
  const sentBody = async (content: OutboundContent): Promise<any> => {
    const { result, calls } = sendAll(content);
    await result;
    return calls[0]?.body;
  };

  it("names the receiver and the sender, and gives the token whole", async () => {
    const { result, calls } = sendAll({ text: "Hi" });
    expect((await result).externalIds).toEqual(["5741311803571721087"]);
    expect(calls).toEqual([
      {
        url: "https://chatapi.viber.com/pa/send_message",
        token,
        body: {
          receiver: "01234567890A=",
          min_api_version: 1,
          sender: { name: "Clay & Co" },
          type: "text",
          text: "Hi",
        },
      },
    ]);
  });

  it("sends what is too heavy for a picture, or of another format, as a file", async () => {
    const of = (kind: "image" | "video" | "voice", name: string, mime: string, size: number) =>
      sentBody({ attachments: [attachmentOf(kind, linked(name, mime, size))] });
    expect((await of("image", "a.png", "image/png", 900_000)).type).toBe("picture");
    expect((await of("image", "a.png", "image/png", 2_000_000)).type).toBe("file");
    expect((await of("image", "a.webp", "image/webp", 20_000)).type).toBe("file");
    expect((await of("video", "a.mp4", "video/mp4", 20_000_000)).type).toBe("video");
    expect((await of("video", "a.mp4", "video/mp4", 30_000_000)).type).toBe("file");
    expect((await of("voice", "a.ogg", "audio/ogg", 20_000)).type).toBe("file");
  });

  it("puts buttons into a keyboard whose presses are told apart from typed words", async () => {
    const buttons = [
      [
        { title: "Saturday", value: "day:6" },
        { title: "Sunday", value: "day:7" },
      ],
      [{ title: "Map", url: "https://clay.example/map" }],
    ];
    const body = await sentBody({ text: "Which day?", buttons });
    expect(body.keyboard.Buttons.map((one: any) => [one.Columns, one.ActionType, one.ActionBody])).toEqual([
      [3, "reply", "Saturday"],
      [3, "reply", "Sunday"],
      [6, "open-url", "https://clay.example/map"],
    ]);
    expect(JSON.parse(body.tracking_data)).toEqual({ buttons: { Saturday: "day:6", Sunday: "day:7" } });
  });

  it("refuses before any request what cannot be sent", async () => {
    const refused = async (content: OutboundContent): Promise<string> => {
      const { result, calls } = sendAll(content);
      const { code } = await failureOf(result);
      expect(calls).toEqual([]);
      return code;
    };
    const hidden = attachmentOf("image", fileOf(new Uint8Array(5), "a.png", "image/png"));
    const file = attachmentOf("document", linked("a.pdf", "application/pdf", 100));
    expect(await refused({ attachments: [hidden] })).toBe("no_public_address");
    expect(await refused({ attachments: [file], text: "with words" })).toBe("caption_impossible");
    expect(await refused({ attachments: [file, file] })).toBe("one_file_only");
    expect(await refused({ text: "a".repeat(7001) })).toBe("text_too_long");
    const rows = Array.from({ length: 20 }, () =>
      Array.from({ length: 8 }, () => ({ title: "ш".repeat(64), value: "v".repeat(64) })),
    );
    expect(await refused({ text: "ш".repeat(7000), buttons: rows })).toBe("message_too_large");
  });

  it.each([
    [2, "auth", "token_invalid"],
    [3, "permanent", "bad_request"],
    [5, "permanent", "not_registered"],
    [6, "blocked", "not_subscribed"],
    [10, "permanent", "webhook_missing"],
    [12, "throttled", "throttled"],
    [23, "window_closed", "free_messages_used_up"],
  ])("takes status %i of HTTP 200 for %s", async (status, failure, code) => {
    const answer = () => new Response(JSON.stringify({ status, status_message: "said no" }));
    const { result } = sendAll({ text: "Hi" }, answer);
    expect(await failureOf(result)).toMatchObject({ class: failure, code });
  });

  it("does not know what became of a send whose answer never came, and tells no token", async () => {
    const lost = (code: string) => () =>
      Promise.reject(
        new TypeError(`fetch failed ${token}`, { cause: Object.assign(new Error(token), { code }) }),
      );
    const after = await failureOf(sendAll({ text: "Hi" }, lost("ECONNRESET")).result);
    const before = await failureOf(sendAll({ text: "Hi" }, lost("ECONNREFUSED")).result);
    const gateway = await failureOf(sendAll({ text: "Hi" }, () => new Response("", { status: 502 })).result);
    expect([after.class, before.class, gateway.class]).toEqual(["unknown", "retry", "unknown"]);
    for (const error of [after, before, gateway])
      expect(`${error.message} ${String(error.cause)}`).not.toContain(token);
    expect(after).toBeInstanceOf(ConnectorError);
  });
});

describe("the vendor's own package", () => {
  const module = require("viber-bot");
  const Validator = require("viber-bot/lib/message/message-validator");
  const Factory = require("viber-bot/lib/message/message-factory");
  const silent = { debug: () => undefined, error: () => undefined, info: () => undefined };

  it("accepts the signatures that the connector accepts, and no others", () => {
    const validator = new Validator(silent, token);
    for (const { body } of fixturesOf("viber")) {
      const headers = proofOf("viber").sign?.(body, "") ?? {};
      const signature = headers["x-viber-content-signature"];
      expect(validator.validateMessage(signature, Buffer.from(body))).toBe(true);
      expect(viber.verifyWebhook(webhookOf(headers, body), { token })).toBe(true);
      expect(validator.validateMessage(`${signature?.slice(1)}0`, Buffer.from(body))).toBe(
        viber.verifyWebhook(webhookOf({ "x-viber-content-signature": `${signature?.slice(1)}0` }, body), {
          token,
        }),
      );
    }
  });

  it("reads the same in every message that it knows", () => {
    const factory = new Factory(silent);
    const names = ["text", "picture", "video", "file", "contact", "url", "location", "sticker"];
    for (const name of names) {
      const theirs = factory.createMessageFromJson(JSON.parse(Buffer.from(bodyOf(name)).toString()));
      const { content } = eventOf(name);
      const [attachment] = content.attachments ?? [];
      const ours = {
        text: content.text,
        url: attachment?.source?.value ?? (name === "url" ? content.text : undefined),
        latitude: attachment?.latitude,
        longitude: attachment?.longitude,
        contactName: attachment?.name,
        contactPhoneNumber: attachment?.phones?.[0],
        filename: name === "file" ? attachment?.media.fileName : undefined,
      };
      for (const [field, value] of Object.entries(ours))
        if (theirs[field] && field in theirs) expect(value, `${name}.${field}`).toBe(theirs[field]);
    }
  });

  it("would send the same bodies", async () => {
    const { Message } = module;
    const link = "https://hub.example/public/files/x/a.pdf";
    const cases: [OutboundContent, any][] = [
      [{ text: "Hi" }, new Message.Text("Hi")],
      [
        { attachments: [{ kind: "location", latitude: 1.5, longitude: 2.5 }] },
        new Message.Location(1.5, 2.5),
      ],
      [
        {
          attachments: [
            attachmentOf("document", {
              ...fileOf(new Uint8Array(7), "a.pdf", "application/pdf"),
              publicUrl: () => link,
            }),
          ],
        },
        new Message.File(link, 7, "a.pdf"),
      ],
      [
        {
          attachments: [
            attachmentOf("image", {
              ...fileOf(new Uint8Array(7), "a.png", "image/png"),
              publicUrl: () => link,
            }),
          ],
          text: "Look",
        },
        new Message.Picture(link, "Look"),
      ],
      [
        { attachments: [{ kind: "contact", name: "Nina", phones: ["+49151"] }] },
        new Message.Contact("Nina", "+49151"),
      ],
    ];
    for (const [content, theirs] of cases) {
      let body: any;
      const host = recordingHost({
        fetch: ((_url: string, init: RequestInit) => {
          body = JSON.parse(textOf(init.body));
          return Promise.resolve(new Response('{"status":0,"status_message":"ok","message_token":1}'));
        }) as unknown as typeof fetch,
      });
      await viber.open({ token, senderName: "Clay" }, host).perform(sendOf("x", content));
      expect(body).toMatchObject(withoutNull(theirs.toJson()));
    }
  });
});

function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  throw new Error("a JSON body was expected");
}

/** The package writes null for what it was not given. */
function withoutNull(value: Record<string, any>): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, typeof inner === "object" ? withoutNull(inner) : inner]),
  );
}

describe("files", () => {
  const asked: string[] = [];
  const session = viber.open(
    { token },
    recordingHost({
      fetch: (input) => {
        const url = String(input instanceof Request ? input.url : input);
        asked.push(url);
        const onward = url.endsWith("/moved")
          ? "https://media.cdn.viber.com/file"
          : url.endsWith("/lured")
            ? "http://169.254.169.254/latest/meta-data"
            : undefined;
        return Promise.resolve(
          onward
            ? new Response(null, { status: 302, headers: { location: onward } })
            : new Response("the bytes"),
        );
      },
    }),
  );
  const open = (value: string) => session.downloadMedia({ type: "url", value }, AbortSignal.timeout(5000));

  it("are fetched from Viber's own addresses, wherever those lead within them", async () => {
    await open("https://dl-media.viber.com/moved");
    expect(asked).toEqual(["https://dl-media.viber.com/moved", "https://media.cdn.viber.com/file"]);
  });

  it.each([
    "http://dl-media.viber.com/file",
    "https://viber.com.example/file",
    "http://127.0.0.1:8080/file",
    "file:///etc/passwd",
    "https://dl-media.viber.com/lured",
  ])("are not fetched from %s", async (url) => {
    asked.length = 0;
    expect(await failureOf(open(url))).toMatchObject({ class: "permanent", code: "file_unavailable" });
    expect(asked.filter((one) => !one.startsWith("https://dl-media.viber.com/"))).toEqual([]);
  });
});
