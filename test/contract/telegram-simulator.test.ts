/** The simulator's own control API, as the demo and its page use it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { picture } from "../support/telegram-pictures.ts";
import { schemaErrors, schemaMissing } from "../support/telegram-schema.ts";
import { token } from "../support/telegram.ts";

let simulator: TelegramSimulator;
let server: { url: string; close(): Promise<void> };

beforeEach(async () => {
  simulator = new TelegramSimulator();
  server = await simulator.listen();
});

afterEach(() => server.close());

function post(path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const updates = z.object({ ok: z.boolean(), result: z.array(z.looseObject({ update_id: z.number() })) });
const chatView = z.object({
  messages: z.array(z.looseObject({ text: z.string(), media: z.looseObject({ id: z.string() }).optional() })),
});

async function pollUpdates() {
  const answer = await post(`/bot${token}/getUpdates`, {
    timeout: 0,
    allowed_updates: ["message", "message_reaction"],
  });
  return updates.parse(await answer.json()).result;
}

test("a customer is played over HTTP, and seen", async () => {
  await post("/sim/bots", { token, username: "clay_and_co_bot", name: "Clay & Co" });
  const { id } = z
    .object({ id: z.number() })
    .parse(await (await post("/sim/customers", { name: "Kate Winslow" })).json());
  await pollUpdates();
  await post("/sim/act", { customer: id, do: "start", payload: "card-42" });
  await post("/sim/act", { customer: id, do: "say", text: "Hello", replyTo: 1 });
  const query = new URLSearchParams({ customer: String(id), kind: "photo", caption: "This one" });
  await fetch(`${server.url}/sim/upload?${query.toString()}`, {
    method: "POST",
    body: Buffer.from(await picture()),
  });
  await post("/sim/act", { customer: id, do: "react", messageId: 2, emojis: ["👍"] });
  const received = await pollUpdates();
  expect(received).toHaveLength(4);
  for (const update of received) expect(schemaMissing ? [] : schemaErrors("Update", update)).toEqual([]);
  const view = await fetch(`${server.url}/sim/chat?customer=${id}`);
  const { messages } = chatView.parse(await view.json());
  expect(messages.map(({ text }) => text)).toEqual(["/start card-42", "Hello", "This one"]);
  const photo = await fetch(`${server.url}/sim/files/${messages[2]?.media?.id ?? ""}`);
  expect(photo.headers.get("content-security-policy")).toBe("sandbox");
});

test("changes are told as they happen", async () => {
  const bot = await simulator.addBot({ token, username: "clay_and_co_bot", name: "Clay & Co" });
  const kate = await simulator.addCustomer({ name: "Kate Winslow" });
  const stream = await fetch(`${server.url}/sim/events`);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("open");
  kate.start(bot);
  expect((await reader?.read())?.value).toContain(`"customer":${kate.id}`);
  await reader?.cancel();
});

test("a form that another site could send is refused", async () => {
  const answer = await fetch(`${server.url}/sim/act`, {
    method: "POST",
    body: '{"customer":1,"do":"block"}',
  });
  expect(answer.status).toBe(400);
});

test("the page and its parts are served, and nothing else is", async () => {
  for (const path of ["/", "/page.css", "/chat.css", "/page.js", "/message.js", "/texts.js", "/icon.svg"])
    expect((await fetch(`${server.url}${path}`)).status, path).toBe(200);
  for (const path of ["/package.json", "/..%2ftelegram.ts", "/page/index.html"])
    expect((await fetch(`${server.url}${path}`)).status, path).toBe(404);
});
