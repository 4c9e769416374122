/** Bot API requests in all forms that the real server takes: query, JSON, form and multipart. */
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";
import type { NewFile } from "./files.ts";

const largestBody = 52 * 1024 * 1024;

export interface ApiRequest {
  params: Record<string, unknown>;
  /** Uploads by the name of their part. */
  files: Map<string, NewFile>;
}

export async function readRequest(request: IncomingMessage, url: URL): Promise<ApiRequest> {
  const params: Record<string, unknown> = {};
  const files = new Map<string, NewFile>();
  for (const [name, value] of url.searchParams) params[name] = decodeField(value);
  const body = await readBody(request);
  const type = request.headers["content-type"] ?? "";
  if (body.byteLength === 0) return { params, files };
  if (type.includes("json")) Object.assign(params, JSON.parse(new TextDecoder().decode(body)));
  else await readForm(body, type, params, files);
  return { params, files };
}

/** The whole body; 413 as soon as it is larger than Telegram takes. */
export async function readBody(request: IncomingMessage, limit = largestBody): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  const body: AsyncIterable<Buffer> = request;
  for await (const bytes of body) {
    size += bytes.byteLength;
    if (size <= limit) chunks.push(bytes);
  }
  if (size > limit) throw new Refusal(413, "Request Entity Too Large");
  return Buffer.concat(chunks);
}

async function readForm(
  body: Uint8Array,
  type: string,
  params: Record<string, unknown>,
  files: Map<string, NewFile>,
): Promise<void> {
  const form = await new Response(Buffer.from(body), { headers: { "content-type": type } }).formData();
  for (const [name, value] of form) {
    if (typeof value === "string") params[name] = decodeField(value);
    else files.set(name, { bytes: new Uint8Array(await value.arrayBuffer()), name: value.name });
  }
}

/** Objects and lists travel as JSON inside forms and queries. */
function decodeField(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
