/** `npm run demo` as people end it: a signal to npm, with browsers that still hold their connections. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "../../scripts/build.mjs";
import { Person, waitFor } from "../support/hub.ts";

let folder: string;
let npm: ChildProcess;
let printed = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-end-"));
  printed = "";
  npm = spawn("npm", ["run", "demo"], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that nothing of it outlives a test that fails
  });
  for (const said of [npm.stdout, npm.stderr])
    said?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
});
afterEach(async () => {
  try {
    process.kill(-(npm.pid ?? Number.NaN), "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has ended, with all that it started
  }
  await rm(folder, { recursive: true, force: true });
});

const data = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith("switchboard-demo-"));
const waitLong = (look: () => boolean | Promise<boolean>, what: string) =>
  waitFor(look, what, undefined, 300_000);

it("leaves no data behind while browsers are connected", { timeout: 600_000 }, async () => {
  await waitLong(() => {
    if (npm.exitCode !== null) throw new Error(`the demo has ended: ${printed}`);
    return printed.includes("Ctrl-C ends it");
  }, "the demo to be ready");
  const [, hub = ""] = /The hub\s+(\S+)/.exec(printed) ?? [];
  const [, customers = ""] = /The customers\s+(\S+)/.exec(printed) ?? [];
  const [, email = "", password = ""] = /Owner\s+(\S+)\s+(.+)/.exec(printed) ?? [];
  const person = new Person(hub);
  await person.enter("/session", { email, password: password.trim() });
  const socket = io(hub, { transports: ["websocket"], extraHeaders: { cookie: person.cookie } });
  const events = await fetch(`${customers}/events`);
  await waitFor(() => socket.connected, "the socket");
  expect(await data()).toHaveLength(1);
  npm.kill("SIGTERM");
  await waitLong(async () => (await data()).length === 0, "the folder to be gone");
  socket.disconnect();
  await events.body?.cancel().catch(() => undefined);
});

it("leaves none either when it is ended before it is ready", { timeout: 600_000 }, async () => {
  await waitLong(async () => (await data()).length === 1, "the folder");
  npm.kill("SIGTERM");
  await waitLong(async () => (await data()).length === 0, "the folder to be gone");
});
