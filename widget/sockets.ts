/** The way of pages to the hub: a plain WebSocket, or requests that wait where sockets are blocked. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Request, Response } from "express";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";
import { acrossWorkspaces } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { refuseUpgrade } from "../core/upgrades.ts";
import { ChannelModel } from "../inbox/index.ts";
import type { Asker, Desk } from "./desk.ts";
import { isBot } from "../core/visitors.ts";
import { WidgetModel, type WidgetRecord } from "./models/index.ts";
import type { Wire } from "./presence.ts";
import type { HubFrame } from "./schema.ts";
import { openVisit, type VisitOf } from "./visit.ts";
import { isAllowedOrigin } from "./widgets.ts";

/** Longest frame, bytes: a message of the longest text in the longest encoding, and room around it. */
const maxFrame = 128 * 1024;
/** Sockets of one address: an office behind one router has many. */
const maxPerAddress = 1500;
/** A page that sends more than this in the window is cut off. */
const flood = { frames: 60, windowMs: 5000 };
const heartbeatMs = 30_000;

export interface Sockets {
  close(): void;
}

export function listenToPages(desk: Desk): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxFrame, perMessageDeflate: false });
  const perAddress = new Map<string, number>();
  desk.hub.upgrades.add("/widget/socket", (request, socket, head) => {
    admit(desk, request, perAddress).then(
      ({ widget, asker }) =>
        server.handleUpgrade(request, socket, head, (ws) => serve(desk, widget, asker, ws, perAddress)),
      (error: unknown) => refuse(desk, socket, error),
    );
  });
  const heartbeat = setInterval(() => beat(server.clients), heartbeatMs);
  heartbeat.unref();
  return {
    close() {
      clearInterval(heartbeat);
      for (const client of server.clients) client.close(1012, "restart");
      server.close();
    },
  };
}

function refuse(desk: Desk, socket: Duplex, error: unknown): void {
  if (!(error instanceof AppError)) desk.hub.log.error({ err: error }, "a page's socket could not be opened");
  const status = error instanceof AppError ? error.status : 500;
  refuseUpgrade(
    socket,
    status,
    status === 429 ? "Too Many Requests" : status === 403 ? "Forbidden" : "Refused",
  );
}

async function admit(
  desk: Desk,
  request: IncomingMessage,
  perAddress: Map<string, number>,
): Promise<{ widget: WidgetRecord; asker: Asker }> {
  const asker = askerOf(desk, request);
  if ((perAddress.get(asker.ip) ?? 0) >= maxPerAddress) throw new AppError("rate_limited");
  const key = new URL(request.url ?? "", "http://hub").searchParams.get("key");
  return { widget: await accessSite(desk, key, request.headers.origin, asker), asker };
}

/** The widget of a key, asked for by a page of one of its sites. Which of the two was wrong nobody is told. */
export async function accessSite(
  desk: Desk,
  key: unknown,
  origin: string | undefined,
  asker: Asker,
): Promise<WidgetRecord> {
  if (isBot(asker.userAgent)) throw new AppError("forbidden");
  const widget =
    typeof key === "string" && /^wgt_[\w-]{16}$/.test(key)
      ? await acrossWorkspaces(WidgetModel.findOne({ key })).lean()
      : null;
  if (!widget || !isAllowedOrigin(widget, origin)) throw new AppError("forbidden");
  const { workspaceId, _id } = widget;
  if (!(await ChannelModel.exists({ workspaceId, _id, removedAt: null }))) throw new AppError("forbidden");
  return widget;
}

/** The address as Express would find it: what the trusted proxies say, else the connection's own. */
function askerOf(desk: Desk, request: IncomingMessage): Asker {
  const app = desk.hub.http.app;
  const trusts = app.get("trust proxy fn") as (address: string, hop: number) => boolean;
  const hops = [
    request.socket.remoteAddress ?? "",
    ...String(request.headers["x-forwarded-for"] ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean)
      .reverse(),
  ];
  const last = hops.findIndex((address, hop) => !trusts(address, hop));
  return {
    ip: hops[last === -1 ? hops.length - 1 : last] ?? "",
    userAgent: request.headers["user-agent"] ?? "",
    headers: request.headers,
  };
}

const alive = new WeakSet<WebSocket>();

function serve(
  desk: Desk,
  widget: WidgetRecord,
  asker: Asker,
  ws: WebSocket,
  perAddress: Map<string, number>,
): void {
  perAddress.set(asker.ip, (perAddress.get(asker.ip) ?? 0) + 1);
  alive.add(ws);
  const wire: Wire = {
    send: (frame) => ws.readyState === ws.OPEN && ws.send(JSON.stringify(frame)),
    close: (code) => ws.close(1008, code),
  };
  const visit = openVisit(desk, widget, asker, wire);
  const count = createFloodGate();
  ws.on("pong", () => alive.add(ws));
  ws.on("message", (data, isBinary) => {
    if (isBinary || !count()) {
      wire.send({ t: "bye", code: isBinary ? "invalid_input" : "rate_limited" });
      return ws.close(1008, "refused");
    }
    return void visit.take(readJson(toText(data)));
  });
  ws.on("error", (err) => desk.hub.log.debug({ err }, "a page's socket failed"));
  ws.on("close", () => {
    const left = (perAddress.get(asker.ip) ?? 1) - 1;
    if (left > 0) perAddress.set(asker.ip, left);
    else perAddress.delete(asker.ip);
    void visit.end();
  });
}

function toText(data: Buffer | ArrayBuffer | Buffer[]): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as ArrayBuffer).toString();
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // answered as a frame of no known shape
  }
}

function createFloodGate(): () => boolean {
  let began = Date.now();
  let frames = 0;
  return () => {
    const now = Date.now();
    if (now - began > flood.windowMs) [began, frames] = [now, 0];
    frames += 1;
    return frames <= flood.frames;
  };
}

function beat(clients: Set<WebSocket>): void {
  for (const client of clients) {
    if (!alive.has(client)) client.terminate();
    else {
      alive.delete(client);
      client.ping();
    }
  }
}

// ---- without sockets ------------------------------------------------------------------------------------------------

/** A request waits so long for something to say; a page that stays away three times as long is gone. */
const waitMs = 25_000;
const goneMs = 75_000;
const maxWaiting = 500;

const pollRequest = z.object({
  key: z.string().max(60),
  session: z.uuid().optional(),
  frames: z.array(z.unknown()).max(50),
});

interface PollSession {
  visit: VisitOf;
  widgetKey: string;
  ip: string;
  waiting: HubFrame[];
  wake: (() => void) | undefined;
  seenAt: number;
  count: () => boolean;
}

export interface Polls {
  answer(request: Request, response: Response): Promise<void>;
  close(): void;
}

export function answerPolls(desk: Desk): Polls {
  const sessions = new Map<string, PollSession>();
  const drop = (id: string, session: PollSession): void => {
    sessions.delete(id);
    session.wake?.();
    void session.visit.end();
  };
  const tidy = setInterval(() => {
    for (const [id, session] of sessions) if (Date.now() - session.seenAt > goneMs) drop(id, session);
  }, 10_000);
  tidy.unref();

  const begin = async (request: Request, key: string): Promise<[string, PollSession]> => {
    const asker = askerOf(desk, request);
    const ofAddress = [...sessions.values()].filter((one) => one.ip === asker.ip).length;
    if (ofAddress >= maxPerAddress) throw new AppError("rate_limited");
    const widget = await accessSite(desk, key, request.headers.origin, asker);
    const id = randomUUID();
    const waiting: HubFrame[] = [];
    const session: PollSession = {
      visit: openVisit(desk, widget, asker, {
        send(frame) {
          if (waiting.length < maxWaiting) waiting.push(frame);
          session.wake?.();
        },
        close: () => drop(id, session),
      }),
      widgetKey: key,
      ip: asker.ip,
      waiting,
      wake: undefined,
      seenAt: Date.now(),
      count: createFloodGate(),
    };
    sessions.set(id, session);
    return [id, session];
  };

  return {
    async answer(request, response) {
      const parsed = pollRequest.safeParse(request.body);
      if (!parsed.success) throw new AppError("invalid_input");
      const { key, frames } = parsed.data;
      const known = parsed.data.session ? sessions.get(parsed.data.session) : undefined;
      if (parsed.data.session && known?.widgetKey !== key) throw new AppError("not_found");
      const [id, session] = known ? [parsed.data.session ?? "", known] : await begin(request, key);
      session.seenAt = Date.now();
      for (const frame of frames) {
        if (!session.count()) throw new AppError("rate_limited");
        await session.visit.take(frame);
      }
      if (frames.length === 0 && session.waiting.length === 0) await wait(session, response);
      session.seenAt = Date.now();
      response.set("cache-control", "no-store").json({ session: id, frames: session.waiting.splice(0) });
    },
    close() {
      clearInterval(tidy);
      for (const [id, session] of sessions) drop(id, session);
    },
  };
}

function wait(session: PollSession, response: Response): Promise<void> {
  session.wake?.();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      session.wake = undefined;
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    response.on("close", done);
    session.wake = done;
  });
}
