/** The program with a bot on a simulated Telegram, in webhook mode, and a raw server and store to stand beside it. */
import { MongoClient, type Db } from "mongodb";
import express from "express";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { startEmbeddedMongo } from "../../embedded-mongo/index.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { botToken } from "../support/world.ts";

export interface BenchStage {
  program: Program;
  simulator: TelegramSimulator;
  bot: SimBot;
  owner: Person;
  workspaceId: string;
  channelId: string;
  /** Posts an update as Telegram does. */
  post(update: object): Promise<Response>;
  /** The program's own store. */
  db: Db;
  stop(): Promise<void>;
}

export async function setBenchStage(): Promise<BenchStage> {
  const simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  const bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  const program = await Program.create({
    environment: { TELEGRAM_API_ROOT: url, PUBLIC_URL: "https://hub.example", LOG_LEVEL: "warn" },
  });
  await program.start();
  const owner = await program.owner();
  const { id: channelId } = await owner.post<{ id: string }>("/channels", {
    kind: "telegram",
    credentials: { token: botToken, mode: "webhook" },
  });
  const secret = await waitFor(
    () => simulator.callsOf("setWebhook")[0]?.params["secret_token"] as string | undefined,
    "the webhook",
  );
  const client = await MongoClient.connect(
    `mongodb://${encodeURIComponent(join(program.dataDir, "run", "store.sock"))}/?directConnection=true`,
  );
  return {
    program,
    simulator,
    bot,
    owner,
    workspaceId: (await owner.get<{ workspace: { id: string } }>("/session")).workspace.id,
    channelId,
    post: (update) =>
      fetch(`${program.url}/webhooks/telegram/${channelId}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
        body: JSON.stringify(update),
      }),
    db: client.db("switchboard"),
    async stop() {
      await client.close();
      await program.remove();
      await close();
    },
  };
}

export function textUpdate(n: number, chats: number): object {
  const id = 800_000 + (n % chats);
  const person = { id, is_bot: false, first_name: `Customer ${n % chats}` };
  return {
    update_id: 1_000_000 + n,
    message: {
      message_id: Math.floor(n / chats) + 1,
      date: 1_790_000_000 + n,
      chat: { id, type: "private", first_name: person.first_name },
      from: person,
      text: `Is the blue mug still there? ${n}`,
    },
  };
}

/** An Express route that does nothing but answer. */
export async function startEmptyRoute(): Promise<{ url: string; close(): void }> {
  const app = express();
  app.post("/", express.raw({ type: () => true }), (_request, response) => void response.json({ ok: true }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
}

/** A store of its own in a worker thread, for raw figures. */
export async function startRawStore(): Promise<{ db: Db; close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "raw-"));
  const store = await startEmbeddedMongo({ dataDir });
  const client = await MongoClient.connect(store.uri);
  return {
    db: client.db("raw"),
    async close() {
      await client.close();
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
