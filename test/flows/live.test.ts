/** Two agents beside each other, and a connection that is lost. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConversationModel } from "../../inbox/models/index.ts";
import { hold } from "../support/hold.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { firstConversation, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let oleg: Person;
let conversation: any;
beforeAll(async () => {
  world = await startWorld();
  oleg = await world.owner.invite("oleg@clay.example");
  const maria = await world.simulator.addCustomer({ name: "Maria" });
  maria.say("Hello", { bot: world.bot });
  conversation = await firstConversation(world.owner);
});
afterAll(async () => {
  oleg.leave();
  await world.stop();
});

describe("two agents", () => {
  it("see each other viewing, replying and leaving", async () => {
    const [anna, colleague] = [await world.owner.listen(), await oleg.listen()];
    anna.socket.emit("view", { conversationId: conversation.id, replying: false });
    await colleague.wait("viewers", ({ viewers }) =>
      viewers.some((viewer) => viewer.staffId === world.owner.id && !viewer.replying),
    );
    colleague.socket.emit("view", { conversationId: conversation.id, replying: true });
    await anna.wait(
      "viewers",
      ({ viewers }) =>
        viewers.length === 2 && viewers.some((viewer) => viewer.staffId === oleg.id && viewer.replying),
    );
    colleague.socket.disconnect();
    await waitFor(() => anna.all("viewers").at(-1)?.viewers.length === 1, "the colleague to leave");
  });

  it.each(["leaves", "looks away"])(
    "see nobody who %s while the hub still looks up what is viewed",
    async (act) => {
      const [anna, colleague] = [await world.owner.listen(), await oleg.listen()];
      const held = hold(ConversationModel, "findOne", (_, fields) => fields?.threadKey);
      colleague.socket.emit("view", { conversationId: conversation.id, replying: false });
      await held.reached;
      if (act === "leaves") {
        const isOnline = async () =>
          (await world.owner.get("/staff")).items.find(({ id }: any) => id === oleg.id).presence === "online";
        expect(await isOnline()).toBe(true);
        oleg.leave();
        await waitFor(async () => !(await isOnline()), "the colleague to leave");
        held.release();
      } else {
        const seen = colleague.socket.emitWithAck("view", { conversationId: null, replying: false });
        colleague.socket.emit("typing", { conversationId: conversation.id });
        await anna.wait("typing"); // said after it: the hub has heard both
        held.release();
        await seen;
      }
      anna.socket.emit("view", { conversationId: conversation.id, replying: false });
      await waitFor(
        () =>
          anna
            .all("viewers")
            .at(-1)
            ?.viewers.some(({ staffId }) => staffId === world.owner.id),
        "oneself",
      );
      expect(
        anna
          .all("viewers")
          .at(-1)
          ?.viewers.map(({ staffId }) => staffId),
      ).toEqual([world.owner.id]);
      world.owner.leave();
    },
  );

  it("see each other typing, and so does the customer", async () => {
    const [anna, colleague] = [await world.owner.listen(), await oleg.listen()];
    colleague.socket.emit("typing", { conversationId: conversation.id });
    await anna.wait("typing", (typing) => typing.by === "staff" && typing.staffId === oleg.id);
    await waitFor(() => world.simulator.callsOf("sendChatAction").length > 0, "Telegram to be told");
  });

  it("share drafts between devices of one person alone", async () => {
    const [phone, colleague] = [await world.owner.listen(), await oleg.listen()];
    await world.owner.put(`/conversations/${conversation.id}/drafts/reply`, {
      content: { text: "Half a sen" },
    });
    const heard = await phone.wait("draft");
    expect(heard.draft?.content.text).toBe("Half a sen");
    expect((await world.owner.get("/conversations")).items[0].draft.content.text).toBe("Half a sen");
    expect((await oleg.get("/conversations")).items[0].draft).toBeUndefined();
    expect(colleague.all("draft")).toEqual([]);
    await world.owner.reply(conversation.id, "Half a sentence more");
    expect((await world.owner.get(`/conversations/${conversation.id}/drafts`)).items).toEqual([]);
  });

  it("keep the latest of what one tab saved, in whatever order it arrives", async () => {
    const path = `/conversations/${conversation.id}/drafts/reply`;
    const save = (text: string, tab: string, turn: number): Promise<any> =>
      world.owner.put(path, { content: { text }, tab, turn });
    const texts = async (): Promise<string[]> =>
      (await world.owner.get(`/conversations/${conversation.id}/drafts`)).items.map(
        ({ content }: any) => content.text,
      );
    await Promise.all([save("third", "a", 3), save("first", "a", 1), save("second", "a", 2)]);
    expect(await texts()).toEqual(["third"]);
    expect((await save("second", "a", 2)).content.text).toBe("third");
    expect(await texts()).toEqual(["third"]);
    await save("on the phone", "b", 1);
    expect(await texts()).toEqual(["on the phone"]);
    const { status } = await world.owner.ask("PUT", path, { content: { text: "x" }, tab: {}, turn: -1 });
    expect(status).toBe(400);
    await world.owner.delete(path);
  });

  it("mention each other in notes that the customer never sees", async () => {
    const [maria] = world.simulator.customers;
    await world.owner.post(`/conversations/${conversation.id}/messages`, {
      clientId: randomUUID(),
      type: "note",
      content: { text: "@oleg can we?" },
      mentions: [oleg.id],
    });
    expect((await oleg.get("/conversations?view=mentions")).items).toHaveLength(1);
    expect((await oleg.get("/conversations/counts")).mentions).toBe(1);
    expect((await world.owner.get("/conversations?view=mentions")).items).toEqual([]);
    const reply = await world.owner.reply(conversation.id, "Yes");
    await waitFor(
      async () =>
        (await threadOf(world.owner, conversation.id)).find((message) => message.id === reply.id)?.delivery
          .state === "sent",
      "a later reply",
    );
    expect(maria?.chat(world.bot).messages.some(({ message }) => message.text?.includes("can we"))).toBe(
      false,
    );
  });
});

describe("a connection that is lost", () => {
  it("catches up by revision: everything after the last one, once, edits and states included", async () => {
    const ear = await world.owner.listen();
    const known = new Map(
      (await threadOf(world.owner, conversation.id)).map((message) => [message.id, message]),
    );
    const lastRev = Math.max(...[...known.values()].map((message) => message.rev));
    ear.socket.disconnect();
    const [maria] = world.simulator.customers;
    for (let n = 0; n < 60; n += 1) maria?.say(`while away ${n}`, { bot: world.bot });
    const reply = await oleg.reply(conversation.id, "I am here");
    await waitFor(
      async () =>
        (await threadOf(oleg, conversation.id)).find((message) => message.id === reply.id)?.delivery.state ===
        "sent",
      "the reply",
    );
    await waitFor(
      async () =>
        (await threadOf(oleg, conversation.id)).filter((message) =>
          message.content.text?.startsWith("while away"),
        ).length === 60,
      "all messages",
    );

    let rev = lastRev;
    for (let more = true; more;) {
      const page = await world.owner.get(
        `/conversations/${conversation.id}/messages?afterRev=${rev}&limit=25`,
      );
      for (const message of page.items) {
        expect(message.rev).toBeGreaterThan(rev);
        known.set(message.id, message);
        rev = message.rev;
      }
      more = page.hasMore;
    }
    const truth = await threadOf(world.owner, conversation.id);
    const caught = [...known.values()].toSorted((a, b) => a.seq - b.seq);
    expect(caught).toEqual(truth);
  });
});
