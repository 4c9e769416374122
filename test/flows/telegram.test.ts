/** Every kind of Telegram update through the whole hub, and everything that agents can send. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { InboundModel } from "../../inbox/models/index.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import {
  botToken,
  firstConversation,
  messageWhere,
  startWorld,
  threadOf,
  type World,
} from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ PUBLIC_URL: "https://hub.example" });
});
afterAll(() => world.stop());

/** Posts an update as Telegram does, with the secret that the hub registered. */
async function post(body: Uint8Array | string): Promise<number> {
  const secret = await waitFor(
    () => world.simulator.callsOf("setWebhook")[0]?.params["secret_token"] as string | undefined,
    "the webhook",
  );
  const response = await fetch(`${world.hub.url}/webhooks/telegram/${world.channelId}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
    body: body as BodyInit,
  });
  return response.status;
}

const allMessages = async (): Promise<any[]> => {
  const { items } = await world.owner.get("/conversations?limit=100");
  return (await Promise.all(items.map((item: any) => threadOf(world.owner, item.id)))).flat();
};

describe("every kind of update", () => {
  const fixtures = fixturesOf("telegram");

  it(`is taken, recorded and shown (${fixtures.length} recorded ones), and adds nothing when it comes again`, async () => {
    for (const { body } of fixtures) expect(await post(body)).toBe(200);
    const settled = async (): Promise<any[] | undefined> => {
      const metrics = await (await fetch(`${world.hub.url}/metrics`)).text();
      return /switchboard_inbound_waiting 0/.test(metrics) ? allMessages() : undefined;
    };
    const messages = await waitFor(settled, "everything to be recorded");
    expect(messages.length).toBeGreaterThan(30);
    const kinds = new Set(
      messages.flatMap((message) =>
        [
          ...(message.content.attachments ?? []).map((one: any) => one.kind),
          ...Object.keys(message.content),
          message.event?.what,
        ].filter(Boolean),
      ),
    );
    for (const kind of [
      "text",
      "entities",
      "image",
      "video",
      "animation",
      "audio",
      "voice",
      "video_note",
      "document",
      "sticker",
      "location",
      "contact",
      "action",
      "service",
      "unsupported",
      "blocked",
      "unblocked",
    ])
      expect(kinds, kind).toContain(kind);
    expect(messages.some((message) => message.albumId)).toBe(true);
    expect(messages.some((message) => message.replyTo?.text)).toBe(true);
    expect(messages.some((message) => message.forwardedFrom)).toBe(true);

    for (const { body } of fixtures) expect(await post(body)).toBe(200);
    for (const { body } of fixtures) expect(await post(`${Buffer.from(body).toString()} `)).toBe(200);
    const again = await waitFor(settled, "everything once more");
    expect(again.map((message) => message.id).toSorted()).toEqual(
      messages.map((message) => message.id).toSorted(),
    );
  });

  it("is not acknowledged where the store had it before in part, and failed otherwise", async () => {
    const chat = { id: 66, type: "private", first_name: "Half" };
    const message = {
      message_id: 1,
      date: 1_700_000_000,
      chat,
      from: { ...chat, is_bot: false },
      text: "Half",
    };
    const fault = Object.assign(new Error("one known, one refused"), {
      ...{ name: "MongoBulkWriteError", code: 11000 },
      writeErrors: [{ code: 11000 }, { code: 91 }],
    });
    const insert = vi.spyOn(InboundModel, "insertMany").mockRejectedValueOnce(fault);
    const body = JSON.stringify({ update_id: 900_066, message });
    expect(await post(body)).toBe(500);
    insert.mockRestore();
    expect(await post(body)).toBe(200);
    await waitFor(
      async () => (await allMessages()).some(({ content }) => content.text === "Half"),
      "the message",
    );
  });

  it("keeps what it does not know, counts it and stays well", async () => {
    for (const body of [
      '{"update_id":5,"something_new":{"a":1}}',
      "not json at all",
      "",
      "[]",
      '{"update_id":"x"}',
      "\u0000\u0001",
    ])
      expect(await post(body)).toBe(200);
    const details = await world.owner.get(`/channels/${world.channelId}`);
    expect(details.unknownCount).toBeGreaterThan(5);
    expect((await fetch(`${world.hub.url}/readyz`)).status).toBe(200);
  });

  it("applies an edit that came before its message", async () => {
    const person = { id: 55, is_bot: false, first_name: "Early" };
    const chat = { id: 55, type: "private", first_name: "Early" };
    const message = { message_id: 3, date: 1_790_000_000, chat, from: person, text: "first words" };
    await post(
      JSON.stringify({
        update_id: 501,
        edited_message: { ...message, text: "better words", edit_date: 1_790_000_050 },
      }),
    );
    await post(JSON.stringify({ update_id: 500, message }));
    const found = await waitFor(
      async () => (await allMessages()).find((one) => one.sender.name === "Early" && one.editedAt),
      "the edit",
    );
    expect(found.content.text).toBe("better words");
  });

  it("applies both of two edits within one second, in their order", async () => {
    const person = { id: 56, is_bot: false, first_name: "Hasty" };
    const chat = { id: 56, type: "private", first_name: "Hasty" };
    const message = { message_id: 3, date: 1_790_000_000, chat, from: person, text: "first words" };
    await post(JSON.stringify({ update_id: 510, message }));
    for (const [index, text] of ["better words", "the last word"].entries())
      await post(
        JSON.stringify({
          update_id: 511 + index,
          edited_message: { ...message, text, edit_date: 1_790_000_050 },
        }),
      );
    await waitFor(
      async () =>
        (await allMessages()).find(
          (one) => one.sender.name === "Hasty" && one.content.text === "the last word",
        ),
      "the second edit",
    );
  });
});

describe("what agents send", () => {
  let conversation: any;
  let maria: any;
  beforeAll(async () => {
    maria = await world.simulator.addCustomer({ name: "Maria Sokolova" });
    await post(
      JSON.stringify({
        update_id: 900,
        message: {
          message_id: 1,
          date: 1_790_000_000,
          chat: { id: maria.id, type: "private", first_name: "Maria" },
          from: { id: maria.id, is_bot: false, first_name: "Maria" },
          text: "hello from Maria",
        },
      }),
    );
    maria.start(world.bot);
    conversation = await waitFor(
      async () =>
        (await world.owner.get("/conversations?limit=100")).items.find(
          (item: any) => item.contact.name === "Maria",
        ),
      "the conversation",
    );
  });

  const send = async (content: object, more: object = {}): Promise<any> => {
    const reply = await world.owner.post(`/conversations/${conversation.id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content,
      ...more,
    });
    const done = await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === reply.id && ["sent", "failed", "unknown"].includes(message.delivery.state),
    );
    expect(done.delivery).toMatchObject({ state: "sent" });
    return done;
  };
  const upload = async (name: string, mime: string, bytes: Uint8Array): Promise<object> => {
    const { body } = await world.owner.upload(name, mime, bytes);
    return { state: "stored", fileId: body.id };
  };
  const last = (): any => maria.chat(world.bot).messages.at(-1);

  it("arrives as formatted text, picture, album, file, location, contact, buttons, quote and forward", async () => {
    await send({ text: "bold and plain", entities: [{ type: "bold", offset: 0, length: 4 }] });
    expect(last().message.entities).toEqual([{ type: "bold", offset: 0, length: 4 }]);

    await send({
      text: "a mug",
      attachments: [{ kind: "image", media: await upload("mug.png", "image/png", await picture()) }],
    });
    expect(last().message).toMatchObject({ caption: "a mug", photo: expect.any(Array) });

    const two = [
      await upload("a.png", "image/png", await picture()),
      await upload("b.png", "image/png", await picture(200, 200, "#246a48")),
    ];
    await send({ attachments: two.map((media) => ({ kind: "image", media })) });
    expect(last().message.media_group_id).toBeDefined();

    await send({
      attachments: [
        { kind: "document", media: await upload("Смета.txt", "text/plain", Buffer.from("1240 °C")) },
      ],
    });
    expect(last().message.document.file_name).toBe("Смета.txt");

    await send({ attachments: [{ kind: "location", latitude: 55.75, longitude: 37.61 }] });
    expect(last().message.location).toMatchObject({ latitude: 55.75 });

    await send({ attachments: [{ kind: "contact", name: "Studio", phones: ["+74955550140"] }] });
    expect(last().message.contact).toMatchObject({ phone_number: "+74955550140" });

    const asked = await send({
      text: "When?",
      buttons: [
        [
          { title: "Today", value: "today" },
          { title: "Site", url: "https://clay.example" },
        ],
      ],
    });
    expect(last().message.reply_markup.inline_keyboard[0]).toMatchObject([
      { text: "Today" },
      { text: "Site", url: "https://clay.example" },
    ]);

    await send({ text: "I mean this" }, { replyToMessageId: asked.id });
    expect(last().message.reply_to_message).toBeDefined();

    await send({}, { forwardOfMessageId: asked.id });
    expect(last().message.forward_origin).toBeDefined();
  });

  it("keeps its order through throttling and passing failures, and ends a refusal as failed", async () => {
    const method = "sendMessage";
    world.simulator.failNext({ method, kind: "429", retryAfter: 1 });
    const texts = ["one", "two", "three"];
    const replies: any[] = [];
    for (const text of texts) replies.push(await world.owner.reply(conversation.id, text));
    await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === replies[2].id && message.delivery.state === "sent",
    );
    expect(
      maria
        .chat(world.bot)
        .messages.slice(-3)
        .map(({ message }: any) => message.text),
    ).toEqual(texts);

    maria.chat(world.bot).blocked = true;
    const refused = await world.owner.reply(conversation.id, "are you there?");
    const failed = await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === refused.id && message.delivery.state === "failed",
    );
    expect(failed.delivery.failure.class).toBe("blocked");
    expect(await world.owner.get(`/conversations/${conversation.id}`)).toMatchObject({ blocked: true });
    expect((await world.owner.get(`/channels/${world.channelId}/held`)).items).toHaveLength(1);
    maria.chat(world.bot).blocked = false;
    await world.owner.post(`/channels/${world.channelId}/retry`, {});
    await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === refused.id && message.delivery.state === "sent",
    );
  });
});

it("never writes a token or a message into the log", async () => {
  const logged = world.hub.logged.join("");
  expect(logged.length).toBeGreaterThan(0);
  expect(logged).not.toContain(botToken);
  expect(logged).not.toContain(botToken.split(":")[1]);
  expect(logged).not.toContain("hello from Maria");
  const conversation = await firstConversation(world.owner);
  expect(JSON.stringify(await world.owner.get(`/channels/${world.channelId}`))).not.toContain(botToken);
  expect(conversation).toBeDefined();
});
