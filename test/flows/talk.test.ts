import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FileModel } from "../../core/stored-files.ts";
import type { SimChat } from "../../demo/simulators/telegram.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { firstConversation, messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

/** Texts in a chat, as the customer sees them. */
const shown = (chat: SimChat): (string | undefined)[] =>
  chat.messages.filter((message) => !message.deleted).map(({ message }) => message.text);

describe("a customer writes in Telegram and agents answer", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it("brings the message to every agent's socket and the answer to the customer", async () => {
    const { owner, simulator, bot } = world;
    const colleague = await owner.invite("oleg@clay.example");
    const [anna, oleg] = [await owner.listen(), await colleague.listen()];
    const maria = await simulator.addCustomer({ name: "Maria Sokolova", username: "masha" });
    maria.start(bot);
    maria.say("Is there a place left on Saturday?");

    for (const ear of [anna, oleg])
      await ear.wait(
        "message",
        ({ message }) => message.content.text === "Is there a place left on Saturday?",
      );
    const conversation = await firstConversation(owner);
    expect(conversation).toMatchObject({
      contact: { name: "Maria Sokolova" },
      needsReply: true,
      unread: 2,
      state: "open",
    });

    const reply = await owner.reply(conversation.id, "Yes, two places.");
    expect(reply.delivery.state).toBe("queued");
    const sent = await oleg.wait(
      "message",
      ({ message }) => message.id === reply.id && message.delivery?.state === "sent",
    );
    expect(sent.message.sender).toMatchObject({ kind: "staff", name: "Anna" });
    expect(shown(maria.chat(bot)).at(-1)).toBe("Yes, two places.");
    expect(await owner.get(`/conversations/${conversation.id}`)).toMatchObject({
      needsReply: false,
      unread: 0,
      preview: { text: "Yes, two places.", deliveryState: "sent" },
    });
    colleague.leave();
  });

  it("sends what could not be prepared at first, because the store was away, and knows that it had not gone out", async () => {
    const { owner } = world;
    const conversation = await firstConversation(owner);
    const { body: file } = await owner.upload("bowl.png", "image/png", await picture(40, 30));
    const find = FileModel.findOne.bind(FileModel);
    let away = 1;
    vi.spyOn(FileModel, "findOne").mockImplementation((...given: Parameters<typeof find>) => {
      const prepares = new Error("here").stack?.includes("commands.ts") === true;
      if (!prepares || away-- <= 0) return find(...given);
      throw Object.assign(new Error("the store is away"), { name: "MongoNetworkError" });
    });
    const reply = await owner.reply(conversation.id, "The place", {
      content: {
        text: "The place",
        attachments: [{ kind: "image", media: { state: "stored", fileId: file.id } }],
      },
    });
    const ended = await messageWhere(
      owner,
      conversation.id,
      ({ id, delivery }) => id === reply.id && !["queued", "sending"].includes(delivery.state),
    );
    vi.restoreAllMocks();
    expect(away).toBeLessThan(1);
    expect(["sent", "delivered"]).toContain(ended.delivery.state);
  });

  it("keeps seq without holes and rev above every change", async () => {
    const { owner } = world;
    const conversation = await firstConversation(owner);
    const thread = await threadOf(owner, conversation.id);
    expect(thread.map((message) => message.seq)).toEqual(thread.map((_, index) => index + 1));
    const changed = await owner.get(
      `/conversations/${conversation.id}/messages?afterRev=${thread.length - 1}`,
    );
    expect(changed.items.map((message: any) => message.rev)).toEqual(
      changed.items.map((message: any) => message.rev).toSorted((a: number, b: number) => a - b),
    );
  });

  it("sends a reply once for the same client id", async () => {
    const { owner, simulator, bot } = world;
    const conversation = await firstConversation(owner);
    const twice = { clientId: "the-same-client-id", type: "outgoing", content: { text: "Only once" } };
    const [first, second] = await Promise.all([
      owner.post(`/conversations/${conversation.id}/messages`, twice),
      owner.post(`/conversations/${conversation.id}/messages`, twice),
    ]);
    expect(first.id).toBe(second.id);
    await messageWhere(
      owner,
      conversation.id,
      (message) => message.id === first.id && message.delivery.state === "sent",
    );
    const maria = simulator.customers[0];
    expect(shown(maria!.chat(bot)).filter((text) => text === "Only once")).toHaveLength(1);
  });

  it("holds a reply when a colleague answered first", async () => {
    const { owner } = world;
    const conversation = await firstConversation(owner);
    const colleague = await owner.invite("dina@clay.example");
    const seen = (await owner.get(`/conversations/${conversation.id}`)).lastSeq;
    await colleague.reply(conversation.id, "Dina was faster");
    const held = await owner.ask("POST", `/conversations/${conversation.id}/messages`, {
      clientId: "held-reply-1",
      type: "outgoing",
      content: { text: "Too late" },
      seenSeq: seen,
    });
    expect(held.status).toBe(409);
    expect(held.body.error).toMatchObject({ code: "answered_meanwhile", details: { senderName: "dina" } });
  });

  it("shows edits, reactions, blocks and pressed buttons of the customer", async () => {
    const { owner, simulator, bot } = world;
    const conversation = await firstConversation(owner);
    const maria = simulator.customers[0]!;
    const said = maria.say("I will come at nin");
    await messageWhere(owner, conversation.id, (message) => message.content.text === "I will come at nin");
    maria.edit(said.id, "I will come at nine");
    const edited = await messageWhere(
      owner,
      conversation.id,
      (message) => message.content.text === "I will come at nine",
    );
    expect(edited.editedAt).toBeDefined();

    const reply = await owner.reply(conversation.id, "Choose", {
      content: { text: "Choose", buttons: [[{ title: "Morning", value: "am" }]] },
    });
    const sent = await messageWhere(
      owner,
      conversation.id,
      (message) => message.id === reply.id && message.delivery.state === "sent",
    );
    const ours = maria.chat(bot).messages.find(({ message }) => message.text === "Choose")!;
    maria.press(ours.id, 0);
    const pressed = await messageWhere(owner, conversation.id, (message) => message.content.action);
    expect(pressed.content.action).toMatchObject({ title: "Morning", value: "am" });
    await waitFor(() => simulator.callsOf("answerCallbackQuery").length > 0, "the press to be answered");

    maria.react(ours.id, ["👍"]);
    const reacted = await messageWhere(
      owner,
      conversation.id,
      (message) => message.id === sent.id && message.reactions,
    );
    expect(reacted.reactions).toEqual([{ by: "contact", emoji: "👍" }]);

    maria.block(bot);
    await messageWhere(owner, conversation.id, (message) => message.event?.what === "blocked");
    expect(await owner.get(`/conversations/${conversation.id}`)).toMatchObject({
      blocked: true,
      canWrite: false,
    });
    maria.unblock(bot);
    await messageWhere(owner, conversation.id, (message) => message.event?.what === "unblocked");
  });

  it("edits, reacts to and deletes what was sent, at the customer too", async () => {
    const { owner, simulator, bot } = world;
    const conversation = await firstConversation(owner);
    const maria = simulator.customers[0]!;
    const reply = await owner.reply(conversation.id, "See you at nine");
    await messageWhere(
      owner,
      conversation.id,
      (message) => message.id === reply.id && message.delivery.state === "sent",
    );
    await owner.patch(`/messages/${reply.id}`, { text: "See you at ten" });
    await messageWhere(
      owner,
      conversation.id,
      (message) => message.id === reply.id && message.content.text === "See you at ten" && !message.change,
    );
    expect(shown(maria.chat(bot))).toContain("See you at ten");

    const last = (await threadOf(owner, conversation.id))
      .filter((message) => message.type === "incoming" && message.content.text)
      .at(-1);
    await owner.put(`/messages/${last.id}/reaction`, { emoji: "❤" });
    await messageWhere(
      owner,
      conversation.id,
      (message) =>
        message.id === last.id && message.reactions?.some((reaction: any) => reaction.by === "staff"),
    );

    await owner.delete(`/messages/${reply.id}`);
    await messageWhere(owner, conversation.id, (message) => message.id === reply.id && message.deletedAt);
    expect(shown(maria.chat(bot))).not.toContain("See you at ten");
  });

  it("resolves, reopens at the next message, snoozes and wakes", async () => {
    const { owner, simulator } = world;
    const maria = simulator.customers[0]!;
    const conversation = await firstConversation(owner);
    expect(await owner.patch(`/conversations/${conversation.id}`, { state: "resolved" })).toMatchObject({
      state: "resolved",
      needsReply: false,
      resolvedAt: expect.any(String),
    });
    maria.say("One more thing");
    await waitFor(
      async () => (await owner.get(`/conversations/${conversation.id}`)).state === "open",
      "reopening",
    );
    const thread = await threadOf(owner, conversation.id);
    const [line, message] = thread.slice(-2);
    expect(line.event.what).toBe("reopened");
    expect(message.content.text).toBe("One more thing");
    expect(
      (await owner.patch(`/conversations/${conversation.id}`, { state: "snoozed", snoozedUntil: null }))
        .state,
    ).toBe("snoozed");
    maria.say("Are you there?");
    await waitFor(
      async () => (await owner.get(`/conversations/${conversation.id}`)).state === "open",
      "waking",
    );
  });

  it("puts nothing off until a time that is over", async () => {
    const { owner } = world;
    const { id } = await firstConversation(owner);
    const snoozedUntil = new Date(Date.now() - 7_200_000).toISOString();
    const { status, body } = await owner.ask("PATCH", `/conversations/${id}`, {
      state: "snoozed",
      snoozedUntil,
    });
    expect([status, body.error.details.fields]).toMatchObject([
      400,
      [{ path: "body.snoozedUntil", code: "past" }],
    ]);
    expect(await owner.get(`/conversations/${id}`)).toMatchObject({ state: "open" });
  });

  it("has a customer who waits wait again when closing is taken back", async () => {
    const { owner } = world;
    const before = await firstConversation(owner);
    expect(before).toMatchObject({ needsReply: true, waitingSince: expect.any(String) });
    await owner.patch(`/conversations/${before.id}`, { state: "resolved" });
    expect(await owner.patch(`/conversations/${before.id}`, { state: "open" })).toMatchObject({
      needsReply: true,
      waitingSince: expect.any(String),
    });
    await owner.reply(before.id, "Here I am");
    await owner.patch(`/conversations/${before.id}`, { state: "resolved" });
    expect(await owner.patch(`/conversations/${before.id}`, { state: "open" })).toMatchObject({
      needsReply: false,
    });
  });
});
