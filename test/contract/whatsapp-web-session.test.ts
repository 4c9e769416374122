/** The account around its browser: codes, a browser that hangs, a real one, one that is missing, the sealed profile. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LoginCode } from "../../connectors/contract.ts";
import { findBrowser } from "../../connectors/whatsapp-web/browser.ts";
import type { Child } from "../../connectors/whatsapp-web/launch.ts";
import { Seal } from "../../connectors/whatsapp-web/seal.ts";
import { openSession } from "../../connectors/whatsapp-web/session.ts";
import { patience } from "../../connectors/whatsapp-web/supervisor.ts";
import type { FromChild, ToChild } from "../../connectors/whatsapp-web/wire.ts";
import { findChromium } from "../support/browser.ts";
import { servePage } from "../support/whatsapp-page.ts";
import { failureOf, recordingHost, sendOf, type RecordingHost } from "../support/telegram.ts";
import { eventually } from "../support/eventually.ts";

let folder: string;
let logins: (LoginCode | undefined)[];
let host: RecordingHost;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "device-"));
  logins = [];
  host = recordingHost({
    folder: () => Promise.resolve(folder),
    reportLogin: (login) => void logins.push(login),
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A child that does what the test says. */
function fakeChild(act: (told: ToChild, say: (message: FromChild) => void, exit: () => void) => void) {
  const started: { killed: boolean }[] = [];
  const launch = (): Child => {
    const state = { killed: false };
    started.push(state);
    let say: (message: FromChild) => void = () => undefined;
    let exit = (): void => undefined;
    return {
      send: (message) =>
        queueMicrotask(() =>
          act(
            message,
            (answer) => say(answer),
            () => exit(),
          ),
        ),
      kill() {
        state.killed = true;
        exit();
      },
      onMessage: (listener) => void (say = listener),
      onExit: (listener) => void (exit = listener),
    };
  };
  return { launch, started };
}

const quick = { ...patience, start: 60, ready: 60, firstWait: 5, longestWait: 20, answer: 200 };
const here = { places: [process.execPath] };

test("shows the code, then who it is; asks for what was missed; stops and seals", async () => {
  const asked: ToChild[] = [];
  const { launch } = fakeChild((told, say, exit) => {
    if ("start" in told) {
      say({ says: "qr", qr: "2@code" });
      say({ says: "authenticated" });
      say({ says: "ready", account: { id: "15550783881", name: "Clay" } });
    } else if ("stop" in told) exit();
    else if ("ask" in told) {
      asked.push(told);
      say({ says: "answer", ask: told.ask, value: { id: "true_x_1", at: 1_772_366_400 } });
    }
  });
  await host.kept.write("cursor", "1772366400");
  const session = openSession({}, host, { launch, wait: quick, browser: here });
  const running = session.run();
  await eventually(() => expect(host.health.at(-1)?.state).toBe("connected"));
  expect(logins.map((login) => login?.phase)).toEqual([
    "starting",
    "waiting",
    "loading",
    "connected",
    undefined,
  ]);
  await eventually(() => expect(asked[0]).toMatchObject({ order: { do: "history", since: 1_772_366_100 } }));
  expect(await session.perform(sendOf("447700900123@c.us", { text: "Yes" }))).toMatchObject({
    externalIds: ["true_x_1"],
  });
  expect(host.logged.join()).not.toContain("2@code");
  host.stop();
  await running;
  expect(existsSync(join(folder, "profile"))).toBe(false);
  expect(existsSync(join(folder, "profile.sealed"))).toBe(true);
});

test("the cursor passes what is stored alone: a store that was away gets everything, in order", async () => {
  let tell: (message: FromChild) => void = () => undefined;
  const { launch } = fakeChild((told, say, exit) => {
    tell = say;
    if ("start" in told) say({ says: "ready", account: { id: "1", name: "Clay" } });
    else if ("stop" in told) exit();
    else if ("ask" in told) say({ says: "answer", ask: told.ask });
  });
  const stored: number[] = [];
  let away = true;
  let tries = 0;
  host.receive = (updates) => {
    tries += 1;
    if (away) return Promise.reject(new Error("the store is away"));
    stored.push(...updates.map((update) => JSON.parse(new TextDecoder().decode(update)).at));
    return Promise.resolve();
  };
  await host.kept.write("cursor", "1000");
  const running = openSession({}, host, { launch, wait: quick, browser: here }).run();
  await eventually(async () => expect(await host.kept.read("cursor")).not.toBe("1000"));
  await host.kept.write("cursor", "2000");
  tell(ackAt(1));
  tell(ackAt(2));
  await eventually(() => expect(tries).toBeGreaterThan(1));
  expect(host.health.at(-1)).toMatchObject({ state: "degraded", problem: { code: "not_stored" } });
  expect(await host.kept.read("cursor")).toBe("2000");
  tell(ackAt(3));
  away = false;
  await eventually(() => expect(stored).toEqual([1, 2, 3]));
  await eventually(async () => expect(await host.kept.read("cursor")).not.toBe("2000"));
  expect(host.health.at(-1)?.state).toBe("connected");
  host.stop();
  await running;
});

/** A browser that tells this history, whenever it is asked, and answers. */
function historian(history: number[], onTold: () => void = () => undefined) {
  let asked = 0;
  const { launch } = fakeChild((told, say, exit) => {
    if ("start" in told) say({ says: "ready", account: { id: "1", name: "Clay" } });
    else if ("stop" in told) exit();
    else if ("ask" in told) {
      asked += 1;
      for (const at of history) say(ackAt(at));
      say({ says: "answer", ask: told.ask });
      setImmediate(onTold);
    }
  });
  return { launch, asked: () => asked };
}

function ackAt(at: number): FromChild {
  return {
    says: "update",
    update: { event: "ack", id: `true_x_${at}`, chat: "447700900123@c.us", ack: 2, at },
  };
}

test("while told history still waits for the store the cursor stands: a kill would lose it otherwise", async () => {
  let toldAll = (): void => undefined;
  const told = new Promise<void>((resolve) => (toldAll = resolve));
  let goOn = (): void => undefined;
  const second = new Promise<void>((resolve) => (goOn = resolve));
  const { launch } = historian([1001, 1002, 1003], () => toldAll());
  let begun = 0;
  const stored: number[] = [];
  host.receive = async (updates) => {
    begun += 1;
    await (begun === 1 ? told : second);
    stored.push(...updates.map((update) => JSON.parse(new TextDecoder().decode(update)).at));
  };
  await host.kept.write("cursor", "1000");
  const running = openSession({}, host, { launch, wait: quick, browser: here }).run();
  await eventually(() => expect(begun).toBe(2));
  expect(stored).toEqual([1001]);
  expect(await host.kept.read("cursor")).toBe("1000");
  goOn();
  await eventually(async () => expect(await host.kept.read("cursor")).not.toBe("1000"));
  expect(stored).toEqual([1001, 1002, 1003]);
  host.stop();
  await running;
});

test("a history that is longer than what may wait is asked for again until all of it is stored", async () => {
  const history = Array.from({ length: 45_000 }, (_, index) => 1001 + index);
  const { launch, asked } = historian(history);
  const stored = new Set<number>();
  host.receive = (updates) => {
    for (const update of updates) stored.add(JSON.parse(new TextDecoder().decode(update)).at);
    return Promise.resolve();
  };
  const { write } = host.kept;
  const atCursor: number[] = [];
  host.kept.write = (name, value) => {
    atCursor.push(stored.size);
    return write(name, value);
  };
  await write("cursor", "1000");
  const running = openSession({}, host, { launch, wait: quick, browser: here }).run();
  await eventually(async () => expect(await host.kept.read("cursor")).not.toBe("1000"));
  expect(atCursor[0]).toBe(history.length);
  expect(asked()).toBe(3);
  host.stop();
  await running;
}, 30_000);

test("what was missed is asked for until it came; the cursor waits for it", async () => {
  let asked = 0;
  let tell: (message: FromChild) => void = () => undefined;
  const { launch } = fakeChild((told, say, exit) => {
    tell = say;
    if ("start" in told) say({ says: "ready", account: { id: "1", name: "Clay" } });
    else if ("stop" in told) exit();
    else if ("ask" in told) {
      asked += 1;
      const failure = { class: "retry" as const, code: "platform_error", message: "no chats yet" };
      if (asked < 3) {
        tell({
          says: "update",
          update: { event: "ack", id: `true_x_${asked}`, chat: "447700900123@c.us", ack: 2, at: asked },
        });
        void vi
          .waitFor(() => expect(host.received).toHaveLength(asked))
          .then(() => say({ says: "answer", ask: told.ask, failure }));
      } else
        void host.kept.read("cursor").then((cursor) => {
          expect(cursor).toBe("1000");
          say({ says: "answer", ask: told.ask });
        });
    }
  });
  await host.kept.write("cursor", "1000");
  const running = openSession({}, host, { launch, wait: quick, browser: here }).run();
  await eventually(async () => expect(await host.kept.read("cursor")).not.toBe("1000"));
  expect(asked).toBe(3);
  host.stop();
  await running;
});

test("a browser that signed in and never gets ready is ended and started again", async () => {
  let times = 0;
  const { launch, started } = fakeChild((told, say, exit) => {
    if ("start" in told) {
      times += 1;
      say({ says: "authenticated" });
      if (times > 1) say({ says: "ready", account: { id: "1", name: "Clay" } });
    } else if ("stop" in told) exit();
  });
  const running = openSession({}, host, { launch, wait: quick, browser: here }).run();
  await eventually(() => expect(host.health.at(-1)?.state).toBe("connected"));
  expect(started.map(({ killed }) => killed)).toEqual([true, false]);
  expect(host.health.map(({ problem }) => problem?.code)).toContain("browser_hung");
  host.stop();
  await running;
});

test("a send whose browser dies is unknown; without a browser it is tried again", async () => {
  const { launch } = fakeChild((told, say, exit) => {
    if ("start" in told) say({ says: "ready", account: { id: "1", name: "Clay" } });
    else exit();
  });
  const session = openSession({}, host, { launch, wait: quick, browser: here });
  const send = () => session.perform(sendOf("447700900123@c.us", { text: "Yes" }));
  expect(await failureOf(send())).toMatchObject({ class: "retry", code: "not_connected" });
  const running = session.run();
  await eventually(() => expect(host.health.at(-1)?.state).toBe("connected"));
  expect(await failureOf(send())).toMatchObject({ class: "unknown" });
  host.stop();
  await running;
});

test("no browser: the account says what to install, and nothing else breaks", async () => {
  const nowhere = { places: ["/nowhere/chromium"], bundle: "no-such-package-for-tests" };
  expect(await failureOf(findBrowser(nowhere))).toMatchObject({ code: "no_browser" });
  const running = openSession({}, host, { browser: nowhere }).run();
  await eventually(() => expect(host.health.at(-1)).toMatchObject({ problem: { code: "no_browser" } }));
  host.stop();
  await running;
});

test("a person's picture is fetched from WhatsApp's own addresses alone", async () => {
  let given = "https://pps.whatsapp.net/v/1.jpg";
  const { launch } = fakeChild((told, say, exit) => {
    if ("start" in told) say({ says: "ready", account: { id: "15550783881", name: "Clay" } });
    if ("ask" in told) say({ says: "answer", ask: told.ask, value: told.order.do === "picture" ? given : 0 });
    if ("stop" in told) exit();
  });
  const asked: unknown[] = [];
  const fetched = (url: unknown): Promise<Response> => (
    asked.push(url),
    Promise.resolve(new Response("jpeg"))
  );
  const session = openSession({}, { ...host, fetch: fetched }, { launch, wait: quick, browser: here });
  const running = session.run();
  await eventually(() => expect(host.health.at(-1)?.state).toBe("connected"));
  const signal = AbortSignal.timeout(60_000);
  const alias = { scheme: "wa_phone", scope: "", value: "447700900123" };
  const { avatar } = (await session.fetchProfile?.(alias, signal)) ?? {};
  expect(avatar).toEqual({ type: "url", value: given });
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await session.downloadMedia(avatar!, signal)).body) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("jpeg");
  given = "http://169.254.169.254/latest";
  expect(await session.fetchProfile?.(alias, signal)).toEqual({});
  const foreign = session.downloadMedia({ type: "url", value: given }, signal);
  expect(await failureOf(foreign)).toMatchObject({ class: "permanent", code: "file_unavailable" });
  expect(asked).toEqual(["https://pps.whatsapp.net/v/1.jpg"]);
  host.stop();
  await running;
});

test("the profile is sealed with a key that lies elsewhere, and opens again", async () => {
  const seal = new Seal(host);
  const profile = await seal.open();
  await writeFile(join(profile, "session.db"), "the keys of the device");
  await seal.close();
  const sealed = await readFile(join(folder, "profile.sealed"));
  expect(sealed.includes("the keys of the device")).toBe(false);
  expect(await readFile(join(await seal.open(), "session.db"), "utf8")).toBe("the keys of the device");
  await seal.forget();
  expect(existsSync(join(folder, "profile.sealed"))).toBe(false);
});

test("a real browser in a process of its own shows the code of the page, and ends with the account", async ({
  annotate,
}) => {
  const { root, close } = await servePage();
  const real = { ...host, apiRoot: root };
  vi.stubEnv("SECRET_KEY", "a key that is nobody else's business");
  const running = openSession({}, real, { browser: { places: [await findChromium()] } }).run();
  const code = await eventually(() => {
    const waiting = logins.find((login) => login?.phase === "waiting");
    if (!waiting) throw new Error(`no code yet: ${host.logged.join("\n")}`);
    return waiting;
  });
  expect(code.qr).toBe("2@reference,a2V5,a2V5,secret,1");
  expect(host.health.at(-1)).toMatchObject({ state: "needs_login" });
  if (existsSync("/proc/self/environ")) {
    const browsers = await environmentsOf(folder);
    expect(browsers.length).toBeGreaterThan(0);
    for (const environment of browsers) expect(environment).not.toContain("nobody else's business");
  } else await annotate("what the browser's environment holds is not looked at: this system has no /proc");
  host.stop();
  await running;
  vi.unstubAllEnvs();
  expect(existsSync(join(folder, "profile.sealed"))).toBe(true);
  await close();
}, 90_000);

/** Of the running programs that were started with this folder. */
async function environmentsOf(profile: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const read = (what: string): Promise<string> => readFile(`/proc/${pid}/${what}`, "utf8").catch(() => "");
    if ((await read("cmdline")).includes(profile)) found.push(await read("environ"));
  }
  return found;
}
