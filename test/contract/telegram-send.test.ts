/** What the connector sends, as a Telegram server sees it and as the customer does. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import type { SimBot, SimMessage, TelegramCustomer } from "../../demo/simulators/telegram.ts";
import type { ConnectorSession, OutboundCommand, OutboundContent } from "../../connectors/contract.ts";
import { picture } from "../support/telegram-pictures.ts";
import { schemaErrors, schemaMissing } from "../support/telegram-schema.ts";
import {
  attachmentOf,
  failureOf,
  fileOf,
  openSession,
  recordingHost,
  sendOf,
  token,
} from "../support/telegram.ts";
import type { RecordingHost } from "../support/telegram.ts";

let simulator: TelegramSimulator;
let server: { url: string; close(): Promise<void> };
let bot: SimBot;
let kate: TelegramCustomer;
let host: RecordingHost;
let session: ConnectorSession;

beforeEach(async () => {
  simulator = new TelegramSimulator();
  server = await simulator.listen();
  bot = await simulator.addBot({ token, username: "clay_and_co_bot", name: "Clay & Co" });
  kate = await simulator.addCustomer({ name: "Kate Winslow", username: "kate" });
  kate.start(bot);
  host = recordingHost({ apiRoot: server.url });
  session = openSession(host);
});

afterEach(async () => {
  expectDescribedByTelegram();
  host.stop();
  await server.close();
});

/** Every nested object of every call, against the machine-readable description where that is present. */
function expectDescribedByTelegram(): void {
  if (schemaMissing) return;
  for (const { method, params } of simulator.calls) {
    for (const [name, type] of Object.entries(nestedTypes)) {
      for (const value of [params[name] ?? []].flat())
        expect(schemaErrors(type, value), `${method} ${name}`).toEqual([]);
    }
    for (const item of z.array(z.object({ type: z.string() }).loose()).parse(params.media ?? [])) {
      const type = `InputMedia${item.type[0]?.toUpperCase()}${item.type.slice(1)}`;
      expect(schemaErrors(type, item), `${method} media`).toEqual([]);
    }
  }
}

const nestedTypes = {
  entities: "MessageEntity",
  caption_entities: "MessageEntity",
  reply_markup: "InlineKeyboardMarkup",
  reply_parameters: "ReplyParameters",
  reaction: "ReactionType",
};

async function send(content: OutboundContent, more: Parameters<typeof sendOf>[2] = {}): Promise<SimMessage> {
  const { externalIds, at } = await session.perform(sendOf(String(kate.id), content, more));
  expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(60_000);
  const message = kate.chat(bot).find(Number(externalIds[0]));
  if (!message) throw new Error("the customer did not get it");
  return message;
}

type Change<Op> = Op extends "send"
  ? never
  : Omit<Extract<OutboundCommand, { op: Op }>, "threadKey" | "signal">;

function change(command: Change<OutboundCommand["op"]>) {
  const place = { threadKey: String(kate.id), signal: AbortSignal.timeout(20_000) };
  return session.perform({ ...command, ...place });
}

describe("text", () => {
  test("formatting arrives; what Telegram finds by itself is not sent", async () => {
    const entities = [
      { type: "bold", offset: 0, length: 4 },
      { type: "pre", offset: 5, length: 4, language: "ts" },
      { type: "text_link", offset: 10, length: 4, url: "https://clay.example" },
      { type: "url", offset: 15, length: 4 },
      { type: "mention", offset: 15, length: 4 },
    ];
    await send({ text: "bold code link rest", entities });
    expect(simulator.callsOf("sendMessage")[0]?.params.entities).toEqual(entities.slice(0, 3));
  });

  test("an answer quotes its question, and goes out even when that is gone", async () => {
    const question = kate.say("How much?");
    const answer = await send({ text: "42" }, { replyToExternalId: String(question.id) });
    expect(answer.message.reply_to_message?.message_id).toBe(question.id);
    const late = await send({ text: "still 42" }, { replyToExternalId: "9999" });
    expect(late.message.reply_to_message).toBeUndefined();
  });

  test("buttons come back with what they stand for", async () => {
    const buttons = [
      [{ title: "Yes", value: "set:yes" }, { title: "No" }],
      [{ title: "Shop", url: "https://clay.example" }],
    ];
    const { message } = await send({ text: "Add the set?", buttons });
    expect(message.reply_markup).toEqual({
      inline_keyboard: [
        [
          { text: "Yes", callback_data: "set:yes" },
          { text: "No", callback_data: "No" },
        ],
        [{ text: "Shop", url: "https://clay.example" }],
      ],
    });
  });

  test("too long, empty or over-long buttons are refused before sending", async () => {
    expect(await failureOf(send({ text: "x".repeat(4097) }))).toMatchObject({ class: "too_large" });
    expect(await failureOf(send({ text: "  " }))).toMatchObject({ class: "unsupported", code: "empty" });
    const buttons = [[{ title: "A", value: "ы".repeat(33) }]];
    expect(await failureOf(send({ text: "a", buttons }))).toMatchObject({ code: "button_too_long" });
    expect(simulator.calls).toEqual([]);
  });

  test("a topic inside a private chat is answered in that topic", async () => {
    const topic = `${kate.id}:9`;
    await session.perform(sendOf(topic, { text: "Here" }));
    expect(simulator.callsOf("sendMessage")[0]?.params).toMatchObject({
      chat_id: kate.id,
      message_thread_id: 9,
    });
  });
});

describe("files", () => {
  test.each([
    ["image", "photo.png", "image/png", "photo"],
    ["video", "clip.mp4", "video/mp4", "video"],
    ["animation", "wheel.mp4", "video/mp4", "animation"],
    ["audio", "song.mp3", "audio/mpeg", "audio"],
    ["video_note", "note.mp4", "video/mp4", "video_note"],
    ["document", 'invoice "42"; größe.pdf', "application/pdf", "document"],
    ["sticker", "cat.webp", "image/webp", "sticker"],
  ] as const)("%s arrives whole", async (kind, name, mime, field) => {
    const bytes = kind === "image" ? await picture() : new Uint8Array(200_000).fill(7);
    const file = fileOf(bytes, name, mime);
    const text = kind === "sticker" || kind === "video_note" ? {} : { text: "Look" };
    const sent = await send({ ...text, attachments: [attachmentOf(kind, file, { durationMs: 4000 })] });
    expect(sent.message[field]).toBeDefined();
    expect(sent.file?.bytes).toEqual(bytes);
    if (kind !== "sticker" && kind !== "video_note") expect(sent.message.caption).toBe("Look");
    if (kind === "document") expect(sent.file?.name).toBe(name);
  });

  test("an image that Telegram takes as no photo goes as a document", async () => {
    const long = fileOf(await picture(2100, 100), "long.png", "image/png");
    const told = await send({ attachments: [attachmentOf("image", long, { width: 2100, height: 100 })] });
    expect(told.message.document).toBeDefined();
    const untold = await send({ attachments: [attachmentOf("image", long)] });
    expect(untold.message.document).toBeDefined();
    const heavy = fileOf(new Uint8Array(11 * 1024 * 1024), "heavy.png", "image/png");
    expect((await send({ attachments: [attachmentOf("image", heavy)] })).message.document).toBeDefined();
    expect(simulator.callsOf("sendPhoto")).toHaveLength(1);
  });

  test("a GIF goes as an animation", async () => {
    const gif = fileOf(await picture(20, 20, "gif"), "wave.gif", "image/gif");
    expect((await send({ attachments: [attachmentOf("image", gif)] })).message.animation).toBeDefined();
  });

  test("a file above the limit is refused before a byte is sent", async () => {
    const file = { ...fileOf(new Uint8Array(1), "big.zip", "application/zip"), size: 51 * 1024 * 1024 };
    expect(await failureOf(send({ attachments: [attachmentOf("document", file)] }))).toMatchObject({
      class: "too_large",
      code: "file_too_large",
    });
    expect(simulator.calls).toEqual([]);
  });

  test("a text that cannot be shown with its attachment is refused", async () => {
    const sticker = attachmentOf("sticker", fileOf(new Uint8Array(9), "cat.webp", "image/webp"));
    const refused = await failureOf(send({ text: "Look", attachments: [sticker] }));
    expect(refused).toMatchObject({ class: "unsupported", code: "caption_impossible" });
  });

  test("an album gives an id for each of its files", async () => {
    const files = await Promise.all([picture(), picture(100, 100)]);
    const attachments = files.map((bytes, index) =>
      attachmentOf("image", fileOf(bytes, `${index}.png`, "image/png")),
    );
    const { externalIds } = await session.perform(sendOf(String(kate.id), { text: "Both", attachments }));
    const messages = externalIds.map((id) => kate.chat(bot).find(Number(id)));
    expect(messages.map((message) => message?.message.caption)).toEqual(["Both", undefined]);
    expect(new Set(messages.map((message) => message?.message.media_group_id)).size).toBe(1);
    expect(messages.map((message) => message?.file?.bytes)).toEqual(files);
  });

  test("images of an album become documents together", async () => {
    const small = attachmentOf("image", fileOf(await picture(), "a.png", "image/png"));
    const vector = attachmentOf(
      "image",
      fileOf(new TextEncoder().encode("<svg/>"), "b.svg", "image/svg+xml"),
    );
    await session.perform(sendOf(String(kate.id), { attachments: [small, vector] }));
    expect(kate.chat(bot).botMessages.every(({ message }) => message.document)).toBe(true);
  });

  test("what does not go into one album is refused", async () => {
    const image = attachmentOf("image", fileOf(await picture(), "a.png", "image/png"));
    const song = attachmentOf("audio", fileOf(new Uint8Array(9), "a.mp3", "audio/mpeg"));
    expect(await failureOf(send({ attachments: [image, song] }))).toMatchObject({ code: "album_mixed" });
    const buttons = [[{ title: "Yes" }]];
    expect(await failureOf(send({ attachments: [image, image], buttons }))).toMatchObject({
      code: "album_mixed",
    });
  });
});

test("places and contacts", async () => {
  const location = { kind: "location" as const, latitude: 55.75, longitude: 37.61 };
  expect((await send({ attachments: [location] })).message.location).toMatchObject({ latitude: 55.75 });
  const venue = { ...location, name: "Clay & Co", address: "Stoleshnikov Lane 5" };
  expect((await send({ attachments: [venue] })).message.venue).toMatchObject({ title: "Clay & Co" });
  const contact = { kind: "contact" as const, name: "Anna Kim", phones: ["+79165550100"] };
  expect((await send({ attachments: [contact] })).message.contact?.phone_number).toBe("+79165550100");
});

test("a forwarded message keeps its sender, also from another chat", async () => {
  const pavel = await simulator.addCustomer({ name: "Pavel Orlov" });
  pavel.start(bot);
  const { id } = pavel.say("The parcel came");
  const forwardOf = { threadKey: String(pavel.id), externalId: String(id) };
  const { message } = await send({}, { forwardOf });
  expect(message).toMatchObject({
    text: "The parcel came",
    forward_origin: { sender_user: { id: pavel.id } },
  });
  const gone = { threadKey: String(pavel.id), externalId: "999" };
  expect(await failureOf(send({}, { forwardOf: gone }))).toMatchObject({ class: "permanent" });
});

describe("changes", () => {
  test("a text and a caption are edited, twice with the same words too", async () => {
    const text = await send({ text: "Tuesday", buttons: [[{ title: "Yes" }]] });
    const edit = { op: "edit" as const, externalId: String(text.id), content: { text: "Wednesday" } };
    await change(edit);
    await change(edit);
    expect(text.message).toMatchObject({ text: "Wednesday" });
    expect(text.message.reply_markup).toBeUndefined();
    const photo = await send({
      text: "Blue",
      attachments: [attachmentOf("image", fileOf(await picture(), "a.png", "image/png"))],
    });
    await change({ op: "edit", externalId: String(photo.id), content: { text: "White" } });
    expect(photo.message.caption).toBe("White");
  });

  test("messages are deleted, one or several, and once more", async () => {
    const sent = [await send({ text: "1" }), await send({ text: "2" }), await send({ text: "3" })];
    const [first, ...rest] = sent.map(({ id }) => String(id));
    await change({ op: "delete", externalIds: [first ?? ""] });
    await change({ op: "delete", externalIds: [first ?? ""] });
    await change({ op: "delete", externalIds: rest });
    expect(sent.every(({ deleted }) => deleted)).toBe(true);
  });

  test("a reaction is set in Telegram's spelling, replaced and taken back", async () => {
    const question = kate.say("Thanks!");
    const react = (emojis: string[]) => change({ op: "react", externalId: String(question.id), emojis });
    await react(["❤️"]);
    expect(question.reactions.bot).toEqual(["❤"]);
    await react([]);
    expect(question.reactions.bot).toEqual([]);
    expect(await failureOf(react(["🦖"]))).toMatchObject({ class: "unsupported" });
  });

  test("typing is shown", async () => {
    await change({ op: "typing" });
    expect(kate.chat(bot).typingAt).toBeInstanceOf(Date);
  });

  test("a pressed button is acknowledged; a press too old to answer is no failure", async () => {
    const { id } = await send({ text: "Add?", buttons: [[{ title: "Yes", value: "y" }]] });
    const press = kate.press(id, 0);
    await change({ op: "acknowledgeAction", ackToken: press });
    expect(kate.chat(bot).presses[0]?.answered).toBe(true);
    await change({ op: "acknowledgeAction", ackToken: "1" });
  });
});
