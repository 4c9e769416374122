import { ViberSimulator, type ViberBot } from "../../demo/simulators/viber.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { redisMissing, TestRedis } from "../support/redis.ts";
import type { Bench } from "./main.ts";
import { rate, row } from "./measure.ts";

const publicUrl = "https://hub.example";
/** What one account of Viber may send at once, and what one person may get: within these nothing waits for a limit. */
const perAccount = 400;
const perPerson = 100;
/** Work on so many conversations at once is what the hub does. */
const lanes = 32;

/**
 * What waits in the outbox until the messenger has all of it, without and with Redis, beside bare sends to the same
 * simulator. Viber's limits allow bursts: within them the hub itself is what limits.
 */
export async function benchOutbox(bench: Bench): Promise<void> {
  for (const engine of ["in-process", "BullMQ"] as const) {
    if (engine === "BullMQ" && redisMissing) {
      bench.say(`outbox with BullMQ is left out ${redisMissing}`);
      continue;
    }
    bench.say(`the outbox, ${engine} …`);
    for (const conversations of [1, 10, 100]) {
      const stage = await setStage(engine, conversations, Math.max(0.2, bench.scale));
      const value = await drainRate(stage);
      bench.add(
        row(
          `outbound messages, ${conversations} conversation${conversations > 1 ? "s" : ""}, ${engine} (Viber, within its bursts)`,
          value,
          "1/s",
          await bareRate(stage, conversations),
        ),
      );
      await stage.close();
    }
  }
}

interface Stage {
  simulator: ViberSimulator;
  url: string;
  bots: ViberBot[];
  owner: Person;
  channelIds: string[];
  conversationIds: string[];
  perConversation: number;
  close(): Promise<void>;
}

async function setStage(
  engine: "in-process" | "BullMQ",
  conversations: number,
  scale: number,
): Promise<Stage> {
  const perConversation = Math.max(
    4,
    Math.round(scale * (conversations === 1 ? perPerson : conversations === 10 ? 40 : 10)),
  );
  const perBot = Math.floor(perAccount / perConversation);
  const place = { url: "" };
  const simulator = new ViberSimulator({
    // That a message is on the phone is not told: it would be ingestion that is measured.
    fetch: (input, init) =>
      typeof init?.body === "string" && init.body.startsWith('{"event":"delivered"')
        ? Promise.resolve(new Response("{}"))
        : fetch((input as string).replace(publicUrl, place.url), init),
  });
  const server = await simulator.listen();
  const redis = engine === "BullMQ" ? await TestRedis.start() : undefined;
  const program = await Program.create({
    environment: {
      API_ROOTS: `viber=${server.url}`,
      PUBLIC_URL: publicUrl,
      LOG_LEVEL: "warn",
      ...(redis ? { REDIS_URL: redis.url } : {}),
    },
  });
  place.url = program.url;
  await program.start();
  const owner = await program.owner();
  const bots: ViberBot[] = [];
  const channelIds: string[] = [];
  for (let made = 0; made < conversations; made += perBot) {
    const n = String(bots.length);
    const token = `4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c5${n.padStart(2, "0")}`;
    const bot = simulator.addBot({ token, id: `pa:${n}`, name: "Clay & Co", uri: `clay${n}` });
    channelIds.push(
      (await owner.post<{ id: string }>("/channels", { kind: "viber", credentials: { token } })).id,
    );
    await waitFor(() => bot.webhook, "the webhook");
    bots.push(bot);
    for (let index = made; index < Math.min(conversations, made + perBot); index += 1)
      await simulator.addCustomer(bot, `Customer ${index}`).say("Hello");
  }
  const conversationIds = await waitFor(async () => {
    const { items } = await owner.get<{ items: { id: string }[] }>("/conversations?limit=100");
    return items.length === conversations ? items.map(({ id }) => id) : undefined;
  }, "the conversations");
  return {
    simulator,
    url: server.url,
    bots,
    owner,
    channelIds,
    conversationIds,
    perConversation,
    async close() {
      await program.remove();
      await redis?.remove();
      await server.close();
    },
  };
}

/** Fills the outbox while the accounts are paused; messages a second from the first one that arrives to the last. */
async function drainRate({
  simulator,
  owner,
  channelIds,
  conversationIds,
  perConversation,
}: Stage): Promise<number> {
  for (const id of channelIds) await owner.patch(`/channels/${id}`, { paused: true });
  for (let n = 0; n < perConversation; n += 1)
    await Promise.all(conversationIds.map((id) => owner.reply(id, `Message ${n}`)));
  const total = conversationIds.length * perConversation;
  const arrived = async (count: number): Promise<number> => {
    while (simulator.callsOf("send_message").length < count)
      await new Promise((resolve) => setTimeout(resolve, 2));
    return performance.now();
  };
  for (const id of channelIds) await owner.patch(`/channels/${id}`, { paused: false });
  const first = await arrived(1);
  const counted = simulator.callsOf("send_message").length;
  return ((total - counted) * 1000) / ((await arrived(total)) - first);
}

async function bareRate({ url, bots, perConversation }: Stage, conversations: number): Promise<number> {
  const receivers = bots.flatMap(({ token, customers }) =>
    [...customers.keys()].map((receiver) => ({ token, receiver })),
  );
  return rate(conversations * perConversation, Math.min(lanes, conversations), async (n) => {
    const { token, receiver } = receivers[n % receivers.length]!;
    const response = await fetch(`${url}/pa/send_message`, {
      method: "POST",
      headers: { "x-viber-auth-token": token, "content-type": "application/json" },
      body: JSON.stringify({
        receiver,
        min_api_version: 1,
        sender: { name: "Clay & Co" },
        type: "text",
        text: `Message ${n}`,
      }),
    });
    await response.text();
  });
}
