/** The server's paths: the Bot API and its files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { SimBot } from "./chat.ts";
import { callMethod } from "./methods.ts";
import { badRequest, Refusal } from "./refusal.ts";
import { readRequest } from "./request.ts";
import type { ApiCall, World } from "./world.ts";

export async function answer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://simulator");
  try {
    const api = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname);
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname);
    if (api) await answerApi(world, api[1] ?? "", api[2] ?? "", request, response, url);
    else if (file) await answerFile(world, file[1] ?? "", decodeURIComponent(file[2] ?? ""), response);
    else throw new Refusal(404, "Not Found");
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else reply(response, asRefusal(error));
  }
}

async function answerApi(
  world: World,
  token: string,
  method: string,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const apiRequest = await readRequest(request, url);
  const bot = botBy(world, token);
  const call = logCall(world, bot, method, apiRequest);
  const failure = world.failures.take(method);
  if (failure?.kind === "429")
    throw logged(
      call,
      new Refusal(429, `Too Many Requests: retry after ${failure.retryAfter ?? 1}`, failure.retryAfter ?? 1),
    );
  if (failure?.kind === "5xx") throw logged(call, new Refusal(500, "Internal Server Error"));
  if (failure?.kind === "400") throw logged(call, badRequest("MESSAGE_REFUSED"));
  if (failure?.kind === "timeout_before") return;
  if (failure?.kind === "drop") return void response.destroy();
  await world.held.get(method);
  const result = await settle(call, () =>
    callMethod(method, { world, bot, request: apiRequest, closed: gone.signal }),
  );
  world.events.emit("call", call);
  if (failure?.kind === "drop_after_accept") return void response.destroy();
  if (failure?.kind !== "timeout_after_accept") reply(response, { ok: true, result });
}

async function settle<T>(call: ApiCall, action: () => Promise<T>): Promise<T> {
  try {
    const result = await action();
    call.status = 200;
    return result;
  } catch (error) {
    throw logged(call, asRefusal(error));
  }
}

function logged(call: ApiCall, refusal: Refusal): Refusal {
  call.status = refusal.status;
  return refusal;
}

function botBy(world: World, token: string): SimBot {
  const bot = world.bots.get(token);
  if (bot) return bot;
  throw /^\d+:[\w-]{20,}$/.test(token) ? new Refusal(401, "Unauthorized") : new Refusal(404, "Not Found");
}

function logCall(
  world: World,
  bot: SimBot,
  method: string,
  { params, files }: Awaited<ReturnType<typeof readRequest>>,
): ApiCall {
  const listed = [...files].map(([field, { name = "", bytes }]) => ({ field, name, size: bytes.byteLength }));
  const call: ApiCall = {
    bot: bot.user.username,
    method,
    params,
    files: listed,
    at: new Date(),
    status: undefined,
  };
  world.calls.push(call);
  world.events.emit("call", call);
  return call;
}

async function answerFile(
  world: World,
  token: string,
  path: string,
  response: ServerResponse,
): Promise<void> {
  botBy(world, token);
  const file = world.files.byPath(path);
  if (!file) throw new Refusal(404, "Not Found");
  if (file.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, file.delayMs));
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": file.bytes.byteLength,
  });
  response.end(file.bytes);
}

function reply(response: ServerResponse, answerOrRefusal: Refusal | object): void {
  const status = answerOrRefusal instanceof Refusal ? answerOrRefusal.status : 200;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(answerOrRefusal));
}

/** A parameter of the wrong shape is the caller's mistake; anything else is a mistake in the simulator. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof z.ZodError)
    return badRequest(`wrong parameter ${error.issues[0]?.path.join(".") ?? ""}`);
  if (error instanceof SyntaxError) return badRequest("can't parse the request");
  return new Refusal(500, `Internal Server Error: ${error instanceof Error ? error.message : "unknown"}`);
}
