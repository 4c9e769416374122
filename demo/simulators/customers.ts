/**
 * The customers' page and what it asks, for people and programs that play the customers of any messenger over HTTP:
 * GET /stages, /chat, /files/<stage>/<id>, /events (server-sent); POST /acts, /files, /people, /failures.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { act, failure, found, newcomer, StageError, type Stage } from "./stage.ts";

interface Visit {
  stages: Stage[];
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** Opens the page on 127.0.0.1; any free port unless one is named. */
export async function openCustomers(
  stages: Stage[],
  { port = 0 } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(stages, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(stages: Stage[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://customers");
  try {
    await dispatch({ stages, request, response, url });
  } catch (error) {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    send(response, error instanceof NotFound ? 404 : 400, { message: message.replace(/^\w*Error: /, "") });
  }
}

class NotFound extends Error {}

async function dispatch(visit: Visit): Promise<void> {
  const { request, response, url } = visit;
  const page = pages[url.pathname];
  const get = request.method === "GET";
  if (get && page) return sendPage(response, page);
  if (get && url.pathname === "/events") return follow(visit);
  if (get && url.pathname.startsWith("/files/")) return sendStored(visit);
  const handler = handlers[`${request.method ?? ""} ${url.pathname}`];
  if (!handler) throw new NotFound("Not found");
  send(response, 200, (await handler(visit)) ?? { ok: true });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

// ---- what is asked ------------------------------------------------------------------------------------------------

const place = z.object({ stage: z.string(), account: z.string(), person: z.string() });
const largestBody = 52 * 1024 * 1024;

const handlers: Record<string, (visit: Visit) => unknown> = {
  "GET /stages": ({ stages }) => stages.map(describe),
  "GET /chat": (visit) => {
    const { stage, ...where } = place.parse(Object.fromEntries(visit.url.searchParams));
    return stageOf(visit, stage).chat(where);
  },
  "POST /acts": async (visit) => {
    const body = await json(visit);
    const { stage, ...where } = place.parse(body);
    await stageOf(visit, stage).perform(where, act.parse(body));
  },
  "POST /files": async (visit) => {
    const query = Object.fromEntries(visit.url.searchParams);
    const { stage, ...where } = place.parse(query);
    const mime = visit.request.headers["content-type"];
    const bytes = await bytesOf(visit.request);
    await stageOf(visit, stage).perform(where, act.parse({ ...query, mime, do: "send" }), bytes);
  },
  "POST /people": async (visit) => {
    const body = await json(visit);
    const { stage } = place.pick({ stage: true }).parse(body);
    return { id: await stageOf(visit, stage).add(newcomer.parse(body)) };
  },
  "POST /failures": async (visit) => {
    const { stage, kind } = z.object({ stage: z.string(), kind: failure }).parse(await json(visit));
    stageOf(visit, stage).failNext(kind);
  },
};

function describe(stage: Stage): object {
  const { kind, title, failures, asks } = stage;
  const people = stage.people().toSorted((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0));
  return { kind, title, failures, asks, accounts: stage.accounts(), people };
}

function stageOf({ stages }: Visit, kind: string): Stage {
  return found(
    stages.find((stage) => stage.kind === kind),
    "messenger",
  );
}

/** JSON alone, so that a page elsewhere cannot post here without being asked first. */
async function json({ request }: Visit): Promise<unknown> {
  if (!request.headers["content-type"]?.includes("application/json"))
    throw new StageError("JSON is expected");
  return JSON.parse(new TextDecoder().decode(await bytesOf(request)));
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > largestBody) throw new StageError("the file is too large");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function follow({ stages, request, response }: Visit): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const ends = stages.map((stage) => stage.follow(() => void response.write(`data: ${stage.kind}\n\n`)));
  response.write(": open\n\n");
  request.once("close", () => {
    for (const end of ends) end();
  });
}

/** Bytes of strangers: shown inside the page, never run as a page of their own. */
function sendStored(visit: Visit): void {
  const [, , kind = "", id = ""] = visit.url.pathname.split("/").map(decodeURIComponent);
  const file = stageOf(visit, kind).file(id);
  if (!file) throw new NotFound("Not found");
  visit.response.writeHead(200, {
    "content-type": file.mime,
    "content-length": file.bytes.byteLength,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
  });
  visit.response.end(file.bytes);
}

// ---- the page -----------------------------------------------------------------------------------------------------

const types = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
const parts = [
  ...["page.css", "phone.css", "chat.css"],
  ...["page.js", "ask.js", "compose.js", "message.js", "faces.js", "texts.js"],
  ...["telegram", "whatsapp", "viber", "facebook", "instagram", "email"].map((kind) => `icons/${kind}.svg`),
];
const pages: Record<string, string> = {
  "/": "index.html",
  ...Object.fromEntries(parts.map((file) => [`/${file}`, file])),
};

async function sendPage(response: ServerResponse, file: string): Promise<void> {
  const body = await readFile(new URL(`./customers/page/${file}`, import.meta.url));
  const type = types[file.slice(file.lastIndexOf(".") + 1) as keyof typeof types];
  response.writeHead(200, {
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
