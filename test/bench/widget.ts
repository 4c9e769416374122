import { once } from "node:events";
import { WebSocket, WebSocketServer } from "ws";
import { Program } from "../support/program.ts";
import { newKey, Visitor } from "../support/visitor.ts";
import type { Bench } from "./main.ts";
import { percentile, row } from "./measure.ts";
import { residentMegabytes } from "./start.ts";

const perSecond = 50;
const chatters = 100;

/** A thousand open pages, fifty messages a second: to the acknowledgement, to the visitor's other tab, and the memory. */
export async function benchWidget(bench: Bench): Promise<void> {
  bench.say("a thousand open pages and fifty messages a second …");
  const program = await Program.create();
  await program.start();
  const owner = await program.owner();
  const widget = await owner.post<{ id: string; key: string }>("/widgets", {
    name: "Bench",
    domain: "clay.example",
  });
  const before = residentMegabytes(program.pid ?? 0);
  const pages: Visitor[] = [];
  for (let n = 0; n < 1000; n += 50)
    pages.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, () => Visitor.arrive(program.url, { key: widget.key })),
      )),
    );
  const perSocket = ((residentMegabytes(program.pid ?? 0) - before) * 1024) / pages.length;

  const talkers = await Promise.all(
    pages.slice(0, chatters).map(async (page) => {
      const thread = newKey();
      await page.say(thread, "hello");
      await page.sees(thread, "hello");
      const other = await Visitor.arrive(program.url, {
        key: widget.key,
        hello: { token: page.welcome.token },
      });
      return { page, other, thread };
    }),
  );
  const [acknowledged, shown] = [[] as number[], [] as number[]];
  const count = Math.round(1000 * Math.max(0.2, bench.scale));
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const due = begin + (n * 1000) / perSecond;
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
      const { page, other, thread } = talkers[n % chatters]!;
      const text = `message ${n}`;
      const sent = performance.now();
      const seen = other.sees(thread, text).then(() => performance.now() - sent);
      const answer = await page.say(thread, text);
      if (answer.t !== "ok") throw new Error(`refused: ${answer.code}`);
      acknowledged.push(performance.now() - sent);
      shown.push(await seen);
    }),
  );
  const echo = await echoTimes(Math.min(count, 300));
  const bar = { text: "≤ 500 ms", held: percentile(shown, 0.95) <= 500 };
  bench.add(
    row("widget message acknowledged, p50", percentile(acknowledged, 0.5), "ms", percentile(echo, 0.5)),
  );
  bench.add(
    row("widget message acknowledged, p95", percentile(acknowledged, 0.95), "ms", percentile(echo, 0.95)),
  );
  bench.add(
    row("widget message on the other page, p50", percentile(shown, 0.5), "ms", percentile(echo, 0.5)),
  );
  bench.add(
    row("widget message on the other page, p95", percentile(shown, 0.95), "ms", percentile(echo, 0.95), bar),
  );
  bench.add(row("memory per open page", perSocket, "KB", await rawPerSocket()));
  for (const page of pages) page.leave();
  for (const { other } of talkers) other.leave();
  await program.remove();
}

/** A bare WebSocket that sends back what it gets. */
async function echoTimes(count: number): Promise<number[]> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  await once(server, "listening");
  const socket = new WebSocket(`ws://127.0.0.1:${portOf(server)}`);
  await once(socket, "open");
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const sent = performance.now();
    socket.send("ping");
    await once(socket, "message");
    times.push(performance.now() - sent);
  }
  socket.terminate();
  server.close();
  return times;
}

/** Kilobytes that a bare socket costs, both ends in this process. */
async function rawPerSocket(): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const before = process.memoryUsage.rss();
  const sockets = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${portOf(server)}`);
      await once(socket, "open");
      return socket;
    }),
  );
  const each = (process.memoryUsage.rss() - before) / 1024 / sockets.length;
  for (const socket of sockets) socket.terminate();
  server.close();
  return each;
}

function portOf(server: WebSocketServer): number {
  return (server.address() as { port: number }).port;
}
