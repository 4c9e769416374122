/**
 * A road between the hub and a messenger's API on which things go wrong by plan. It knows what the hub cannot: which
 * sends were refused, and which ones were left without a certain answer.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Trouble =
  /** Too many requests; nothing was done. */
  | "limit"
  /** The messenger says no for good. */
  | "refusal"
  /** A gateway's 503 with HTML: nobody can tell whether anything was done; nothing was. */
  | "gateway"
  /** Done, and the connection is cut. */
  | "cut"
  /** Done, and the answer never comes. */
  | "silence";

export interface RoughRoad {
  url: string;
  /** What happens to the next send of a text. */
  plan: Map<string, Trouble>;
  /** Texts of which the hub cannot know. */
  uncertain: Set<string>;
  /** Texts whose answer came after so long that the hub may have given up. */
  late: Set<string>;
  /** Texts that the messenger refused. */
  refused: Set<string>;
  /** Sends that came this way. */
  passed(): number;
  /** Sends that wait for their answer now. */
  held(): string[];
  /** From now on answers to sends are held back. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
}

/** Half of what the hub waits: a clock that stands still for a while is not told by the other side. */
const lateMs = 10_000;

export async function startRoughRoad(kind: string, target: string): Promise<RoughRoad> {
  const { textOf, limit, refusal } = vendors[kind]!;
  const plan = new Map<string, Trouble>();
  const [uncertain, late] = [new Set<string>(), new Set<string>()];
  const [refused, waiting] = [new Set<string>(), new Set<string>()];
  let passed = 0;
  let gate: Promise<void> | undefined;
  let open = (): void => undefined;

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const came = performance.now();
    const body = await bytesOf(incoming);
    const text = textOf(incoming.url ?? "", body);
    if (text === undefined) return answer(response, await forward(target, incoming, body));
    passed += 1;
    const trouble = plan.get(text);
    plan.delete(text);
    const done =
      trouble === "limit"
        ? limit
        : trouble === "refusal"
          ? refusal
          : trouble === "gateway"
            ? gateway
            : await forward(target, incoming, body);
    waiting.add(text);
    await Promise.race([gate, new Promise((resolve) => response.once("close", resolve))]);
    waiting.delete(text);
    if (performance.now() - came > lateMs) late.add(text);
    if (trouble === "gateway" || trouble === "cut" || trouble === "silence" || response.destroyed)
      uncertain.add(text);
    else if (trouble === "refusal") refused.add(text);
    if (trouble === "cut") return void response.destroy();
    if (trouble !== "silence") answer(response, done);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan,
    uncertain,
    late,
    refused,
    passed: () => passed,
    held: () => [...waiting],
    hold: () => void (gate = new Promise((resolve) => (open = resolve))),
    release() {
      gate = undefined;
      open();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer | string;
}

interface Vendor {
  /** The text that a call sends; undefined for every other call. */
  textOf(path: string, body: Buffer): string | undefined;
  limit: Answer;
  refusal: Answer;
}

const json = (status: number, body: object, headers = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const gateway: Answer = {
  status: 503,
  headers: { "content-type": "text/html" },
  body: "<html><body>Service Unavailable</body></html>",
};
const read = (body: Buffer): any => JSON.parse(body.toString());

/** Codes that every product of Meta's has. */
const graph = {
  limit: json(
    429,
    { error: { message: "(#4) Application request limit reached", code: 4 } },
    { "retry-after": "1" },
  ),
  refusal: json(400, { error: { message: "(#100) Invalid parameter", code: 100 } }),
};
const pageVendor: Vendor = {
  textOf: (path, body) => (path.endsWith("/me/messages") ? read(body).message?.text : undefined),
  ...graph,
};

const vendors: Record<string, Vendor> = {
  telegram: {
    textOf: (path, body) => (path.endsWith("/sendMessage") ? read(body).text : undefined),
    limit: json(429, {
      ok: false,
      error_code: 429,
      description: "Too Many Requests: retry after 1",
      parameters: { retry_after: 1 },
    }),
    refusal: json(400, { ok: false, error_code: 400, description: "Bad Request: message text is wrong" }),
  },
  whatsapp: {
    textOf: (path, body) => (path.endsWith("/messages") ? read(body).text?.body : undefined),
    ...graph,
  },
  facebook: pageVendor,
  instagram: pageVendor,
  viber: {
    textOf: (path, body) => (path.endsWith("/send_message") ? read(body).text : undefined),
    limit: json(200, { status: 12, status_message: "tooManyRequests" }),
    refusal: json(200, { status: 3, status_message: "badData" }),
  },
};

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(
  target: string,
  { method, url = "/", headers }: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = ask(new URL(url, target), { method, headers }, (answered) => {
      bytesOf(answered).then(
        (bytes) => resolve({ status: answered.statusCode ?? 502, headers: answered.headers, body: bytes }),
        reject,
      );
    });
    onward.once("error", reject);
    onward.end(body);
  });
}

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  const { "transfer-encoding": _chunks, connection: _connection, ...rest } = headers;
  response.writeHead(status, rest).end(body);
}
