/** Reviews on a card: by customers alone, through a link from their conversation, and shown when the owner lets them. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { acrossWorkspaces, ObjectId } from "../../core/db.ts";
import { ConversationModel, MessageModel } from "../../inbox/models/index.ts";
import { ReviewLinkModel, ReviewModel } from "../../cards/models/index.ts";
import { waitFor } from "../support/hub.ts";
import { firstConversation, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let card: any;
let conversation: any;
let link: string;
beforeAll(async () => {
  world = await startWorld();
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.languages = ["en", "ru"];
  card.draft.blocks.push({ id: "rev", type: "reviews" });
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
  const customer = await world.simulator.addCustomer({ name: "Vera Lind" });
  customer.start(world.bot);
  customer.say("The mugs are here");
  conversation = await firstConversation(world.owner);
});
afterAll(() => world.stop());

const agent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const look = (url = link): Promise<Response> =>
  fetch(url, { redirect: "manual", headers: { "user-agent": agent } });
const leave = (
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  url = link,
): Promise<Response> =>
  fetch(`${url}?l=en`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(fields),
    headers: { "user-agent": agent, ...headers },
  });
const good = { "q-stars": "1", "q-name": "Vera <b>L.</b>", "q-text": "Lovely mugs </script>", agree: "on" };
const page = async (): Promise<string> => (await look(`${world.hub.url}/c/clay?l=en`)).text();

const ratings = async (): Promise<any[]> =>
  (await threadOf(world.owner, conversation.id))
    .filter(({ type }) => type === "event")
    .map(({ event }) => event);

describe("a review", () => {
  it("is asked for by a link that an agent makes from a conversation", async () => {
    const ask = await world.owner.get(`/conversations/${conversation.id}/review`);
    expect(ask).toEqual({ review: null, cards: [{ id: card.id, name: "Clay & Co" }] });
    const made = await world.owner.post(`/conversations/${conversation.id}/review-link`, { cardId: card.id });
    link = made.url;
    expect(link).toMatch(/\/c\/clay\/review\/[\w-]{43}$/);
    const html = await (await look()).text();
    expect(html).toContain(`<form method="post" action="${new URL(link).pathname}?l=en&amp;v=`);
    expect(html).toContain(`<meta name="robots" content="noindex">`);
    expect((await look(`${link}x`)).status).toBe(410);
  });

  it("cannot be written by anybody of the team: not in the card, not by the API, not by the link", async () => {
    const { draft, rev } = await world.owner.get(`/cards/${card.id}`);
    draft.blocks.at(-1).items = [{ name: "Me", stars: 5, text: "Great" }];
    const saved = await world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft);
    expect(saved.draft.blocks.at(-1)).not.toHaveProperty("items");
    await expect(world.owner.post(`/cards/${card.id}/reviews`, { stars: 5 })).rejects.toThrow(/404/);
    const own = await leave(good, { cookie: world.owner.cookie });
    expect(own.status).toBe(303);
    const seen = await fetch(link, { headers: { "user-agent": agent, cookie: world.owner.cookie } });
    expect(await seen.text()).toContain("this link is for the customer");
    expect((await world.owner.get(`/cards/${card.id}/reviews`)).items).toEqual([]);
  });

  it("says what is missing, is left once, and lands in the conversation", async () => {
    const wrong = await leave({ "q-stars": "9", "q-text": "Lovely" });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain("Please choose one of these");
    const sent = await Promise.all([leave(good), leave(good)]);
    expect(sent.map(({ status }) => status)).toEqual([303, 303]);
    expect(await (await look()).text()).toContain("Your review has arrived");
    await leave({ ...good, "q-stars": "4", "q-text": "Changed my mind" });
    const { items } = await world.owner.get(`/cards/${card.id}/reviews`);
    expect(items).toMatchObject([
      { stars: 4, name: "Vera <b>L.</b>", text: "Lovely mugs </script>", state: "waiting" },
    ]);
    const lines = (await threadOf(world.owner, conversation.id)).filter(({ type }) => type === "event");
    expect(lines.map(({ event }) => event)).toMatchObject([
      { what: "rated", score: 4, comment: "Lovely mugs </script>" },
    ]);
    await expect(
      world.owner.post(`/conversations/${conversation.id}/review-link`, { cardId: card.id }),
    ).rejects.toThrow(/409|conflict/);
  });

  it("reaches the team once, though the process that stored it ended before it was told", async () => {
    const mine = { conversationId: new ObjectId(conversation.id) };
    const stored = await acrossWorkspaces(ReviewModel.findOne(mine)).orFail().lean();
    // As such a process leaves it: there is the review, and neither a rating nor its line.
    await acrossWorkspaces(MessageModel.deleteOne({ ...mine, "event.what": "rated" }));
    await acrossWorkspaces(
      ConversationModel.updateOne({ _id: mine.conversationId }, { $unset: { rating: 1 } }),
    );
    expect(await ratings()).toEqual([]);
    const createdAt = new Date(Date.now() - 60_000);
    await acrossWorkspaces(ReviewModel.updateOne({ _id: stored._id }, { $set: { untold: true, createdAt } }));
    await waitFor(async () => (await ratings()).length > 0, "the line of the rating");
    await waitFor(
      async () => !(await acrossWorkspaces(ReviewModel.exists({ untold: true }))),
      "nothing that is untold",
    );
    const { items } = await world.owner.get("/conversations?view=all");
    expect(items[0].rating).toMatchObject({ score: 4, comment: "Lovely mugs </script>" });
    await leave(good); // told already: pressed again it adds nothing
    expect(await ratings()).toHaveLength(1);
  });

  it("is told by the next sweep when the store fails in between", async () => {
    const customer = await world.simulator.addCustomer({ name: "Ilya Fedin" });
    customer.start(world.bot);
    customer.say("The bowls are here");
    const at = await waitFor(
      async () =>
        (await world.owner.get("/conversations?view=all")).items.find(
          ({ contact, preview }: any) => contact.name === "Ilya Fedin" && preview,
        ),
      "the conversation",
    );
    const { url } = await world.owner.post(`/conversations/${at.id}/review-link`, { cardId: card.id });
    const failing = vi.spyOn(ConversationModel, "findOneAndUpdate").mockImplementation(() => {
      throw new Error("the store went away");
    });
    const sent = await leave(good, {}, url).finally(() => failing.mockRestore());
    expect(sent.status).toBe(500);
    const { items } = await world.owner.get(`/cards/${card.id}/reviews`);
    expect(items).toMatchObject([{ conversationId: at.id, stars: 4 }, {}]);
    await waitFor(
      async () => (await threadOf(world.owner, at.id)).some(({ event }) => event?.what === "rated"),
      "the line of the rating",
    );
  });

  it("is on the page, and in what search engines read, only while the owner shows it", async () => {
    expect(await page()).not.toMatch(/Lovely|aggregateRating/);
    const [review] = (await world.owner.get(`/cards/${card.id}/reviews`)).items;
    const employee = await world.owner.invite("emil@clay.example");
    const path = `/cards/${card.id}/reviews/${review.id}`;
    await expect(employee.patch(path, { state: "shown" })).rejects.toThrow(/403|forbidden/);
    employee.leave();
    await world.owner.patch(path, { state: "shown" });
    await waitFor(async () => (await page()).includes("Lovely mugs &lt;/script&gt;"), "the review");
    const html = await page();
    expect(html).toContain("Vera &lt;b&gt;L.&lt;/b&gt;");
    expect(html).toContain("4 of 5, reviews: 1");
    const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)![1]!);
    expect(data.mainEntity.aggregateRating).toMatchObject({ ratingValue: 4, reviewCount: 1 });
    expect(data.mainEntity.review).toHaveLength(1);
    await world.owner.patch(path, { state: "hidden" });
    await waitFor(async () => !(await page()).includes("Lovely"), "the page without it");
    expect(await page()).not.toContain("aggregateRating");
  });

  it("is not asked for where no customer has written, and a link ends by itself", async () => {
    await acrossWorkspaces(ReviewLinkModel.updateMany({}, { $set: { expiresAt: new Date(0) } }));
    expect((await look()).status).toBe(410);
    await expect(
      world.owner.post(`/conversations/${conversation.id}/review-link`, { cardId: "0".repeat(24) }),
    ).rejects.toThrow(/409|conflict/);
  });
});
