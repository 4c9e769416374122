/** The customers' page's own API, as the page and programs use it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openCustomers } from "../../demo/simulators/customers.ts";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { telegramStage } from "../../demo/simulators/telegram/stage.ts";
import { picture } from "../support/telegram-pictures.ts";
import { schemaErrors, schemaMissing } from "../support/telegram-schema.ts";
import { token } from "../support/telegram.ts";

let simulator: TelegramSimulator;
let api: { url: string; close(): Promise<void> };
let customers: { url: string; close(): Promise<void> };
const place = { stage: "telegram", account: "clay_and_co_bot" };

beforeEach(async () => {
  simulator = new TelegramSimulator();
  api = await simulator.listen();
  await simulator.addBot({ token, username: place.account, name: "Clay & Co" });
  customers = await openCustomers([telegramStage(simulator)]);
});
afterEach(async () => {
  await customers.close();
  await api.close();
});

function post(path: string, body: object, url = customers.url): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const updates = z.object({ ok: z.boolean(), result: z.array(z.looseObject({ update_id: z.number() })) });
const chatView = z.object({
  messages: z.array(
    z.looseObject({ text: z.string(), media: z.array(z.looseObject({ id: z.string() })).optional() }),
  ),
});

async function pollUpdates() {
  const wanted = { timeout: 0, allowed_updates: ["message", "message_reaction"] };
  return updates.parse(await (await post(`/bot${token}/getUpdates`, wanted, api.url)).json()).result;
}

async function addKate(): Promise<string> {
  const answer = await post("/people", { stage: "telegram", name: "Kate Winslow", handle: "@kate_w" });
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

test("a customer is played over HTTP, and seen", async () => {
  const person = await addKate();
  await pollUpdates();
  await post("/acts", { ...place, person, do: "start", payload: "card-42" });
  await post("/acts", { ...place, person, do: "say", text: "Hello", replyTo: "1" });
  const query = new URLSearchParams({ ...place, person, as: "photo", caption: "This one" });
  await fetch(`${customers.url}/files?${query.toString()}`, {
    method: "POST",
    body: Buffer.from(await picture()),
  });
  await post("/acts", { ...place, person, do: "react", message: "2", emoji: "👍" });
  const received = await pollUpdates();
  expect(received).toHaveLength(4);
  for (const update of received) expect(schemaMissing ? [] : schemaErrors("Update", update)).toEqual([]);
  const view = await fetch(`${customers.url}/chat?${new URLSearchParams({ ...place, person }).toString()}`);
  const { messages } = chatView.parse(await view.json());
  expect(messages.map(({ text }) => text)).toEqual(["/start card-42", "Hello", "This one"]);
  const photo = await fetch(`${customers.url}/files/telegram/${messages[2]?.media?.[0]?.id ?? ""}`);
  expect(photo.headers.get("content-security-policy")).toContain("sandbox");
});

test("changes are told as they happen", async () => {
  const kate = simulator.customer(Number(await addKate()));
  const stream = await fetch(`${customers.url}/events`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("open");
  kate?.say("Hello");
  expect((await reader?.read())?.value).toContain("telegram");
  await reader?.cancel();
});

test("a form that another site could send is refused, and so is what is not there", async () => {
  const person = await addKate();
  const form = await fetch(`${customers.url}/acts`, { method: "POST", body: '{"do":"block"}' });
  expect(form.status).toBe(400);
  for (const wrong of [
    { ...place, person, do: "fly" },
    { ...place, person, do: "read" },
    { ...place, person: "nobody", do: "start" },
    { ...place, stage: "pigeon", person, do: "start" },
  ]) {
    const answer = await post("/acts", wrong);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toHaveProperty("message");
  }
});

test("the page and its parts are served, and nothing else is", async () => {
  const page = await (await fetch(`${customers.url}/`)).text();
  const parts = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? "");
  expect(parts.length).toBeGreaterThan(3);
  for (const path of [...parts, "/message.js", "/texts.js", "/icons/whatsapp.svg"])
    expect((await fetch(`${customers.url}${path}`)).status, path).toBe(200);
  for (const path of ["/package.json", "/..%2fstage.ts", "/page/index.html", "/files/telegram/none"])
    expect((await fetch(`${customers.url}${path}`)).status, path).toBeGreaterThanOrEqual(400);
});
