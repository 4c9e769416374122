/** The library's own classes and events through the driver, without a browser behind them. */
import wwebjs from "whatsapp-web.js";
import type { Client, Message } from "whatsapp-web.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Driver } from "../../connectors/whatsapp-web/driver.ts";
import whatsappWeb from "../../connectors/whatsapp-web/index.ts";
import type { FromChild, WireUpdate } from "../../connectors/whatsapp-web/wire.ts";
import { failureOf } from "../support/telegram.ts";
import { eventually } from "../support/eventually.ts";

const kate = "447700900123@c.us";
const me = "15550783881@c.us";

/** The library exports its structures, its types say so of few. */
interface Structures {
  Message: new (client: Client, data: object) => Message;
}

/** A message as the program in the page describes it. */
function messageOf(client: Client, data: Record<string, unknown>, fromMe = false): Message {
  const id = { fromMe, remote: kate, id: "3EB0AA", _serialized: `${fromMe}_${kate}_3EB0AA` };
  const from = fromMe ? { from: me, to: kate } : { from: kate, to: me };
  const raw = { id, t: 1_772_366_400, type: "chat", notifyName: "Kate", ...from, ...data };
  const { Message: LibraryMessage } = wwebjs as unknown as Structures;
  return new LibraryMessage(client, raw);
}

let client: Client;
let told: FromChild[];
let driver: Driver;
beforeEach(() => {
  client = new wwebjs.Client({ authStrategy: new wwebjs.NoAuth() });
  client.info = {
    wid: { user: "15550783881", server: "c.us", _serialized: me },
    pushname: "Clay",
  } as Client["info"];
  vi.spyOn(client, "getContactById").mockRejectedValue(new Error("no page"));
  told = [];
  driver = new Driver(client, wwebjs, (message) => told.push(message), { waitMs: 50 });
  driver.attach();
});

const updates = (): WireUpdate[] => told.flatMap((one) => (one.says === "update" ? one.update : []));
const events = () =>
  updates().flatMap((update) =>
    whatsappWeb.parseUpdate(new TextEncoder().encode(JSON.stringify(update)), new Date()),
  );
const heard = async (count: number) => {
  await eventually(() => expect(updates()).toHaveLength(count));
  return events();
};

describe("what happens in the program", () => {
  test("a text, a quote and a file", async () => {
    client.emit("message_create", messageOf(client, { body: "Is it food safe?" }));
    client.emit(
      "message_create",
      messageOf(client, {
        body: "This",
        quotedMsg: {},
        quotedStanzaID: "3EB0Q",
        quotedParticipant: { _serialized: me },
      }),
    );
    client.emit(
      "message_create",
      messageOf(client, {
        type: "ptt",
        directPath: "/v/x",
        mimetype: "audio/ogg; codecs=opus",
        duration: "4",
      }),
    );
    const [text, quote, voice] = await heard(3);
    expect(text).toMatchObject({
      type: "message",
      threadKey: kate,
      peer: { name: "Kate", phone: "+447700900123" },
      content: { text: "Is it food safe?" },
    });
    expect(quote).toMatchObject({ replyTo: { externalId: `true_${kate}_3EB0Q` } });
    expect(voice).toMatchObject({
      content: { attachments: [{ kind: "voice", media: { durationMs: 4000 }, source: { type: "message" } }] },
    });
  });

  test("a place stays where it is, and a picture of a person is asked for", async () => {
    client.emit("message_create", messageOf(client, { type: "location", lat: -33.8688, lng: 151.2093 }));
    const [event] = await heard(1);
    expect(event).toMatchObject({
      content: { attachments: [{ kind: "location", latitude: -33.8688, longitude: 151.2093 }] },
    });
    const asked = vi.spyOn(client, "getProfilePicUrl").mockResolvedValue("https://pps.whatsapp.net/v/1.jpg");
    expect(await driver.carryOut({ do: "picture", chat: kate })).toBe("https://pps.whatsapp.net/v/1.jpg");
    expect(asked).toHaveBeenCalledWith(kate);
  });

  test("an edit, a deletion, a reaction, receipts, a message of the phone", async () => {
    const edited = messageOf(client, { body: "better", latestEditSenderTimestampMs: 1_772_366_500_000 });
    client.emit("message_edit", edited, "better", "worse");
    client.emit(
      "message_revoke_everyone",
      messageOf(client, { type: "revoked" }),
      messageOf(client, { body: "gone" }),
    );
    const msgId = { remote: kate, fromMe: true, id: "3EB0AA", _serialized: `true_${kate}_3EB0AA` };
    client.emit("message_reaction", { msgId, reaction: "👍", senderId: kate, timestamp: 1_772_366_600 });
    client.emit("message_ack", messageOf(client, { body: "x" }, true), 3);
    client.emit("message_create", messageOf(client, { body: "by phone" }, true));
    expect(await heard(5)).toMatchObject([
      { type: "edit", content: { text: "better" } },
      { type: "delete", externalIds: [`false_${kate}_3EB0AA`] },
      { type: "reaction", externalId: `true_${kate}_3EB0AA`, emojis: ["👍"] },
      { type: "delivery", state: "read" },
      { type: "message", echo: true, content: { text: "by phone" } },
    ]);
  });

  test("groups, statuses and notices are not passed on", async () => {
    const group = "1203630@g.us";
    client.emit(
      "message_create",
      messageOf(client, { id: { remote: group, _serialized: `false_${group}_1` } }),
    );
    client.emit("message_create", messageOf(client, { isStatusV3: true, body: "story" }));
    client.emit("message_create", messageOf(client, { type: "e2e_notification" }));
    client.emit("message_create", messageOf(client, { body: "the only one" }));
    expect(await heard(1)).toMatchObject([{ content: { text: "the only one" } }]);
  });

  test("codes, signing in, signing out", () => {
    client.emit("qr", "2@code");
    client.emit("authenticated");
    client.emit("ready");
    client.emit("disconnected", "LOGOUT");
    expect(told).toMatchObject([
      { says: "qr", qr: "2@code" },
      { says: "authenticated" },
      { says: "ready", account: { id: "15550783881", name: "Clay" } },
      { says: "logged_out" },
    ]);
  });
});

describe("a send", () => {
  const order = { do: "send" as const, chat: kate, key: "69a3f0c2e1b7d40012ab34cd", text: "Yes" };

  test("ends with the library's answer, and its echo is no message of the phone's", async () => {
    const sent = messageOf(client, { body: "Yes" }, true);
    vi.spyOn(client, "sendMessage").mockImplementation(() => {
      client.emit("message_create", sent);
      return Promise.resolve(sent);
    });
    expect(await driver.carryOut(order)).toMatchObject({ id: `true_${kate}_3EB0AA` });
    expect(updates()).toEqual([]);
  });

  test("ends with the echo when the answer never comes", async () => {
    vi.spyOn(client, "sendMessage").mockReturnValue(new Promise(() => undefined));
    const sending = driver.carryOut(order);
    client.emit("message_create", messageOf(client, { body: "Yes" }, true));
    expect(await sending).toMatchObject({ id: `true_${kate}_3EB0AA` });
  });

  test("is unknown when neither comes; a late echo tells under which id it went", async () => {
    vi.spyOn(client, "sendMessage").mockReturnValue(new Promise(() => undefined));
    expect(await failureOf(driver.carryOut(order))).toMatchObject({ class: "unknown", code: "no_echo" });
    client.emit("message_create", messageOf(client, { body: "Yes" }, true));
    expect(await heard(1)).toMatchObject([
      { type: "delivery", state: "sent", idempotencyKey: order.key, externalIds: [`true_${kate}_3EB0AA`] },
    ]);
  });

  test("carries files, places, contacts and quotes as the library wants them", async () => {
    const post = vi
      .spyOn(client, "sendMessage")
      .mockImplementation((_chat, content) =>
        Promise.resolve(messageOf(client, { body: typeof content === "string" ? content : "" }, true)),
      );
    const file = {
      mime: "audio/ogg; codecs=opus",
      name: "voice.ogg",
      data: Buffer.from("sound"),
      kind: "voice",
    };
    await driver.carryOut({ ...order, text: "", file, quotedId: "false_x" });
    expect(post.mock.lastCall).toMatchObject([
      kate,
      { mimetype: "audio/ogg; codecs=opus", data: Buffer.from("sound").toString("base64") },
      { sendAudioAsVoice: true, quotedMessageId: "false_x" },
    ]);
    await driver.carryOut({ ...order, text: "", place: { latitude: 55.7, longitude: 37.6, name: "Clay" } });
    expect(post.mock.lastCall?.[1]).toBeInstanceOf(wwebjs.Location);
    await driver.carryOut({ ...order, text: "", vCard: "BEGIN:VCARD" });
    expect(post.mock.lastCall?.[2]).toMatchObject({ parseVCards: true });
  });
});
