/**
 * What every API of Meta's on graph.facebook.com has in common, as a server: apps with their secrets, tokens, versioned
 * paths, errors, files, signed webhooks. A messenger's simulator adds its own methods.
 * https://developers.facebook.com/docs/graph-api/overview
 */
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { GraphFailures, refusalOf, type GraphFailure } from "./graph/failures.ts";
import { MediaShelf } from "./graph/media.ts";
import { badParameter, badToken, GraphRefusal, unknownPath } from "./graph/refusal.ts";
import { readRequest, type GraphRequest } from "./graph/request.ts";
import { Webhooks } from "./graph/webhooks.ts";

export type { GraphFailure } from "./graph/failures.ts";
export type { GraphFile, GraphRequest } from "./graph/request.ts";
export { sign } from "./graph/webhooks.ts";

export interface GraphApp {
  id: string;
  secret: string;
  name: string;
}

export interface GraphToken {
  app: GraphApp;
  scopes: string[];
  /** Seconds since 1970; 0 never. */
  expiresAt: number;
}

/** One call as it came in; files by name and size, the token never. */
export interface GraphApiCall {
  method: string;
  path: string;
  query: Record<string, string>;
  params: Record<string, unknown>;
  files: { field: string; name: string; mime: string; size: number }[];
  at: Date;
  /** HTTP status of the answer; undefined while it is pending or when none was given. */
  status: number | undefined;
}

/** One method of the API; undefined when the path is not its own. */
export type GraphMethod = (
  request: GraphRequest,
  token: GraphToken,
) => object | undefined | Promise<object | undefined>;

export interface GraphOptions {
  /** Leads a webhook's public address to where it is reached on this machine. */
  reach?: (url: string) => string;
}

export class GraphSimulator {
  readonly calls: GraphApiCall[] = [];
  readonly media = new MediaShelf();
  readonly webhooks: Webhooks;
  /** Emits `change` after everything that a test may wait for. */
  readonly events = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  private readonly failures = new GraphFailures();
  private readonly tokens = new Map<string, GraphToken>();
  private readonly apps = new Map<string, GraphApp>();
  private readonly methods: GraphMethod[] = [];
  private readonly held = new Map<string, Promise<void>>();

  constructor({ reach = (url) => url }: GraphOptions = {}) {
    this.webhooks = new Webhooks(reach, () => this.changed());
    this.addMethod((request, token) => this.answerApp(request, token));
  }

  /** Later ones are asked first. */
  addMethod(method: GraphMethod): void {
    this.methods.unshift(method);
  }

  addApp(app: GraphApp): GraphApp {
    this.apps.set(app.id, app);
    return app;
  }

  addToken(token: string, app: GraphApp, scopes: string[], expiresAt = 0): void {
    this.tokens.set(token, { app, scopes, expiresAt });
  }

  /** A token that no longer counts. */
  revokeToken(token: string): void {
    this.tokens.delete(token);
  }

  failNext(failure: GraphFailure): void {
    this.failures.add(failure);
  }

  clearFailures(): void {
    this.failures.clear();
  }

  /** Calls whose path contains this, oldest first. */
  callsOf(path: string, method?: string): GraphApiCall[] {
    return this.calls.filter((call) => call.path.includes(path) && (!method || call.method === method));
  }

  /** Lets calls whose path ends with this wait until the returned function is called. */
  hold(path: string): () => void {
    let release = (): void => undefined;
    this.held.set(path, new Promise<void>((resolve) => (release = resolve)));
    return () => {
      this.held.delete(path);
      release();
    };
  }

  changed(): void {
    this.events.emit("change");
  }

  /** Waits until `look` finds something; looks again after every call and every delivery. */
  waitFor<T>(look: () => T | undefined | false, timeoutMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.events.off("change", check);
        settle();
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined && found !== false) finish(() => resolve(found));
      };
      const late = (): void => finish(() => reject(new Error(`not seen within ${timeoutMs} ms`)));
      const timer = setTimeout(late, timeoutMs);
      this.events.on("change", check);
      check();
    });
  }

  /** Opens the server on 127.0.0.1; any free port unless one is named. */
  async listen({ port = 0, host = "127.0.0.1" } = {}): Promise<{ url: string; close(): Promise<void> }> {
    const server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const close = async (): Promise<void> => {
      this.webhooks.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://${host}:${address.port}`, close };
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(incoming);
      if (request.path.startsWith("media/")) return this.serveFile(request, response);
      await this.answer(request, response);
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      sendJson(response, error.status, error);
    }
  }

  private async answer(request: GraphRequest, response: ServerResponse): Promise<void> {
    const call = this.record(request);
    await [...this.held].find(([path]) => request.path.endsWith(path))?.[1];
    const failure = this.failures.take(request);
    if (failure?.kind === "timeout_before") return this.changed();
    const { status, body } =
      failure?.kind === "error" ? refused(refusalOf(failure)) : await this.perform(request, failure);
    if (failure?.kind === "drop_after_accept") response.destroy();
    if (failure?.kind.endsWith("_after_accept")) return this.changed();
    call.status = status;
    if (typeof body === "string") response.writeHead(status, { "content-type": "text/html" }).end(body);
    else sendJson(response, status, body);
    this.changed();
  }

  private async perform(
    request: GraphRequest,
    failure: GraphFailure | undefined,
  ): Promise<{ status: number; body: object | string }> {
    if (failure?.kind === "5xx")
      return { status: 503, body: "<html><body>Service Unavailable</body></html>" };
    try {
      return { status: 200, body: await this.dispatch(request) };
    } catch (error) {
      if (error instanceof GraphRefusal) return refused(error);
      throw error;
    }
  }

  private async dispatch(request: GraphRequest): Promise<object> {
    if (request.path === "debug_token") return this.debugToken(request);
    const token = this.tokens.get(request.token);
    if (!token) throw badToken();
    for (const method of this.methods) {
      const answer = await method(request, token);
      if (answer) return answer;
    }
    throw unknownPath(request.path.split("/")[0] ?? "");
  }

  private record(request: GraphRequest): GraphApiCall {
    const { method, path, query, params, files } = request;
    const { access_token: _secret, ...shown } = query;
    const call: GraphApiCall = {
      method,
      path,
      query: shown,
      params,
      files: [...files].map(([field, { name, mime, bytes }]) => ({
        field,
        name,
        mime,
        size: bytes.byteLength,
      })),
      at: new Date(),
      status: undefined,
    };
    this.calls.push(call);
    return call;
  }

  private answerApp({ method, path }: GraphRequest, { app }: GraphToken): object | undefined {
    return method === "GET" && path === "app" ? { id: app.id, name: app.name } : undefined;
  }

  /** Only a token of the app itself may ask: https://developers.facebook.com/docs/graph-api/reference/debug_token */
  private debugToken({ token, query }: GraphRequest): object {
    const [appId = "", secret] = token.split("|");
    const app = this.apps.get(appId);
    if (!app || app.secret !== secret)
      throw new GraphRefusal({ code: 190, status: 400, message: "Invalid OAuth access token signature." });
    const asked = this.tokens.get(query["input_token"] ?? "");
    if (!asked) throw badParameter("The input token is not valid");
    return {
      data: {
        app_id: asked.app.id,
        type: "SYSTEM_USER",
        application: asked.app.name,
        is_valid: true,
        expires_at: asked.expiresAt,
        scopes: asked.scopes,
      },
    };
  }

  private serveFile({ path, token }: GraphRequest, response: ServerResponse): void {
    const file = this.media.get(path.split("/")[1] ?? "");
    if (!file) return void response.writeHead(404).end();
    if (!file.open && !this.tokens.has(token)) return void response.writeHead(401).end();
    response.writeHead(200, { "content-type": file.mime, "content-length": file.bytes.byteLength });
    response.end(file.bytes);
  }
}

function refused(refusal: GraphRefusal): { status: number; body: object } {
  return { status: refusal.status, body: refusal.toJSON() };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
