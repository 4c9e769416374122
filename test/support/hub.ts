/** A hub in this process, on the embedded store (or MONGODB_TEST_URI), and people who use its API as browsers do. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { readConfig } from "../../core/config.ts";
import { createLog } from "../../core/log.ts";
import { serveEmbeddedMongo } from "../../embedded-mongo/index.ts";
import { startServer, type Replaceable, type RunningServer } from "../../server.ts";
import type { ServerEvents } from "../../inbox/schema.ts";

export interface TestHub {
  url: string;
  server: RunningServer;
  dataDir: string;
  mongodbUri: string;
  /** Every log line so far. */
  logged: string[];
  stop(): Promise<void>;
  /** Makes the owner by the first-run link. */
  owner(): Promise<Person>;
}

export async function startHub(
  environment: Record<string, string> = {},
  replace: Replaceable = {},
): Promise<TestHub> {
  const dataDir = await mkdtemp(join(tmpdir(), "hub-"));
  const store = await openTestStore(join(dataDir, "store"));
  const logged: string[] = [];
  const config = readConfig({
    PORT: "0",
    DATA_DIR: dataDir,
    MONGODB_URI: store.uri,
    LOG_LEVEL: "debug",
    ...environment,
  });
  const log = createLog(config.logLevel, {
    write: (line) => void (logged.push(line), process.env["TEST_LOG"] && process.stderr.write(line)),
  });
  const server = await startServer(config, { log, ...replace });
  return {
    url: server.url,
    server,
    dataDir,
    mongodbUri: store.uri,
    logged,
    async stop() {
      await server.stop();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
    async owner() {
      const link = (await server.firstRunLink()) ?? "";
      const person = new Person(server.url);
      await person.enter("/setup", {
        token: link.split("#")[1],
        workspaceName: "Clay & Co",
        name: "Anna Kim",
        email: "anna@clay.example",
        password: "a kiln at 1240 degrees",
        locale: "en",
      });
      return person;
    },
  };
}

async function openTestStore(dataDir: string): Promise<{ uri: string; close(): Promise<void> }> {
  const { MONGODB_TEST_URI } = process.env;
  const name = `test_${randomBytes(6).toString("hex")}`;
  if (MONGODB_TEST_URI) {
    const uri = new URL(MONGODB_TEST_URI);
    uri.pathname = `/${name}`;
    return { uri: uri.href, close: () => Promise.resolve() };
  }
  const { uri, close } = await serveEmbeddedMongo({ dataDir });
  return { uri: uri.replace(/\/?(\?|$)/, `/${name}$1`), close };
}

export interface Answer<T = any> {
  status: number;
  body: T;
  headers: Headers;
}

/** Somebody with a browser: keeps the cookie, sends the CSRF token. */
export class Person {
  readonly url: string;
  cookie = "";
  csrfToken = "";
  id = "";
  readonly #sockets: Socket[] = [];

  constructor(url: string) {
    this.url = url;
  }

  async ask<T = any>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const bytes = body instanceof Uint8Array || typeof body === "string" ? body : undefined;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        "x-csrf-token": this.csrfToken,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: (bytes ?? JSON.stringify(body)) as BodyInit }),
    });
    const set = response.headers.getSetCookie()[0];
    if (set) this.cookie = set.split(";")[0] ?? "";
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
      headers: response.headers,
    };
  }

  async get<T = any>(path: string): Promise<T> {
    return this.#expect(await this.ask<T>("GET", path), "GET", path);
  }

  async post<T = any>(path: string, body: unknown = {}): Promise<T> {
    return this.#expect(await this.ask<T>("POST", path, body), "POST", path);
  }

  async patch<T = any>(path: string, body: unknown): Promise<T> {
    return this.#expect(await this.ask<T>("PATCH", path, body), "PATCH", path);
  }

  async put<T = any>(path: string, body: unknown): Promise<T> {
    return this.#expect(await this.ask<T>("PUT", path, body), "PUT", path);
  }

  async delete(path: string): Promise<void> {
    this.#expect(await this.ask("DELETE", path), "DELETE", path);
  }

  /** Signs in by whatever makes a session: `/setup`, `/session`, `/invitations/accept`. */
  async enter(path: string, body: unknown): Promise<void> {
    const info = await this.post<{ csrfToken: string; me: { id: string } }>(path, body);
    this.csrfToken = info.csrfToken;
    this.id = info.me.id;
  }

  upload(
    name: string,
    mime: string,
    bytes: Uint8Array,
  ): Promise<Answer<{ id: string; mime: string; inline: boolean; name: string; size: number }>> {
    return this.ask("POST", "/files", bytes, {
      "content-type": mime,
      "x-file-name": encodeURIComponent(name),
    });
  }

  reply(conversationId: string, text: string, more: object = {}): Promise<any> {
    return this.post(`/conversations/${conversationId}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content: { text },
      ...more,
    });
  }

  /** A colleague who joined by an invitation of this person. */
  async invite(
    email: string,
    rights: { role?: string; channelIds?: "all" | string[] } = {},
  ): Promise<Person> {
    const { link } = await this.post<{ link: string }>("/invitations", {
      email,
      role: "employee",
      channelIds: "all",
      ...rights,
    });
    const colleague = new Person(this.url);
    await colleague.enter("/invitations/accept", {
      token: link.split("#")[1],
      name: email.split("@")[0],
      password: "glaze and fire 900",
      locale: "en",
    });
    return colleague;
  }

  /** A socket that keeps what it hears. */
  async listen(): Promise<Ear> {
    const socket = io(this.url, {
      path: "/socket.io",
      transports: ["websocket"],
      extraHeaders: { cookie: this.cookie },
      reconnection: false,
    });
    this.#sockets.push(socket);
    const ear = new Ear(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("connect_error", reject);
    });
    return ear;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }

  #expect<T>(answer: Answer<T>, method: string, path: string): T {
    if (answer.status >= 300)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

type Heard<Name extends keyof ServerEvents> = Parameters<ServerEvents[Name]>[0];

export class Ear {
  readonly socket: Socket;
  readonly heard: { name: string; data: any }[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.onAny((name: string, data: unknown) => {
      this.heard.push({ name, data: data ?? {} });
      for (const check of this.#waiting) check();
    });
    socket.on("disconnect", () => {
      for (const check of this.#waiting) check();
    });
  }

  all<Name extends keyof ServerEvents>(name: Name): Heard<Name>[] {
    return this.heard.filter((event) => event.name === name).map((event) => event.data);
  }

  /** The first event, past or to come, that fits. */
  async wait<Name extends keyof ServerEvents>(
    name: Name,
    fits: (data: Heard<Name>) => boolean = () => true,
  ): Promise<Heard<Name>> {
    return waitFor(() => this.all(name).find(fits), `event ${name}`, this.#waiting);
  }
}

/** Resolves with the first thing that `look` finds; asks again at each change, and every 20 ms. */
export async function waitFor<T>(
  look: () => T | Promise<T>,
  what = "condition",
  changes?: Set<() => void>,
  timeoutMs = 60_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        changes?.delete(done);
        resolve();
      };
      const timer = setTimeout(done, 20);
      changes?.add(done);
    });
  }
}

/** The conversation whose newest message has this text, as `person` sees it, once it is in the inbox. */
export const conversationSaying = (person: Person, text: string): Promise<any> =>
  waitFor(async () => {
    const { items } = await person.get("/conversations?view=all&order=newest&limit=100");
    return items.find((one: any) => one.preview?.text === text);
  }, `the conversation that says "${text}"`);

/** All conversations, once there are `chats` of them with `each` messages; what piled up during kills takes its time. */
export const everyMessage = (person: Person, chats: number, each: number): Promise<any[]> =>
  waitFor(
    async () => {
      const { items } = await person.get("/conversations?limit=100");
      const isWhole = items.length === chats && items.every((item: any) => item.lastSeq === each);
      return isWhole ? items : undefined;
    },
    "every message",
    undefined,
    180_000,
  );
