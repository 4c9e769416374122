/** The demo: a business with its weeks behind it, whose customers can be talked to. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDemo, type Demo } from "../../demo/start.ts";
import { waitFor } from "../support/hub.ts";
import type { Statistics } from "../../cards/schema.ts";
import type { ChannelDetails, Conversation, Message } from "../../inbox/schema.ts";
import type { Home } from "../../workspace/schema.ts";
import { eventually } from "../support/eventually.ts";

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
});
afterAll(() => demo.stop());

const views = ["all", "snoozed", "resolved"] as const;

async function conversations(): Promise<Conversation[]> {
  const pages = views.map((view) =>
    demo.people.nina.get<{ items: Conversation[] }>(`/conversations?view=${view}&limit=100`),
  );
  return (await Promise.all(pages)).flatMap(({ items }) => items);
}

async function thread(id: string): Promise<Message[]> {
  const page = await demo.people.nina.get<{ items: Message[] }>(`/conversations/${id}/messages?limit=200`);
  return page.items;
}

async function named(name: string): Promise<Conversation> {
  const found = (await conversations()).find(({ contact }) => contact.name === name);
  if (!found) throw new Error(`${name} is not there`);
  return found;
}

test("the inbox holds weeks of conversations in every state", async () => {
  const all = await conversations();
  expect(all.length).toBeGreaterThanOrEqual(85);
  // one more than there are accounts: what is sent from the card
  expect(new Set(all.map(({ channelId }) => channelId)).size).toBe(Object.keys(demo.channelIds).length + 1);
  expect(new Set(all.map(({ state }) => state))).toEqual(new Set(["open", "snoozed", "resolved"]));
  expect(all.some(({ blocked }) => blocked)).toBe(true);
  expect(all.some(({ draft }) => draft)).toBe(true);
});

test("every conversation adds up from its messages", async () => {
  for (const { id } of await conversations()) {
    // today goes on while one reads: a change may be in the thread already and in the row a moment later
    await eventually(async () => {
      const one = await demo.people.nina.get<Conversation>(`/conversations/${id}`);
      const messages = await thread(id);
      const incoming = messages.filter(({ type }) => type === "incoming");
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
      expect(new Set(messages.map(({ rev }) => rev)).size).toBe(messages.length);
      expect(one.lastSeq).toBe(messages.length);
      expect(one.lastRev).toBe(Math.max(...messages.map(({ rev }) => rev)));
      expect(one.unread).toBe(incoming.filter(({ seq }) => seq > one.readSeq).length);
      expect(one.preview?.seq).toBe(messages.findLast(({ type }) => type !== "event")?.seq);
      expect(one.waitingSince !== undefined).toBe(one.needsReply);
    });
  }
});

test("every file of the history can be opened", async () => {
  const messages = (await Promise.all((await conversations()).map(({ id }) => thread(id)))).flat();
  const files = messages.flatMap(({ content }) =>
    (content.attachments ?? []).flatMap((one) => ("media" in one ? [one.media.fileId] : [])),
  );
  const kinds = messages.flatMap(({ content }) => (content.attachments ?? []).map(({ kind }) => kind));
  expect(new Set(kinds)).toEqual(
    new Set(["image", "voice", "video", "video_note", "document", "sticker", "location", "contact"]),
  );
  const { url, people } = demo;
  for (const id of new Set(files)) {
    const response = await fetch(`${url}/api/v1/files/${id}`, { headers: { cookie: people.daria.cookie } });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
});

test("the home screen has a day to show", async () => {
  const home = await demo.people.nina.get<Home>("/home?timeZone=UTC");
  expect(home.figures.waiting).toBeGreaterThan(3);
  expect(home.figures.firstAnswerUsualMs).toBeGreaterThan(0);
  expect(home.byHour.some(({ usual }) => (usual ?? 0) > 0)).toBe(true);
});

test("the card has its weeks too: who came, what began by it, what customers say", async () => {
  const { totals, before, sources, countries } = await demo.people.nina.get<Statistics>(
    `/cards/${demo.card.id}/statistics`,
  );
  expect(totals.views).toBeGreaterThan(2000);
  expect(totals.visitors).toBeLessThan(totals.views);
  expect(totals.messages).toBeGreaterThan(10);
  expect(totals.answers).toBeGreaterThan(5);
  expect(before.totals.views).toBeGreaterThan(1000);
  expect([sources[0]?.key, countries[0]?.key]).toEqual(["?bio", "RU"]);
  expect((await named("Noor Haddad")).referral).toBe("Clay & Co · Telegram · bio");
  expect((await thread((await named("Алина Сорокина")).id))[0]?.content.card?.lines).toContainEqual(
    expect.objectContaining({ value: "Wheel throwing" }),
  );
  const page = await (await fetch(demo.card.url, { headers: { "accept-language": "ru" } })).text();
  expect(page).toContain("Глина и Ко");
  expect(page).toContain("The bowls came in three days");
  expect(page).not.toContain("Lighter than they look");
});

test("the words of the history are found by search", async () => {
  const found = await demo.people.nina.get<{ messages: { contactName: string }[] }>(
    `/search?q=${encodeURIComponent("трещины")}`,
  );
  expect(found.messages.map(({ contactName }) => contactName)).toContain("Ольга Третьякова");
});

test("what a customer writes on the page arrives, and the answer reaches them under what was said before", async () => {
  const customer = demo.messengers.telegram.customers.find(({ name }) => name === "Harriet Boyle");
  const bot = demo.messengers.telegram.bots[0];
  if (!customer || !bot) throw new Error("the customer is not there");
  const response = await fetch(`${demo.customersUrl}/acts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      stage: "telegram",
      account: bot.user.username,
      person: String(customer.id),
      do: "say",
      text: "Could it be fifty?",
    }),
  });
  expect(response.status).toBe(200);
  const { id } = await named("Harriet Boyle");
  const asked = await waitFor(
    async () => (await thread(id)).find(({ content }) => content.text === "Could it be fifty?"),
    "the customer's message",
  );
  await demo.people.nina.post(`/conversations/${id}/messages`, {
    clientId: "fifty-it-is",
    type: "outgoing",
    content: { text: "Fifty it is." },
    replyToMessageId: asked.id,
  });
  const answer = await demo.messengers.telegram.waitFor(() =>
    customer.chat(bot).botMessages.find(({ message }) => message.text === "Fifty it is."),
  );
  expect(answer.message.reply_to_message?.text).toBe("Could it be fifty?");
});

test("an agent answers a message of days ago, and the phone shows which one", async () => {
  const { id } = await named("Niamh Kearney");
  const old = (await thread(id))[0];
  await demo.people.mark.post(`/conversations/${id}/messages`, {
    clientId: "about-the-ovens",
    type: "outgoing",
    content: { text: "They have just come out." },
    replyToMessageId: old?.id,
  });
  const phone = demo.messengers.telegram.customers.find(({ name }) => name === "Niamh Kearney")?.chat();
  const answer = await demo.messengers.telegram.waitFor(() =>
    phone?.botMessages.find(({ message }) => message.text === "They have just come out."),
  );
  expect(answer.message.reply_to_message?.caption).toBe(old?.content.text);
});

test("every account is connected, and says so", async () => {
  for (const [desk, id] of Object.entries(demo.channelIds)) {
    const state = await waitFor(async () => {
      const { health } = await demo.people.nina.get<ChannelDetails>(`/channels/${id}`);
      return health.state === "connected" ? health.state : undefined;
    }, `the account of ${desk}`);
    expect(state).toBe("connected");
  }
});

test("a customer on WhatsApp of a fortnight ago gets a template, answers, and is answered", async () => {
  const { whatsapp, number } = demo.messengers;
  const { nina } = demo.people;
  const timofey = whatsapp.people.find(({ name }) => name === "Тимофей Агапов");
  if (!timofey) throw new Error("the customer is not there");
  const { id } = await named(timofey.name);
  const chat = timofey.chat(number);
  await nina.post(`/conversations/${id}/messages`, {
    clientId: "ready-by-template",
    type: "outgoing",
    content: { template: { name: "order_ready", language: "ru", params: ["Тимофей", "2274"] } },
  });
  await whatsapp.waitFor(() => chat.messages.at(-1)?.type === "template");
  timofey.say(number, "Заберу сам");
  const said = await waitFor(
    async () => (await thread(id)).find(({ content }) => content.text === "Заберу сам"),
    "the customer's message",
  );
  const plates = (await thread(id)).find(({ content }) => content.text?.startsWith("Тогда вот эти"));
  await nina.post(`/conversations/${id}/messages`, {
    clientId: "about-the-plates",
    type: "outgoing",
    content: { text: "Ждём!" },
    replyToMessageId: plates?.id,
  });
  const answer = await whatsapp.waitFor(() =>
    chat.messages.find(({ body }) => JSON.stringify(body).includes("Ждём!")),
  );
  const shown = chat.messages.find(({ body }) => JSON.stringify(body).includes("Тогда вот эти"));
  expect(answer.body["context"]).toEqual({ message_id: shown?.id });
  timofey.read(number);
  await waitFor(
    async () =>
      (await thread(id)).find(
        ({ content, delivery }) => content.text === "Ждём!" && delivery?.state === "read",
      ),
    "the answer to be read",
  );
  expect(said.type).toBe("incoming");
});

const regulars = [
  ["telegram", "Teodor Lindqvist"],
  ["whatsapp", "Лидия Воронцова"],
  ["viber", "Богдан Мельник"],
  ["facebook", "Gwendolyn Price"],
  ["instagram", "Isla Thornbury"],
  ["email", "Freya Lindholm"],
] as const;

/** Somebody's phone, and their words in the hub. */
async function sayOn(kind: string, name: string, text: string) {
  const stage = demo.messengers.stages.find((one) => one.kind === kind);
  const person = stage?.people().find((one) => one.name === name);
  const account = person?.last?.account ?? stage?.accounts()[0]?.id;
  if (!stage || !person || !account) throw new Error("the customer is not there");
  const place = { account, person: person.id };
  const before = stage.chat(place).messages.length;
  await stage.perform(place, { do: "say", text });
  const { id } = await waitFor(async () => {
    // asked for view by view, one that is just being opened again may be in none
    const conversation = (await conversations()).find(({ contact }) => contact.name === name);
    const messages = conversation ? await thread(conversation.id) : [];
    return messages.some(({ content }) => content.text === text) ? conversation : undefined;
  }, "the customer's message");
  const shown = (words: string) =>
    stage.chat(place).messages.filter(({ by, text: said }) => by === "business" && said.startsWith(words));
  return { stage, id, before, shown };
}

async function answerTo(id: string, clientId: string, text: string): Promise<void> {
  const message = { clientId, type: "outgoing", content: { text } };
  await demo.people.nina.post(`/conversations/${id}/messages`, message);
}

test.each(regulars)("somebody who wrote by %s weeks ago goes on, and is answered", async (kind, name) => {
  const { id, before, shown } = await sayOn(kind, name, `It is ${name} again.`);
  expect(before).toBeGreaterThan(1);
  await answerTo(id, `hello-again-${kind}`, "How good to hear from you.");
  await waitFor(() => shown("How good to hear")[0], "the answer");
});

test.each(regulars)("an answer by %s that is taken without a word arrives once", async (kind, name) => {
  const { stage, id, shown } = await sayOn(kind, name, "Is somebody there?");
  stage.failNext("no_answer");
  await answerTo(id, `without-a-word-${kind}`, "We are here.");
  const settled = ["sent", "delivered", "read", "unknown"];
  await waitFor(
    async () =>
      (await thread(id)).find(
        ({ content, delivery }) => content.text === "We are here." && settled.includes(delivery?.state ?? ""),
      ),
    "what became of the answer",
  );
  expect(shown("We are here.")).toHaveLength(1);
});

test("an old letter is answered in its thread, without another one having come", async () => {
  const wade = demo.messengers.mail.correspondents.find(({ name }) => name === "Cornelius Wade");
  const { id } = await named("Cornelius Wade");
  await demo.people.mark.post(`/conversations/${id}/messages`, {
    clientId: "about-the-handle",
    type: "outgoing",
    content: { text: "Your new teapot left us today." },
  });
  const letter = await waitFor(
    () => wade?.letters.find(({ text }) => text.startsWith("Your new teapot")),
    "the letter",
  );
  expect(letter.subject).toBe("Re: A handle");
  expect(letter.references).toContain(wade?.letters[0]?.id);
});
