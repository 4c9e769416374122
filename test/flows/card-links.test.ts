/** Whether a link of a card leads anywhere, told to whoever edits it. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openAbroad, type Abroad } from "../support/abroad.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let abroad: Abroad;
beforeAll(async () => {
  abroad = await openAbroad(["clay.example", "www.clay.example", "shop.example"]);
  world = await startWorld({}, { outside: abroad.outside });
});
afterAll(async () => {
  await world?.stop();
  await abroad?.stop();
});
beforeEach(() => void (abroad.asked.length = 0));

const check = async (address: string): Promise<any> => (await ask(address)).body;
const ask = (address: unknown, person = world.owner) => person.ask("POST", "/cards/links/check", { address });
const answer = (status: number, headers: Record<string, string> = {}): void =>
  abroad.set("clay.example", (_, response) => response.writeHead(status, headers).end("x".repeat(100)));

it("a site that answers, and where it sends on to", async () => {
  answer(200);
  expect(await check(" clay.example/a ")).toEqual({ state: "answers", status: 200 });
  abroad.set("www.clay.example", (_, response) => response.writeHead(200).end());
  answer(301, { location: "https://www.clay.example/" });
  expect(await check("clay.example/b")).toEqual({ state: "answers", status: 200 });
  abroad.set("shop.example", (_, response) => response.writeHead(200).end());
  answer(302, { location: "https://shop.example/" });
  expect(await check("clay.example/c")).toEqual({ state: "answers", status: 200, to: "shop.example" });
});

it("a page that there is not, a site that is broken, and one that keeps programs out", async () => {
  for (const [status, state] of [
    [404, "silent"],
    [410, "silent"],
    [500, "silent"],
    [401, "unchecked"],
    [403, "unchecked"],
    [429, "unchecked"],
    [503, "unchecked"],
  ] as const) {
    answer(status);
    expect(await check(`clay.example/${status}`)).toEqual({ state, status });
  }
  abroad.set("clay.example", (_, response) => response.destroy());
  expect(await check("clay.example/cut")).toEqual({ state: "silent" });
});

it("what is of this machine is not opened, and told from nothing", async () => {
  const { port } = new URL(world.hub.url);
  const none = await check("https://127.0.0.2/");
  expect(none).toEqual({ state: "silent" });
  for (const address of [
    "http://127.0.0.1/",
    "http://localhost/",
    "http://169.254.169.254/",
    "http://[::1]/",
  ])
    expect(await check(address)).toEqual(none);
  answer(302, { location: `http://127.0.0.1:${port}/` });
  expect(await check("clay.example/own")).toEqual(none);
  for (const address of [
    `http://127.0.0.1:${port}/`,
    "tel:+74955550142",
    "mailto:a@clay.example",
    "",
    "javascript:alert(1)",
  ])
    expect(await check(address)).toEqual({ state: "unchecked" });
});

it("is opened once in some minutes, by administrators, and not without end", async () => {
  answer(200);
  await Promise.all([
    check("clay.example/often"),
    check("clay.example/often"),
    check("https://clay.example/often"),
  ]);
  expect(abroad.asked).toHaveLength(1);
  const employee = await world.owner.invite("ivan@clay.example");
  expect((await ask("clay.example", employee)).status).toBe(403);
  for (const address of [7, null, { $ne: "" }, "x".repeat(2001)])
    expect((await ask(address)).status).toBe(400);
  const statuses = new Set<number>();
  for (let count = 0; count < 61; count++) statuses.add((await ask("clay.example/often")).status);
  expect(statuses).toContain(429);
});
