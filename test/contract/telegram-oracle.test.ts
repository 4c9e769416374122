/** The Chat SDK's own Telegram adapter reads the same updates: who wrote, where, when, under which id, and what. */
import { createTelegramAdapter, type TelegramMessage } from "@chat-adapter/telegram";
import { expect, test } from "vitest";
import { z } from "zod";
import telegram from "../../connectors/telegram/index.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { botToken } from "../support/world.ts";

const secret = "word";
const adapter = createTelegramAdapter({
  botToken,
  secretToken: secret,
  mode: "webhook",
  userName: "clay_and_co_bot",
});

const update = z.object({ message: z.custom<TelegramMessage>((given) => typeof given === "object") });

const read = fixturesOf("telegram").flatMap(({ name, body }) => {
  const [event] = telegram.parseUpdate(body, new Date());
  const found = update.safeParse(JSON.parse(new TextDecoder().decode(body))).data;
  return found && event?.type === "message" ? [{ name, body, event, raw: found.message }] : [];
});

test("there is something to compare", () => {
  expect(read.length).toBeGreaterThan(25);
});

test.each(read)("$name is read alike", ({ event, raw }) => {
  const theirs = adapter.parseMessage(raw);
  const place = adapter.decodeThreadId(theirs.threadId);
  expect(theirs.id).toBe(`${place.chatId}:${event.externalId}`);
  expect(event.threadKey.split(":")[0]).toBe(place.chatId);
  expect(theirs.metadata.dateSent).toEqual(event.at);
  expect(event.peer.aliases.map(({ value }) => value)).toContain(theirs.author.userId);
  expect(theirs.author.fullName).toBe(event.peer.name);
  // A quote of another chat's message is known to us alone.
  if (theirs.replyTo) expect(theirs.replyTo.id).toBe(`${place.chatId}:${event.replyTo?.externalId}`);

  const files = (event.content.attachments ?? []).filter((one) => "media" in one);
  expect(theirs.attachments.length).toBe(files.length);
  for (const [index, file] of files.entries()) {
    const { fetchMetadata, size } = theirs.attachments[index]!;
    // An animated sticker is shown by its picture here; they offer no way to a file that bots cannot fetch.
    if (file.kind === "sticker" || file.media.state === "too_large") continue;
    expect(file.source?.value).toBe(fetchMetadata?.["fileId"]);
    expect(file.media.size).toBe(size);
  }
  // They write entities into the text, and describe in words of their own what is neither text nor file.
  const said = raw.text ?? raw.caption;
  if (said !== undefined && !event.content.entities?.length) expect(theirs.text).toBe(event.content.text);
});

test("an update that one believes the other believes too", async () => {
  const { body } = read[0]!;
  const ask = async (headers: Record<string, string>) =>
    (
      await adapter.handleWebhook(
        new Request("https://hub.example", { method: "POST", headers, body: Buffer.from(body) }),
      )
    ).status;
  const verify = (headers: Record<string, string>) =>
    telegram.verifyWebhook({ method: "POST", query: {}, headers, body, secret }, {});
  for (const headers of [{}, { "x-telegram-bot-api-secret-token": "wore" }])
    expect([verify(headers), await ask(headers)]).toEqual([false, 401]);
  const proven = { "x-telegram-bot-api-secret-token": secret };
  expect([verify(proven), await ask(proven)]).toEqual([true, 200]);
});
