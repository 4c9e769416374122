/** Starting the program: wrong settings, folders it cannot use, disks without room. Each says how to mend it. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { configHelp, readConfig } from "../../core/config.ts";
import { root } from "../../scripts/build.mjs";
import { Person, waitFor, type Answer } from "../support/hub.ts";
import { Program, type ProgramOptions } from "../support/program.ts";

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.toReversed()) await step();
  cleanUp = [];
});

async function program(options: ProgramOptions = {}): Promise<Program> {
  const made = await Program.create(options);
  cleanUp.push(() => made.remove());
  return made;
}

describe("settings", () => {
  it.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["PUBLIC_URL", "chat.example.com"],
    ["PUBLIC_URL", "ftp://chat.example.com"],
    ["WEBHOOK_URL", "http://hooks.example.com"],
    ["TRUST_PROXY", "maybe; rm -rf"],
    ["MONGODB_URI", "postgres://localhost"],
    ["TELEGRAM_API_ROOT", "localhost:8081"],
    ["REDIS_URL", "localhost:6379"],
    ["ROLES", "cook"],
    ["API_ROOTS", "viber"],
    ["API_ROOTS", "viber=localhost:80"],
    ["LOG_LEVEL", "loud"],
    ["SECRET_KEY", "short"],
    ["MAX_UPLOAD_MB", "0"],
    ["METRICS_TOKEN", "short"],
  ])("%s=%s stops the start with a sentence", async (name, value) => {
    const dataDir = await mkdtemp(join(tmpdir(), "config-"));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    expect(() => readConfig({ DATA_DIR: dataDir, [name]: value })).toThrow(
      `${name} cannot be used: it must be ${configHelp[name as keyof typeof configHelp]}.`,
    );
  });

  it("are all in the README and in docs/operating.md", () => {
    for (const page of ["README.md", "docs/operating.md"]) {
      const text = readFileSync(join(root, page), "utf8");
      for (const name of Object.keys(configHelp)) expect(text, `${name} in ${page}`).toContain(`\`${name}\``);
    }
  });

  it("make a key of their own, for the owner of the files alone, and keep it", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "config-"));
    cleanUp.push(() => rm(dataDir, { recursive: true }));
    const first = readConfig({ DATA_DIR: dataDir }).secretKey;
    expect(statSync(join(dataDir, "secret.key")).mode & 0o777).toBe(0o600);
    expect(readConfig({ DATA_DIR: dataDir }).secretKey).toEqual(first);
    expect(() => readConfig({ DATA_DIR: dataDir, SECRET_KEY_FILE: join(dataDir, "nothing") })).toThrow(
      /SECRET_KEY_FILE cannot be read/,
    );
    expect(() => readConfig({ DATA_DIR: dataDir, SECRET_KEY: "x".repeat(40), SECRET_KEY_FILE: "y" })).toThrow(
      /Keep one of them/,
    );
  });
});

describe("the program", () => {
  it("prints its address and a first-run link, answers /readyz, and stops cleanly", async () => {
    const hub = await program();
    await hub.start();
    await waitFor(() => hub.output.includes("/first-run#"), "the link");
    expect(hub.output).toContain(`Switchboard is ready: ${hub.url}`);
    expect(await (await fetch(`${hub.url}/readyz`)).json()).toEqual({ status: "ready" });
    expect((await fetch(`${hub.url}/`)).headers.get("content-type")).toContain("text/html");
    expect(await hub.kill("SIGTERM")).toBe(0);
  });

  it("stops cleanly though a client keeps the connection of what was under way", async () => {
    const hub = await program();
    await hub.start();
    await waitFor(() => hub.output.includes("/first-run#"), "the link");
    const agent = new Agent({ keepAlive: true });
    const headers = { "content-type": "application/json", "content-length": 2, expect: "100-continue" };
    const asked = request(`${hub.url}/api/v1/session`, { method: "POST", agent, headers });
    asked.on("response", (answer) => answer.resume());
    asked.on("error", () => undefined); // what takes too long is cut
    asked.flushHeaders();
    await once(asked, "continue");
    const code = hub.kill("SIGTERM");
    const isRefused = (): Promise<boolean> =>
      fetch(`${hub.url}/healthz`).then(
        () => false,
        () => true,
      );
    await waitFor(isRefused, "no new connection to be taken");
    asked.end("{}");
    expect(await code).toBe(0);
    agent.destroy();
  });

  it("ends with a sentence when its port is taken", async () => {
    const hub = await program();
    const squatter = createServer().listen(hub.port, "127.0.0.1");
    cleanUp.push(() => new Promise((resolve) => squatter.close(resolve)));
    await expect(hub.start()).rejects.toThrow(/PORT is taken by another program/);
  });

  it("ends with a sentence when another hub uses its data directory", async () => {
    const first = await program();
    await first.start();
    const second = await program({ dataDir: first.dataDir });
    await expect(second.start()).rejects.toThrow(/data directory .*(in use|used|another)/i);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it("ends with a sentence when its data directory is read-only", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "readonly-"));
    chmodSync(dataDir, 0o555);
    const asRoot = process.getuid?.() === 0; // who may write anywhere, unless it gives that power up
    const wrapper = asRoot ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] : [];
    const hub = await program({ dataDir, wrapper });
    await expect(hub.start()).rejects.toThrow(
      /DATA_DIR cannot be written: .* Give the hub the right to write there/,
    );
    chmodSync(dataDir, 0o755);
  });

  const tiny = process.env["TINY_DISK"];
  it.runIf(tiny && existsSync(tiny))(
    `ends with a sentence when its disk has no room at all${tiny ? "" : " (TINY_DISK names no full file system)"}`,
    async () => {
      const hub = await program({ dataDir: join(tiny ?? "", "data") });
      await expect(hub.start()).rejects.toThrow(/The disk that holds DATA_DIR is full/);
    },
  );

  const small = process.env["SMALL_DISK"];
  it.runIf(small && existsSync(small))(
    `says that a disk is full and goes on reading${small ? "" : " (SMALL_DISK names no small file system)"}`,
    async () => {
      const dataDir = join(small ?? "", "data");
      const hub = await program({ dataDir });
      await hub.start();
      const owner = await hub.owner();
      let answer: Answer = await owner.upload(
        "a.bin",
        "application/octet-stream",
        Buffer.alloc(64 * 1024, 7),
      );
      for (let tries = 0; answer.status === 201 && tries < 400; tries += 1)
        answer = await owner.upload("a.bin", "application/octet-stream", Buffer.alloc(64 * 1024, 7));
      expect(answer.body.error).toMatchObject({ code: "storage_full" });
      expect((await owner.ask("GET", "/session")).status).toBe(200);
      expect(execFileSync("df", ["--output=avail", dataDir]).toString()).toContain("Avail");
    },
  );
});

it("ends with a sentence when the store cannot be reached", async () => {
  const hub = await program({
    environment: { MONGODB_URI: "mongodb://127.0.0.1:9/nothing?serverSelectionTimeoutMS=500" },
  });
  await expect(hub.start()).rejects.toThrow(/The store at MONGODB_URI cannot be reached/);
  expect(await new Person(hub.url).ask("GET", "/session").catch((error: Error) => error.message)).toBe(
    "fetch failed",
  );
});
