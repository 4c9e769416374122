/**
 * Everything that agents write goes out in its conversation's order, once, whatever messengers and processes do meanwhile:
 * 429, refusals, gateways that fail, answers that never come, SIGKILL in the middle of sends. `STORM_SENDS=500` sends
 * that many messages through each channel.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterEach, describe, expect, it } from "vitest";
import { MailSimulator } from "../../demo/simulators/mail.ts";
import { chanceOf, shuffled, type Chance } from "../support/chance.ts";
import { engines, Fleet, stormMs, waitLong, type Engine } from "../support/fleet.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { openLines } from "../support/lines.ts";
import type { Program } from "../support/program.ts";
import { startRoughRoad, type RoughRoad, type Trouble } from "../support/rough-road.ts";
import { threadOf } from "../support/world.ts";

const perChannel = Number(process.env["STORM_SENDS"] ?? 10);
const seed = Number(process.env["STORM_SEED"] ?? Date.now() % 1_000_000);
const kills = perChannel < 50 ? 2 : 5;
const perChat = 10;
const chatsPerChannel = Math.ceil(perChannel / perChat);
/** A mailbox sends 30 letters a minute: every five conversations have one of their own. */
const chatsPerMailbox = 5;
const longWaitMs = 10_000;
/** Conversations that one process sends for at once. */
const slots = 32;

let cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

interface Chat {
  kind: string;
  name: string;
  conversationId: string;
  texts: string[];
  /** What the customer got, oldest first. */
  arrived(): string[];
}

/** One side of the outcome: what the messengers know. */
interface Outside {
  chats: Chat[];
  /** Has everybody write once, so that there is a conversation. */
  begin(owner: Person): Promise<void>;
  plan(chat: Chat, text: string, trouble: Trouble): void;
  uncertain(): Set<string>;
  /** Answered so late that the hub may have given up, as a slow machine does: it knows or it does not. */
  late(): Set<string>;
  refused(): Set<string>;
  passed(): number;
  held(): string[];
  hold(): () => void;
}

describe.each(engines)("$engine", ({ engine, missing }) => {
  it.skipIf(missing)(
    `sends ${perChannel} messages of each channel through ${kills} kills (seed ${seed})`,
    async () => {
      const chance = chanceOf(seed);
      const { fleet, owner, outside } = await raise(engine);
      for (const chat of outside.chats) planTroubles(outside, chat, chance);
      const began = performance.now();
      const writing = writeAll(fleet, owner, outside.chats);
      const lost = await killMeanwhile(fleet, outside, chance);
      await writing;
      await waitLong(
        async () => (await fleet.metric("switchboard_outbox_waiting")) === 0,
        "everything to go out",
      );
      const took = performance.now() - began;

      expect(fleet.programs.filter((program) => !program.isRunning)).toEqual([]);
      const counts: Record<string, Record<string, number>> = {};
      const unknown = new Set<string>();
      for (const chat of outside.chats) {
        const states = await expectInOrder(owner, chat, outside);
        const count = (counts[chat.kind] ??= {});
        for (const [text, state] of states) {
          count[state] = (count[state] ?? 0) + 1;
          if (state === "unknown") unknown.add(text);
        }
      }
      const counted = (await fleet.metric("switchboard_delivery_unknown_total")) + lost;
      const uncertain = outside.uncertain();
      const late = [...unknown].filter((text) => !uncertain.has(text));
      console.log(
        `${engine}: ${(took / 1000).toFixed(1)} s, unknown ${unknown.size}, ${late.length} of them late, ` +
          `counted ${counted}`,
        counts,
      );
      expect([...uncertain].filter((text) => !unknown.has(text))).toEqual([]);
      expect(late.filter((text) => !outside.late().has(text))).toEqual([]);
      expect(counted).toBe(unknown.size);
    },
    stormMs,
  );
});

// ---- the stage ----------------------------------------------------------------------------------------------------

async function raise(engine: Engine): Promise<{ fleet: Fleet; owner: Person; outside: Outside }> {
  let hubUrl = "";
  const roads = new Map<string, RoughRoad>();
  const lines = await openLines({
    customers: chatsPerChannel,
    hubUrl: () => hubUrl,
    async road(kind, url) {
      const road = await startRoughRoad(kind, url);
      roads.set(kind, road);
      return road.url;
    },
  });
  cleanUp.push(() => lines.close());
  cleanUp.push(() => Promise.all([...roads.values()].map((road) => road.close())));
  const post = await raiseMail();
  const fleet = await Fleet.create(engine, lines.environment);
  cleanUp.push(() => fleet.remove());
  hubUrl = fleet.web.url;
  const owner = await fleet.start();
  const chats = lines.all.flatMap(({ kind, customers }) =>
    customers.map((customer, index) => ({
      ...newChat(kind, index),
      arrived: () => customer.arrived().map(({ text }) => text),
    })),
  );
  const all = [...roads.values()];
  const outside: Outside = {
    chats: [...chats, ...post.chats],
    async begin() {
      for (const line of lines.all) {
        await line.connect(owner);
        for (const [index, customer] of line.customers.entries())
          expect((await line.post(hubUrl, customer.message(0, `${line.kind} ${index}`))).status).toBe(200);
      }
      await post.begin(owner);
    },
    plan(chat, text, trouble) {
      const road = roads.get(chat.kind);
      if (road) road.plan.set(text, trouble);
      else post.plan(text, trouble);
    },
    uncertain: () => new Set([...all.flatMap((road) => [...road.uncertain]), ...post.uncertain()]),
    late: () => new Set([...all.flatMap((road) => [...road.late]), ...post.late()]),
    refused: () => new Set([...all.flatMap((road) => [...road.refused]), ...post.refused()]),
    passed: () => all.reduce((sum, road) => sum + road.passed(), post.passed()),
    held: () => [...all.flatMap((road) => road.held()), ...post.held()],
    hold() {
      const release = post.hold();
      for (const road of all) road.hold();
      return () => {
        release();
        for (const road of all) road.release();
      };
    },
  };
  await outside.begin(owner);
  const ids = await waitLong(async () => {
    const found = new Map((await conversationsOf(owner)).map(({ id, preview }) => [preview?.text, id]));
    return outside.chats.every(({ name }) => found.has(name)) ? found : undefined;
  }, "every conversation");
  for (const chat of outside.chats) chat.conversationId = ids.get(chat.name);
  return { fleet, owner, outside };
}

function newChat(kind: string, index: number): Omit<Chat, "arrived"> {
  const name = `${kind} ${index}`;
  return {
    kind,
    name,
    conversationId: "",
    texts: Array.from({ length: perChat }, (_, n) => `${n} to ${name}`),
  };
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

/** Mailboxes with their correspondents; what goes wrong there goes wrong in the protocol itself. */
async function raiseMail() {
  const simulator = new MailSimulator();
  const servers = await simulator.listen();
  cleanUp.push(() => servers.close());
  const refused = new Set<string>();
  const textOf = ({ text = "" }: { text?: string | undefined }): string => text.trim();
  const boxes = Array.from({ length: Math.ceil(chatsPerChannel / chatsPerMailbox) }, (_, index) => ({
    address: `hello${index}@clay.example`,
    password: "an app password",
  }));
  const chats: Chat[] = Array.from({ length: chatsPerChannel }, (_, index) => ({
    ...newChat("email", index),
    arrived: () => simulator.taken.map(textOf).filter((text) => text.endsWith(` to email ${index}`)),
  }));
  return {
    chats,
    /** A refusal that found nobody left to hear it was none. */
    refused: () => {
      const unheard = new Set(simulator.unanswered.map(textOf));
      return [...refused].filter((text) => !unheard.has(text));
    },
    async begin(owner: Person) {
      for (const { address, password } of boxes) {
        simulator.addMailbox(address, password);
        const credentials = { address, password, imapHost: servers.imap, smtpHost: servers.smtp };
        const { id } = await owner.post("/channels", { kind: "email", credentials });
        await waitFor(
          async () => (await owner.get(`/channels/${id}`)).health.state === "connected",
          "the mailbox",
        );
      }
      for (const [index, { name }] of chats.entries()) {
        const to = boxes[Math.floor(index / chatsPerMailbox)]!.address;
        const from = { name: `Email ${index}`, address: `customer${index}@example.com` };
        await simulator.deliver({ from, to, subject: "A question", text: name });
      }
    },
    plan(text: string, trouble: Trouble) {
      if (trouble === "limit")
        simulator.failNext({ kind: "refuse", code: 451, message: "4.7.1 later", text });
      if (trouble === "cut") simulator.failNext({ kind: "drop_after_data", text });
      if (trouble !== "refusal") return;
      refused.add(text);
      simulator.failNext({ kind: "refuse", code: 550, message: "5.1.1 no such mailbox", text });
    },
    uncertain: () => simulator.unanswered.map(textOf),
    late: () => simulator.late.map(textOf),
    passed: () => simulator.taken.length,
    held: () => simulator.waiting.map(textOf),
    hold: () => simulator.hold(),
  };
}

/** Of ten messages one or two meet with trouble. A peer of Viber, and a mailbox, that is throttled waits a minute: once each. */
function planTroubles(outside: Outside, chat: Chat, chance: Chance): void {
  const [first, second, third] = shuffled(chat.texts, chance);
  const rare = chance();
  if (rare < 0.5) outside.plan(chat, first!, "limit");
  if (rare < 0.3) outside.plan(chat, second!, "refusal");
  else if (rare < 0.6) outside.plan(chat, second!, "cut");
  else if (rare < 0.8) outside.plan(chat, second!, "gateway");
  if (rare > 0.9) outside.plan(chat, third!, "silence");
}

// ---- what happens -------------------------------------------------------------------------------------------------

/** Replies that the hub has not answered yet. */
let posting = 0;

/** As screens do: in order, under a client id, again until the hub has it. */
async function writeAll(fleet: Fleet, owner: Person, chats: Chat[]): Promise<void> {
  const write = async ({ conversationId }: Chat, text: string): Promise<void> => {
    const body = { clientId: randomUUID(), type: "outgoing", content: { text } };
    for (;;) {
      await fleet.calm;
      posting += 1;
      const { status } = await owner
        .ask("POST", `/conversations/${conversationId}/messages`, body)
        .catch(() => ({ status: 0 }))
        .finally(() => (posting -= 1));
      if (status >= 200 && status < 300) return;
      if (status >= 400 && status < 500) throw new Error(`a reply was answered ${status}`);
      await waitFor(
        () =>
          fetch(`${fleet.web.url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        "the hub",
      );
    }
  };
  const queue = [...chats];
  const lane = async (): Promise<void> => {
    for (let chat = queue.shift(); chat; chat = queue.shift())
      for (const text of chat.texts) await write(chat, text);
  };
  await Promise.all(Array.from({ length: 12 }, lane));
}

/**
 * Kills a process in the middle of its sends, five times. Answers are held back meanwhile, until nothing moves any more:
 * then it is certain which sends are left without one. Gives what the killed ones had counted as unknown.
 */
async function killMeanwhile(fleet: Fleet, outside: Outside, chance: Chance): Promise<number> {
  const total = outside.chats.length * perChat;
  const client = await MongoClient.connect(
    `mongodb://${encodeURIComponent(join(fleet.web.dataDir, "run", "store.sock"))}/?directConnection=true`,
  );
  cleanUp.push(() => client.close());
  const messages = client.db("switchboard").collection("messages");
  const headsOf = async (): Promise<any[]> => {
    const projection = { conversationId: 1, seq: 1, delivery: 1, "content.text": 1 };
    const waiting = await messages.find({ outbox: true }, { projection }).sort({ seq: -1 }).toArray();
    return [...new Map(waiting.map((one) => [String(one["conversationId"]), one])).values()];
  };
  const sendingOf = (heads: any[]): string[] =>
    heads.filter(({ delivery }) => delivery.state === "sending").map(({ content }) => content.text);
  /** What the last kill left uncertain has come to its end. */
  const isOver = async (): Promise<boolean> => {
    const uncertain = outside.uncertain();
    return sendingOf(await headsOf()).every((text) => !uncertain.has(text));
  };
  const room = slots * Math.max(1, fleet.workers.length);
  /** The oldest message of every conversation is held, or has to wait: for long, or for a conversation that is held. */
  const isStill = async (): Promise<boolean> => {
    if (posting > 0) return false;
    const heads = await headsOf();
    const others = heads.filter(({ delivery }) => delivery.state !== "sending");
    const later = others.every(({ delivery }) => delivery.nextAttemptAt > Date.now() + longWaitMs);
    const sending = sendingOf(heads);
    const nothingBegins = later || sending.length >= room;
    return nothingBegins && sending.toSorted().join() === outside.held().toSorted().join();
  };
  const victims = shuffled(
    [...fleet.programs, ...fleet.programs, ...fleet.programs, fleet.web, fleet.web],
    chance,
  );
  let lost = 0;
  for (let turn = 0; turn < kills; turn += 1) {
    const due = ((turn + chance()) * 0.6 * total) / kills;
    await waitLong(() => outside.passed() >= due, "sends");
    await waitLong(isOver, "what is uncertain to be ended");
    let goOn = (): void => undefined;
    fleet.calm = new Promise((resolve) => (goOn = resolve));
    const release = outside.hold();
    const victim: Program = victims.shift()!;
    let counted = 0;
    await waitLong(async () => {
      if (!(await isStill())) return false;
      counted = await fleet.metricOf(victim, "switchboard_delivery_unknown_total");
      return isStill(); // the question may have taken long enough for a send to begin
    }, "stillness");
    lost += counted;
    await victim.kill();
    // What others send gets its answer while the store is away; of its own it is certain by now that nobody hears it.
    const sendsNothing = victim === fleet.web && fleet.workers.length > 0;
    if (sendsNothing) release();
    await victim.start();
    if (!sendsNothing) release();
    goOn();
  }
  return lost;
}

/** What the customer has is what was written, in its order, each once; every message has come to an end. */
async function expectInOrder(owner: Person, chat: Chat, outside: Outside): Promise<Map<string, string>> {
  const [refused, late] = [outside.refused(), outside.late()];
  const thread = await threadOf(owner, chat.conversationId);
  expect(thread.map(({ seq }) => seq)).toEqual(thread.map((_, index) => index + 1));
  const outgoing = thread.filter(({ type }) => type === "outgoing");
  expect(outgoing.map(({ content }) => content.text)).toEqual(chat.texts);
  const arrived = chat.arrived();
  const states = new Map<string, string>();
  expect(arrived, chat.name).toEqual(chat.texts.filter((text) => arrived.includes(text)));
  for (const { content, delivery } of outgoing) {
    const { text } = content;
    states.set(text, delivery.state);
    const expected = refused.has(text)
      ? late.has(text)
        ? /failed|unknown/
        : "failed"
      : arrived.includes(text)
        ? /sent|delivered|unknown/
        : "unknown";
    expect(delivery.state, text).toMatch(expected);
    if (delivery.state === "failed") expect(delivery.failure.class, text).toBe("permanent");
  }
  return states;
}
