/** Bad input from pages: other origins, bots, forged tokens, floods, programs. Refusals are clear, and others are served on. */
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conversationSaying, waitFor } from "../support/hub.ts";
import { newKey, site, Visitor, type VisitOptions } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let widget: any;

beforeAll(async () => {
  world = await startWorld();
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
});
afterAll(() => world.stop());

const arrive = (more: Partial<VisitOptions> = {}): Promise<Visitor> =>
  Visitor.arrive(world.hub.url, { key: widget.key, ...more });
const answered = (frame: { t: string; code?: string }): string =>
  frame.t === "ok" ? "ok" : (frame.code ?? "no");

describe("a hostile page", () => {
  it.each([
    ["another site", { origin: "https://evil.example" }],
    ["a site that ends alike", { origin: "https://notclay.example" }],
    ["a file", { origin: "null" }],
    ["a key of nobody", { key: "wgt_AAAAAAAAAAAAAAAA" }],
    ["a bot", { userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" }],
  ])("is refused: %s", async (_what, options) => {
    await expect(Visitor.connect(world.hub.url, { key: widget.key, ...options })).rejects.toThrow("403");
  });

  it("gets clear refusals for long texts, unknown frames and programs", async () => {
    const visitor = await arrive();
    const thread = newKey();
    const long = await visitor.say(thread, "x".repeat(10_000));
    expect(long).toMatchObject({ t: "no", code: "text_too_long", details: { max: 4000, length: 10_000 } });
    expect(answered(await visitor.ask({ t: "send", thread }))).toBe("invalid_input");
    expect(answered(await visitor.ask({ t: "drop_tables" }))).toBe("invalid_input");
    expect(answered(await visitor.ask({ t: "load", thread: { $gt: "" } }))).toBe("invalid_input");
    expect(answered(await visitor.say(thread, "a quote of nothing", { replyTo: "not-an-id" }))).toBe("ok");
    const send = (name: string, body: Uint8Array | string, token = visitor.welcome.token, origin = site) =>
      fetch(`${world.hub.url}/widget/files?key=${widget.key}`, {
        method: "POST",
        headers: {
          origin,
          "user-agent": "Mozilla/5.0 Chrome/140",
          authorization: `Bearer ${token}`,
          "x-file-name": name,
        },
        body: body as BodyInit,
      });
    const code = async (answer: Promise<Response>): Promise<string> => {
      const response = await answer;
      return `${response.status} ${(await response.json()).error?.code}`;
    };
    expect(await code(send("setup.exe", "MZ"))).toBe("422 file_type_refused");
    expect(await code(send("photo.jpg", Buffer.from("4d5a90000300000004000000ffff0000b8", "hex")))).toBe(
      "422 file_type_refused",
    );
    expect(await code(send("a.txt", "x", "forged.token"))).toBe("401 unauthenticated");
    expect(await code(send("a.txt", "x", visitor.welcome.token, "https://evil.example"))).toBe(
      "403 forbidden",
    );
    const other = await arrive();
    const mine = (await (await send("a.txt", "mine")).json()).id;
    expect(answered(await other.ask({ t: "send", thread: newKey(), files: [mine] }))).toBe("not_found");
    for (const one of [visitor, other]) one.leave();
  });

  it("tells a bounded number of facts, each of a bounded length", async () => {
    const visitor = await arrive();
    const facts = (from: number, count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`fact ${from + at}`, "x".repeat(400)]));
    const thread = newKey();
    expect(answered(await visitor.say(thread, "too long a form", { form: facts(0, 31) }))).toBe(
      "invalid_input",
    );
    const form = { ...facts(0, 29), more: "y".repeat(1000) };
    expect(answered(await visitor.say(thread, "a long form", { form }))).toBe("ok");
    expect(answered(await visitor.ask({ t: "identify", traits: facts(29, 40) }))).toBe("ok");
    expect(answered(await visitor.ask({ t: "identify", traits: { "fact 0": 7, late: "z" } }))).toBe("ok");
    const conversation = await conversationSaying(world.owner, "a long form");
    const { visit } = await world.owner.get(`/conversations/${conversation.id}/visit`);
    expect(Object.keys(visit.traits)).toHaveLength(50);
    expect(visit.traits).toMatchObject({ "fact 0": "7", "fact 48": "x".repeat(400), more: "y".repeat(500) });
    expect(visit.traits).not.toHaveProperty("late");
    visitor.leave();
  });

  it("is cut off when it floods, and others are served on", async () => {
    const flooder = await arrive();
    const lena = await arrive();
    for (let count = 0; count < 200; count += 1)
      flooder.send({ t: "page", page: { url: `${site}/${count}`, title: "" } });
    await flooder.wait("bye", (frame) => frame.code === "rate_limited");
    await flooder.gone();
    expect(answered(await lena.say(newKey(), "still here"))).toBe("ok");
    lena.leave();
  });
});

it("takes only so many sockets of one address, and serves the others on", async () => {
  const limit = 1500;
  const lena = await arrive({ from: "127.0.0.3" });
  const sockets: WebSocket[] = [];
  const open = async (): Promise<"open" | number> => {
    const socket = new WebSocket(`${world.hub.url.replace("http", "ws")}/widget/socket?key=${widget.key}`, {
      origin: site,
      headers: { "user-agent": "Mozilla/5.0 Chrome/140" },
      localAddress: "127.0.0.2",
    });
    sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.on("open", () => resolve("open"));
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      socket.on("error", reject);
    });
  };
  for (let count = 0; count < limit; count += 100)
    expect(new Set(await Promise.all(Array.from({ length: 100 }, open)))).toEqual(new Set(["open"]));
  expect(await open()).toBe(429);
  expect(answered(await lena.say(newKey(), "still here beside the flood"))).toBe("ok");
  const other = await arrive({ from: "127.0.0.4" });
  expect(other.welcome.threads).toEqual([]);
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    socket.terminate();
  }
  const again = await waitFor(
    () => arrive({ from: "127.0.0.2" }).catch(() => undefined),
    "a place for the address again",
  );
  for (const one of [lena, other, again]) one.leave();
});

it.each([
  ["another site", { origin: "https://evil.example" }, 403],
  ["a page without an origin", { origin: undefined }, 403],
  ["a bot", { "user-agent": "curl/8.5.0" }, 403],
  ["a key of nobody", { key: "wgt_AAAAAAAAAAAAAAAA" }, 403],
  ["no frames at all", { frames: "hello" }, 400],
])("refuses requests of %s", async (_what, { key = widget.key, frames = [], ...headers }: any, status) => {
  const said: Record<string, string> = {
    "content-type": "application/json",
    origin: site,
    "user-agent": "Mozilla/5.0 Chrome/140",
    ...headers,
  };
  if (!said["origin"]) delete said["origin"];
  const body = JSON.stringify({ key, frames });
  const response = await fetch(`${world.hub.url}/widget/poll`, { method: "POST", headers: said, body });
  expect(response.status).toBe(status);
  expect((await response.json()).error.code).toBeTypeOf("string");
});
