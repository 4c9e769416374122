/**
 * A storm of webhooks over every messenger that has them, shuffled across the chats, each of them twice, while processes
 * are killed: every message once, in its chat's order, and no status ever falls back. `STORM=10000` makes it whole.
 * (E-mail comes by IMAP and the widget by its socket: neither has webhooks.)
 */
import { io } from "socket.io-client";
import { afterEach, describe, expect, it } from "vitest";
import { chanceOf, shuffled, type Chance } from "../support/chance.ts";
import { engines, Fleet, stormMs, waitLong, type Engine } from "../support/fleet.ts";
import type { Person } from "../support/hub.ts";
import { openLines, type Customer, type Line } from "../support/lines.ts";
import { threadOf } from "../support/world.ts";

const webhooks = Number(process.env["STORM"] ?? 300);
const seed = Number(process.env["STORM_SEED"] ?? Date.now() % 1_000_000);
const kills = webhooks < 1000 ? 2 : 5;
const lanes = 24;
const answersPerChat = 2;
/** Of each account. A chat's messages fit one page of its thread. */
const customers = Math.max(8, Math.ceil(webhooks / 5 / 150));

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

interface Chat {
  line: Line;
  customer: Customer;
  name: string;
  conversationId: string;
  /** Messages of the customer. */
  said: number;
  answers: { id: string; text: string }[];
  /** Ends when the last message is taken. */
  tail: Promise<unknown>;
}

interface Webhook {
  chat: Chat;
  body: string;
  /** A customer's message comes after the one before it; a status whenever it likes. */
  inOrder: boolean;
  /** What comes once more comes after this was taken, or it would be the first and out of order. */
  first?: Webhook;
  taken?: Promise<void>;
}

describe.each(engines)("$engine", ({ engine, missing }) => {
  it.skipIf(missing)(
    `takes ${webhooks} webhooks, each twice, through ${kills} kills (seed ${seed})`,
    async () => {
      const chance = chanceOf(seed);
      const { fleet, owner, chats } = await raise(engine);
      const states = watchStates(fleet, owner);
      await openChats(fleet, owner, chats);
      const statuses = chats.flatMap((chat) => statusesOf(chat, chance));
      const all = [...statuses, ...messagesOf(chats, webhooks - statuses.length)];

      const began = performance.now();
      const posts = await storm(fleet, twiceShuffled(all, chance), chance);
      const posted = performance.now();
      await waitLong(
        async () => (await fleet.metric("switchboard_inbound_waiting")) === 0,
        "everything to be recorded",
      );
      const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
      console.log(
        `${engine}: ${all.length} webhooks over ${chats.length} chats, ${posts} acknowledged in ` +
          `${seconds(posted - began)}, recorded ${seconds(performance.now() - posted)} later`,
      );
      expect(fleet.programs.filter((program) => !program.isRunning)).toEqual([]);
      // a status that came before its message was stored waits for the sweep
      await waitLong(async () => (await notYetTold(owner, chats)).length === 0, "the statuses");
      expect(await conversationsOf(owner)).toHaveLength(chats.length);
      for (const chat of chats) await expectWhole(owner, chat);
      for (const seen of states.values()) expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    },
    stormMs,
  );
});

async function raise(engine: Engine): Promise<{ fleet: Fleet; owner: Person; chats: Chat[] }> {
  let hubUrl = "";
  const lines = await openLines({ customers, hubUrl: () => hubUrl });
  cleanUp.push(() => lines.close());
  const fleet = await Fleet.create(engine, lines.environment);
  cleanUp.push(() => fleet.remove());
  hubUrl = fleet.web.url;
  const owner = await fleet.start();
  for (const line of lines.all) await line.connect(owner);
  const chats = lines.all.flatMap((line) =>
    line.customers.map((customer, index) => ({
      line,
      customer,
      name: `${line.kind} ${index}`,
      conversationId: "",
      said: 0,
      answers: [],
      tail: Promise.resolve(),
    })),
  );
  return { fleet, owner, chats };
}

/** Everybody has written once and was answered; what becomes of the answers the storm will tell. */
async function openChats(fleet: Fleet, owner: Person, chats: Chat[]): Promise<void> {
  for (const { chat, body } of messagesOf(chats, chats.length))
    expect((await chat.line.post(fleet.web.url, body)).status).toBe(200);
  const ids = await waitLong(async () => {
    const found = new Map(
      (await conversationsOf(owner)).map(({ id, preview }) => [preview?.text.split(":")[0], id]),
    );
    return chats.every(({ name }) => found.has(name)) ? found : undefined;
  }, "every conversation");
  for (const chat of chats) {
    chat.conversationId = ids.get(chat.name);
    for (let n = 0; n < answersPerChat; n += 1) {
      const text = `Answer ${n} to ${chat.name}`;
      chat.answers.push({ text, id: (await owner.reply(chat.conversationId, text)).id });
    }
  }
  await waitLong(
    async () => (await fleet.metric("switchboard_outbox_waiting")) === 0,
    "the answers to go out",
  );
}

async function conversationsOf(owner: Person): Promise<any[]> {
  const all: any[] = [];
  for (let cursor = ""; ;) {
    const { items, next } = await owner.get(`/conversations?view=all&limit=100${cursor}`);
    all.push(...items);
    if (!next) return all;
    cursor = `&cursor=${next}`;
  }
}

/** What the platform tells of each answer, in any order. */
function statusesOf(chat: Chat, chance: Chance): Webhook[] {
  return chat.answers.flatMap(({ id, text }) => {
    const arrived = chat.customer.arrived().find((one) => one.text === text);
    if (!arrived) throw new Error(`"${text}" did not arrive`);
    return shuffled(["sent", "delivered", "read"] as const, chance).flatMap((state) => {
      const body = chat.customer.status(state, { ...arrived, ownKey: id });
      return body === undefined ? [] : [{ chat, body, inOrder: false }];
    });
  });
}

function messagesOf(chats: Chat[], count: number): Webhook[] {
  return Array.from({ length: count }, (_, index) => {
    const chat = chats[index % chats.length]!;
    const n = chat.said++;
    return { chat, body: chat.customer.message(n, `${chat.name}: ${n}`), inOrder: true };
  });
}

/**
 * Messages stay in their chat's order; everything comes once more at any later time, every other time in other bytes, so
 * that the event's own key has to tell.
 */
function twiceShuffled(all: Webhook[], chance: Chance): Webhook[] {
  const queues = new Map<Chat, Webhook[]>();
  for (const webhook of all.filter(({ inOrder }) => inOrder))
    queues.set(webhook.chat, [...(queues.get(webhook.chat) ?? []), webhook]);
  const slots = shuffled(all, chance).map((one) => (one.inOrder ? queues.get(one.chat)!.shift()! : one));
  const placed = slots.flatMap((webhook, index) => {
    const body = webhook.body + (index % 2 === 0 ? "" : " ");
    const again = { chat: webhook.chat, body, inOrder: false, first: webhook };
    return [
      { at: index, webhook },
      { at: index + chance() * (slots.length - index), webhook: again },
    ];
  });
  return placed.toSorted((a, b) => a.at - b.at).map(({ webhook }) => webhook);
}

/** Posts everything, as many at once as there are lanes, and kills a process now and then; gives how many were taken. */
async function storm(fleet: Fleet, webhooks: Webhook[], chance: Chance): Promise<number> {
  const { web, workers } = fleet;
  const victims = shuffled(
    [web, ...workers, ...Array.from({ length: kills }, () => pick(fleet, chance))],
    chance,
  );
  const killAt = Array.from({ length: kills }, (_, turn) => ((turn + chance()) * webhooks.length) / kills);
  const failed: unknown[] = [];
  let next = 0;
  let taken = 0;
  const post = async ({ chat, body }: Webhook): Promise<void> => {
    for (;;) {
      await fleet.calm;
      const status = await chat.line.post(web.url, body).then(
        async (response) => (await response.arrayBuffer(), response.status),
        () => 0, // the process is gone: it is offered again
      );
      if (status === 200) return;
      if (status >= 400 && status < 500) throw new Error(`a webhook was answered ${status}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const lane = async (): Promise<void> => {
    while (next < webhooks.length && failed.length === 0) {
      const webhook = webhooks[next++]!;
      const { chat, inOrder, first } = webhook;
      const before = inOrder ? chat.tail : (first?.taken ?? Promise.resolve());
      webhook.taken = before.then(() => post(webhook));
      if (inOrder) chat.tail = webhook.taken;
      await webhook.taken;
      taken += 1;
      if (killAt[0] !== undefined && killAt[0] <= taken) {
        killAt.shift();
        fleet.restart(victims.shift()!).catch((error: unknown) => failed.push(error));
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await fleet.calm;
  expect(failed).toEqual([]);
  expect(killAt).toEqual([]);
  return taken;
}

function pick({ programs }: Fleet, chance: Chance): Fleet["web"] {
  return programs[Math.floor(chance() * programs.length)]!;
}

/** Answers that are not yet as far as they were told to be. */
async function notYetTold(owner: Person, chats: Chat[]): Promise<string[]> {
  const threads = await Promise.all(chats.map((chat) => threadOf(owner, chat.conversationId)));
  return threads.flatMap((thread, index) =>
    thread
      .filter(({ type, delivery }) => type === "outgoing" && delivery.state !== lastOf(chats[index]!))
      .map(({ id }) => id),
  );
}

const lastOf = ({ line }: Chat): string => (line.kind === "telegram" ? "sent" : "read");

/** A chat has everything once, without a hole, in its order; its answers are as far as they were told to be. */
async function expectWhole(owner: Person, chat: Chat): Promise<void> {
  const thread = await threadOf(owner, chat.conversationId);
  expect(thread.map(({ seq }) => seq)).toEqual(thread.map((_, index) => index + 1));
  const incoming = thread.filter(({ type }) => type === "incoming").map(({ content }) => content.text);
  expect(incoming).toEqual(Array.from({ length: chat.said }, (_, n) => `${chat.name}: ${n}`));
  const answers = thread.filter(({ type }) => type === "outgoing");
  expect(answers.map(({ id }) => id)).toEqual(chat.answers.map(({ id }) => id));
  const last = lastOf(chat);
  expect(answers.map(({ delivery }) => delivery.state)).toEqual(answers.map(() => last));
  expect(chat.customer.arrived().map(({ text }) => text)).toEqual(chat.answers.map(({ text }) => text));
}

const ranks = ["queued", "sending", "sent", "delivered", "read"];

/** What a screen is told of each answer's state, by the order of its changes. */
function watchStates({ web }: Fleet, owner: Person): Map<string, number[]> {
  const seen = new Map<string, { rev: number; rank: number }[]>();
  const ranksOf = new Map<string, number[]>();
  const socket = io(web.url, {
    path: "/socket.io",
    transports: ["websocket"],
    extraHeaders: { cookie: owner.cookie },
    reconnectionDelayMax: 200,
  });
  cleanUp.push(() => void socket.disconnect());
  socket.on("message", ({ message: { id, rev, delivery } }: any) => {
    if (!delivery) return;
    const all = [...(seen.get(id) ?? []), { rev, rank: ranks.indexOf(delivery.state) }];
    seen.set(id, all);
    ranksOf.set(
      id,
      all.toSorted((a, b) => a.rev - b.rev).map(({ rank }) => rank),
    );
  });
  return ranksOf;
}
