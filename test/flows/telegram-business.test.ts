/** A business account whose owner lets the bot answer: its chats beside the bot's own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TelegramBusiness, TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { waitFor } from "../support/hub.ts";
import { messageWhere, startWorld, type World } from "../support/world.ts";

describe("a business account behind the bot", () => {
  let owner: TelegramCustomer;
  let olga: TelegramCustomer;
  let business: TelegramBusiness;
  let conversation: any;
  let world: World;
  const details = () => world.owner.get(`/channels/${world.channelId}`);
  const arrived = (text: string) =>
    messageWhere(
      world.owner,
      conversation.id,
      ({ content, deletedAt }) => content.text === text && !deletedAt,
    );

  beforeAll(async () => {
    world = await startWorld();
    owner = await world.simulator.addCustomer({ name: "Nina Orlova" });
    olga = await world.simulator.addCustomer({ name: "Olga Petrova" });
    business = world.simulator.connectBusiness(world.bot, owner);
    business.hear(olga.user, "Is Nina there?");
    conversation = await waitFor(
      async () =>
        (await world.owner.get("/conversations?limit=100")).items.find(
          (item: any) => item.contact.name === "Olga Petrova",
        ),
      "the conversation of the business account",
    );
  });

  afterAll(() => world.stop());

  it("is named in the account's history, and its customers' threads are its own", async () => {
    expect(conversation.threadKey).toBe(`${olga.id}@${business.id}`);
    const { log } = await waitFor(async () => {
      const found = await details();
      return found.log.some((line: any) => line.code === "business_on") && found;
    }, "the line of the history");
    expect(log.find((line: any) => line.code === "business_on").message).toBe("Nina Orlova");
  });

  it("answers in the owner's name, edits, marks as read and deletes", async () => {
    await arrived("Is Nina there?");
    const { lastSeq } = await world.owner.get(`/conversations/${conversation.id}`);
    await world.owner.post(`/conversations/${conversation.id}/read`, { seq: lastSeq });
    await world.simulator.waitFor(() => business.read.get(olga.id) !== undefined);
    const sent = await world.owner.reply(conversation.id, "She is. What is it about?");
    const shown = await world.simulator.waitFor(() => business.chat(olga.user).botMessages[0]);
    expect(shown.message).toMatchObject({ business_connection_id: business.id, from: { id: owner.id } });
    await messageWhere(
      world.owner,
      conversation.id,
      (one) => one.id === sent.id && one.delivery.state === "sent",
    );
    await world.owner.patch(`/messages/${sent.id}`, { text: "She is. What about?" });
    await world.simulator.waitFor(
      () => business.chat(olga.user).botMessages[0]?.message.text === "She is. What about?",
    );
    await world.owner.delete(`/messages/${sent.id}`);
    await world.simulator.waitFor(() => business.chat(olga.user).botMessages.length === 0);
  });

  it("shows what the owner wrote by hand, edits and deletions", async () => {
    const byHand = business.answer(olga.user, "Hello, Nina here");
    expect((await arrived("Hello, Nina here")).type).toBe("outgoing");
    business.edit(olga.user, byHand.id, "Hello, this is Nina");
    await arrived("Hello, this is Nina");
    const wrong = business.hear(olga.user, "Oops");
    await arrived("Oops");
    business.remove(olga.user, [wrong.id]);
    await messageWhere(world.owner, conversation.id, (one) => one.deletedAt !== undefined);
  });

  it("keeps what the owner writes by hand out of the row of a conversation that has gone on elsewhere", async () => {
    const token = "7418025592:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2";
    const shop = await world.simulator.addBot({ token, username: "clay_shop_bot", name: "Clay shop" });
    const { id: shopId } = await world.owner.post("/channels", { kind: "telegram", credentials: { token } });
    olga.say("And in the shop?", { bot: shop });
    const threads = await waitFor(async () => {
      const { items } = await world.owner.get(`/contacts/${conversation.contact.id}/threads`);
      return items.length === 2 && items;
    }, "both threads");
    const threadIn = (channelId: string) => threads.find((one: any) => one.channelId === channelId).id;
    const row = `/conversations/${conversation.id}`;
    await world.owner.patch(row, { threadId: threadIn(shopId) });
    const seller = await world.owner.invite("seller@clay.example", { channelIds: [shopId] });
    const { lastSeq } = await seller.get(row);
    business.answer(olga.user, "The key is under the mat");
    const { seq } = await arrived("The key is under the mat");
    await waitFor(async () => (await seller.get(row)).lastSeq >= seq, "the conversation to be raised");
    expect(seq).toBeGreaterThan(lastSeq);
    expect((await seller.get(row)).preview).toBeUndefined();
    await world.owner.patch(row, { threadId: threadIn(world.channelId) });
    expect((await world.owner.get(row)).preview.text).toBe("The key is under the mat");
  });

  it("cannot react or forward, and says why a send failed when the owner takes the chats away", async () => {
    const message = await arrived("Is Nina there?");
    const refused = await world.owner.ask("POST", `/messages/${message.id}/reaction`, { emoji: "👍" });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    business.disconnect();
    await waitFor(
      async () => (await details()).log.some((line: any) => line.code === "business_off"),
      "the line of the history",
    );
    const sent = await world.owner.reply(conversation.id, "Still there?");
    const failed = await messageWhere(
      world.owner,
      conversation.id,
      (one) => one.id === sent.id && one.delivery.state === "failed",
    );
    expect(failed.delivery.failure).toMatchObject({ class: "permanent", code: "business_lost" });
  });
});
