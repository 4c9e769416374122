/**
 * The control API and the page, for people and programs that play the customers over HTTP:
 * GET /sim/state, /sim/chat, /sim/calls, /sim/files/<id>, /sim/events (server-sent);
 * POST /sim/bots, /sim/customers, /sim/act, /sim/upload, /sim/failures.
 */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { TelegramSimulator } from "../telegram.ts";
import { act, action, sendFile, upload } from "./act.ts";
import type { SimBot } from "./chat.ts";
import type { TelegramCustomer } from "./customer.ts";
import { badRequest, Refusal } from "./refusal.ts";
import { readBody } from "./request.ts";
import { viewChat } from "./view.ts";
import type { Change, World } from "./world.ts";

interface Visit {
  simulator: TelegramSimulator;
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

export async function answerControl(
  simulator: TelegramSimulator,
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const visit = { simulator, world, request, response, url };
  const page = pages[url.pathname];
  if (request.method === "GET" && page) return sendPage(response, page);
  if (request.method === "GET" && url.pathname === "/sim/events") return follow(visit);
  if (request.method === "GET" && url.pathname.startsWith("/sim/files/")) return sendStored(visit);
  const handler = handlers[`${request.method ?? ""} ${url.pathname}`];
  if (!handler) throw new Refusal(404, "Not Found");
  const result = await handler(visit);
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(result ?? { ok: true }));
}

const place = z.object({ bot: z.string().optional(), customer: z.coerce.number().int() });
const bytesOfBase64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, "base64")));
const newBot = z.object({
  token: z.string(),
  username: z.string(),
  name: z.string(),
  avatar: bytesOfBase64.optional(),
});
const newCustomer = z.object({
  name: z.string().min(1),
  username: z.string().optional(),
  languageCode: z.string().optional(),
  photo: bytesOfBase64.optional(),
});
const failure = z.object({
  method: z.string().optional(),
  kind: z.enum(["429", "5xx", "timeout_before", "timeout_after_accept", "drop", "drop_after_accept"]),
  retryAfter: z.number().optional(),
  times: z.number().int().optional(),
});

const handlers: Record<string, (visit: Visit) => unknown> = {
  "GET /sim/state": ({ simulator }) => ({
    bots: simulator.bots.map(({ user, avatar }) => ({
      username: user.username,
      name: user.first_name,
      photo: avatar?.at(-1)?.file_id,
    })),
    customers: simulator.customers.map((customer) => viewCustomer(simulator, customer)),
  }),
  "GET /sim/chat": (visit) => {
    const { customer, bot } = find(visit.simulator, Object.fromEntries(visit.url.searchParams));
    return viewChat(customer.chat(bot));
  },
  "GET /sim/calls": ({ world }) => world.calls.slice(-500),
  "POST /sim/bots": async (visit) => {
    const bot = await visit.simulator.addBot(newBot.parse(await json(visit)));
    return { username: bot.user.username };
  },
  "POST /sim/customers": async (visit) => {
    const customer = await visit.simulator.addCustomer(newCustomer.parse(await json(visit)));
    return { id: customer.id };
  },
  "POST /sim/act": async (visit) => {
    const body = await json(visit);
    const { customer, bot } = find(visit.simulator, body);
    act(customer, bot, action.parse(body));
  },
  "POST /sim/upload": async (visit) => {
    const query = Object.fromEntries(visit.url.searchParams);
    const { customer, bot } = find(visit.simulator, query);
    await sendFile(customer, bot, upload.parse(query), await readBody(visit.request));
  },
  "POST /sim/failures": async (visit) => {
    visit.simulator.failNext(failure.parse(await json(visit)));
  },
};

function viewCustomer(simulator: TelegramSimulator, customer: TelegramCustomer) {
  const chats = simulator.bots.map((bot) => customer.chat(bot));
  const last = chats
    .flatMap(({ messages }) => messages.slice(-1))
    .sort((a, b) => b.message.date - a.message.date)[0];
  return {
    id: customer.id,
    name: customer.name,
    username: customer.user.username,
    photo: simulator.photoOf(customer),
    last: last && {
      text: last.message.text ?? last.message.caption ?? "",
      date: last.message.date,
      by: last.by,
    },
  };
}

function find(simulator: TelegramSimulator, query: unknown): { customer: TelegramCustomer; bot: SimBot } {
  const { bot: name, customer: id } = place.parse(query);
  const customer = simulator.customer(id);
  const bot =
    name === undefined ? simulator.bots[0] : simulator.bots.find(({ user }) => user.username === name);
  if (!customer || !bot) throw badRequest("no such customer or bot");
  return { customer, bot };
}

/** JSON alone, so that a page elsewhere cannot post here without being asked first. */
async function json({ request }: Visit): Promise<unknown> {
  if (!request.headers["content-type"]?.includes("application/json")) throw badRequest("JSON is expected");
  return JSON.parse(new TextDecoder().decode(await readBody(request)));
}

function follow({ world, request, response }: Visit): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (event: object): void => void response.write(`data: ${JSON.stringify(event)}\n\n`);
  const changed = ({ bot, chat }: Change): void =>
    tell({ bot: bot.user.username, customer: chat.customer.id });
  const people = (): void => tell({});
  world.events.on("change", changed);
  world.events.on("people", people);
  response.write(": open\n\n");
  request.once("close", () => {
    world.events.off("change", changed);
    world.events.off("people", people);
  });
}

/** Bytes of strangers: shown inside the page, never run as a page of their own. */
function sendStored({ world, response, url }: Visit): void {
  const file = world.files.get(url.pathname.slice("/sim/files/".length));
  if (!file) throw new Refusal(404, "Not Found");
  response.writeHead(200, {
    "content-type": file.mime,
    "content-length": file.bytes.byteLength,
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  });
  response.end(file.bytes);
}

const pages: Record<string, { file: string; type: string }> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/chat.css": { file: "chat.css", type: "text/css; charset=utf-8" },
  "/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/message.js": { file: "message.js", type: "text/javascript; charset=utf-8" },
  "/icon.svg": { file: "icon.svg", type: "image/svg+xml" },
  "/texts.js": { file: "texts.js", type: "text/javascript; charset=utf-8" },
};

async function sendPage(
  response: ServerResponse,
  { file, type }: { file: string; type: string },
): Promise<void> {
  const body = await readFile(new URL(`./page/${file}`, import.meta.url));
  response.writeHead(200, {
    "content-type": type,
    "content-security-policy": "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
