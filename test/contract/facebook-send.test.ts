/** What Messenger and Instagram are asked to do, and what their refusals mean. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConnectorSession, OutboundCommand } from "../../connectors/contract.ts";
import { app, openPage, pageToken, raiseMeta, type MetaStage } from "../support/messenger.ts";
import { attachmentOf, failureOf, fileOf, sendOf } from "../support/telegram.ts";
import { picture } from "../support/pictures.ts";

const key = "692100000000000000000a01";
const hour = 3_600_000;
let meta: MetaStage;
let messenger: ConnectorSession;
let instagram: ConnectorSession;
beforeAll(async () => {
  meta = await raiseMeta();
  messenger = (await openPage("facebook", meta)).session;
  instagram = (await openPage("instagram", meta)).session;
});
afterAll(() => meta.close());
beforeEach(() => {
  meta.simulator.setClock(() => Date.now());
  meta.simulator.graph.clearFailures();
  meta.kate.say("Hello");
  meta.kateOnInstagram.say("Hello");
});

const toKate = (content: Parameters<typeof sendOf>[1], more: Parameters<typeof sendOf>[2] = {}) =>
  messenger.perform(sendOf(meta.kate.id, content, { idempotencyKey: key, ...more }));
const toKateOnInstagram = (content: Parameters<typeof sendOf>[1], more: Parameters<typeof sendOf>[2] = {}) =>
  instagram.perform(sendOf(meta.kateOnInstagram.id, content, { idempotencyKey: key, ...more }));
const lastCall = (path: string) => meta.simulator.graph.callsOf(path, "POST").at(-1);
const act = (command: object) =>
  messenger.perform({
    threadKey: meta.kate.id,
    signal: AbortSignal.timeout(20_000),
    ...command,
  } as OutboundCommand);

describe("a message", () => {
  test("goes as an answer with the hub's own key and a quote", async () => {
    const mid = meta.kate.say("Which one?").mid;
    const { externalIds } = await toKate({ text: "The blue one." }, { replyToExternalId: mid });
    expect(lastCall("me/messages")?.params).toEqual({
      recipient: { id: meta.kate.id },
      messaging_type: "RESPONSE",
      message: { text: "The blue one.", metadata: key },
      reply_to: { mid },
    });
    expect(meta.kate.received.at(-1)).toMatchObject({ mid: externalIds[0], text: "The blue one." });
  });

  test("goes as a person's answer after 24 hours, and not at all after seven days", async () => {
    meta.simulator.setClock(() => Date.now() + 30 * hour);
    expect(await failureOf(toKate({ text: "late" }))).toMatchObject({
      class: "window_closed",
      code: "window_closed",
    });
    await toKate({ text: "late, by hand" }, { outsideWindow: true });
    expect(lastCall("me/messages")?.params).toMatchObject({
      messaging_type: "MESSAGE_TAG",
      tag: "HUMAN_AGENT",
    });
    meta.simulator.setClock(() => Date.now() + 200 * hour);
    for (const send of [toKate, toKateOnInstagram])
      expect(await failureOf(send({ text: "too late" }, { outsideWindow: true }))).toMatchObject({
        class: "window_closed",
      });
  });

  test("has quick replies, or a template where a button opens a page", async () => {
    await toKate({ text: "When?", buttons: [[{ title: "Today", value: "today" }, { title: "Tomorrow" }]] });
    expect(meta.kate.received.at(-1)?.quickReplies).toEqual([
      { title: "Today", payload: "today" },
      { title: "Tomorrow", payload: "Tomorrow" },
    ]);
    await toKate({
      text: "Look:",
      buttons: [[{ title: "Site", url: "https://clay.example/" }], [{ title: "Call me", value: "call" }]],
    });
    expect(meta.kate.received.at(-1)?.attachment).toEqual({
      type: "template",
      payload: {
        template_type: "button",
        text: "Look:",
        buttons: [
          { type: "web_url", title: "Site", url: "https://clay.example/" },
          { type: "postback", title: "Call me", payload: "call" },
        ],
      },
    });
  });

  test.each([
    ["empty", { text: " " }, "unsupported"],
    ["text_too_long", { text: "x".repeat(2001) }, "too_large"],
    ["button_too_long", { text: "x", buttons: [[{ title: "x".repeat(21) }]] }, "unsupported"],
    [
      "too_many_buttons",
      { text: "x", buttons: [Array.from({ length: 14 }, (_, n) => ({ title: `${n}` }))] },
      "unsupported",
    ],
    [
      "too_many_links",
      {
        text: "x",
        buttons: [Array.from({ length: 4 }, (_, n) => ({ title: `${n}`, url: "https://clay.example/" }))],
      },
      "unsupported",
    ],
  ])("is refused before it is sent: %s", async (code, content, failure) => {
    const before = meta.simulator.graph.calls.length;
    expect(await failureOf(toKate(content))).toMatchObject({ code, class: failure });
    expect(meta.simulator.graph.calls).toHaveLength(before);
  });

  test("of Instagram is measured in bytes", async () => {
    await toKateOnInstagram({ text: "я".repeat(500) });
    expect(await failureOf(toKateOnInstagram({ text: "я".repeat(501) }))).toMatchObject({
      code: "text_too_long",
    });
  });
});

describe("a file", () => {
  test("is uploaded to Messenger and sent by its id", async () => {
    const bytes = await picture();
    await toKate({ attachments: [attachmentOf("image", fileOf(bytes, "bowl.png", "image/png"))] });
    expect(lastCall("message_attachments")?.files).toEqual([
      { field: "filedata", name: "bowl.png", mime: "image/png", size: bytes.byteLength },
    ]);
    const { type, payload } = meta.kate.received.at(-1)?.attachment ?? {};
    expect(type).toBe("image");
    expect(meta.simulator.graph.media.get(String(payload?.["attachment_id"]))?.bytes).toEqual(
      new Uint8Array(bytes),
    );
  });

  test("goes to Instagram by its address, and by its bytes where there is none", async () => {
    const bytes = await picture();
    const file = fileOf(bytes, "vase.png", "image/png");
    const url = "https://hub.example/f/1";
    await toKateOnInstagram({ attachments: [attachmentOf("image", { ...file, publicUrl: () => url })] });
    expect(meta.kateOnInstagram.received.at(-1)?.attachment).toEqual({ type: "image", payload: { url } });
    await toKateOnInstagram({ attachments: [attachmentOf("image", file)] });
    expect(lastCall("message_attachments")?.params).toMatchObject({ platform: "instagram" });
    expect(meta.kateOnInstagram.received.at(-1)?.attachment).toMatchObject({ type: "MEDIA_SHARE" });
  });

  test("that is none of the platform's kinds is refused before a byte leaves", async () => {
    const before = meta.simulator.graph.calls.length;
    const note = fileOf(new Uint8Array(10), "note.webm", "audio/webm;codecs=opus");
    expect(await failureOf(toKateOnInstagram({ attachments: [attachmentOf("voice", note)] }))).toMatchObject({
      class: "unsupported",
      code: "format_unsupported",
    });
    const zip = fileOf(new Uint8Array(10), "a.zip", "application/zip");
    expect(
      await failureOf(toKateOnInstagram({ attachments: [attachmentOf("document", zip)] })),
    ).toMatchObject({ class: "unsupported", code: "format_unsupported" });
    const huge = { ...zip, size: 26 * 1024 * 1024 };
    expect(await failureOf(toKate({ attachments: [attachmentOf("document", huge)] }))).toMatchObject({
      class: "too_large",
    });
    const two = [attachmentOf("document", zip), attachmentOf("document", zip)];
    expect(await failureOf(toKate({ attachments: two }))).toMatchObject({ code: "one_file_each" });
    expect(await failureOf(toKate({ text: "x", attachments: [two[0] as never] }))).toMatchObject({
      code: "caption_impossible",
    });
    expect(meta.simulator.graph.calls).toHaveLength(before);
  });

  test("that a phone does not play goes as a file", async () => {
    const note = fileOf(new Uint8Array(10), "note.webm", "audio/webm;codecs=opus");
    await toKate({ attachments: [attachmentOf("voice", note)] });
    expect(meta.kate.received.at(-1)?.attachment?.type).toBe("file");
  });
});

describe("what is not a message", () => {
  test("is typing, seen, a reaction and its removal", async () => {
    const { mid } = meta.kate.say("Thank you!");
    await act({ op: "typing" });
    await act({ op: "markRead", externalId: mid });
    expect(meta.kate.thread).toMatchObject({ typing: 1, seenByPage: 1 });
    await act({ op: "react", externalId: mid, emojis: ["🎉"] });
    expect(meta.kate.messages.at(-1)?.reaction).toBe("🎉");
    await act({ op: "react", externalId: mid, emojis: [] });
    expect(meta.kate.messages.at(-1)?.reaction).toBeUndefined();
  });

  test("is a heart alone on Instagram", async () => {
    const { mid } = meta.kateOnInstagram.say("Thank you!");
    const react = (emoji: string) =>
      instagram.perform({
        op: "react",
        threadKey: meta.kateOnInstagram.id,
        externalId: mid,
        emojis: [emoji],
        signal: AbortSignal.timeout(20_000),
      });
    await react("❤️");
    expect(meta.kateOnInstagram.messages.at(-1)?.reaction).toBe("love");
    expect(await failureOf(react("🎉"))).toMatchObject({ code: "reaction_unsupported" });
  });

  test("is refused where neither can do it", async () => {
    for (const command of [
      { op: "edit", externalId: "m", content: { text: "x" } },
      { op: "delete", externalIds: ["m"] },
    ])
      expect(await failureOf(act(command))).toMatchObject({ class: "unsupported" });
  });
});

describe("a refusal", () => {
  test.each([
    [{ code: 551, message: "unavailable" }, "blocked", "person_unavailable"],
    [{ code: 10, subcode: 2018108, message: "isn't receiving" }, "blocked", "person_unavailable"],
    [{ code: 10, message: "sent outside of allowed window" }, "window_closed", "window_closed"],
    [{ code: 10, message: "Application does not have permission" }, "auth", "permission_missing"],
    [{ code: 100, subcode: 2018001, message: "No matching user" }, "permanent", "person_unknown"],
    [{ code: 190, subcode: 460, message: "The session was invalidated" }, "auth", "token_invalid"],
    [{ code: 4, message: "Application request limit reached" }, "throttled", "throttled"],
    [{ code: 613, message: "rate limit" }, "throttled", "throttled"],
    [{ code: 1200, message: "Temporary send message failure" }, "retry", "platform_error"],
    [{ code: 2, message: "Service temporarily unavailable" }, "retry", "platform_error"],
    [{ code: 368, message: "deemed abusive" }, "permanent", "restricted"],
    [{ code: 100, message: "Invalid parameter" }, "permanent", "bad_request"],
  ])("%o means %s", async (error, failure, code) => {
    meta.simulator.graph.failNext({ path: "me/messages", kind: "error", error });
    const refusal = await failureOf(toKate({ text: "hello" }));
    expect(refusal).toMatchObject({ class: failure, code });
    if (failure === "throttled") expect(refusal.retryAfterMs).toBeGreaterThan(0);
    expect(refusal.message).not.toContain(pageToken);
  });

  test("that never came leaves a send unknown, and an upload to be tried again", async () => {
    meta.simulator.graph.failNext({ path: "me/messages", kind: "drop_after_accept" });
    expect(await failureOf(toKate({ text: "hello" }))).toMatchObject({ class: "unknown" });
    meta.simulator.graph.failNext({ path: "me/messages", kind: "5xx" });
    expect(await failureOf(toKate({ text: "hello" }))).toMatchObject({ class: "unknown" });
    meta.simulator.graph.failNext({ path: "message_attachments", kind: "5xx" });
    const file = fileOf(new Uint8Array(10), "a.zip", "application/zip");
    expect(await failureOf(toKate({ attachments: [attachmentOf("document", file)] }))).toMatchObject({
      class: "retry",
    });
  });

  test("of an address that is not Meta's comes before anything is asked", async () => {
    const signal = AbortSignal.timeout(5000);
    for (const value of [
      "http://127.0.0.1:1/x",
      "https://evil.example/x",
      "https://fbcdn.net.evil.example/",
      "file:///x",
      "",
    ])
      expect(await failureOf(messenger.downloadMedia({ type: "url", value }, signal))).toMatchObject({
        class: "permanent",
        code: "file_unavailable",
      });
  });

  test("holds no secret", () => {
    expect(JSON.stringify(meta.simulator.graph.calls)).not.toContain(app.secret);
  });
});
