/** One request as the API's methods see it, however its parameters travelled. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { badParameter } from "./refusal.ts";

export interface GraphFile {
  bytes: Uint8Array;
  name: string;
  mime: string;
}

export interface GraphRequest {
  method: string;
  /** Without the version: `106540352242922/messages`. */
  path: string;
  query: Record<string, string>;
  /** JSON or form fields. */
  params: Record<string, unknown>;
  files: Map<string, GraphFile>;
  /** Of the Authorization header or `access_token`. */
  token: string;
  /** Address under which the caller reached this server. */
  origin: string;
}

const fields = z.record(z.string(), z.unknown());

export async function readRequest(incoming: IncomingMessage): Promise<GraphRequest> {
  const origin = `http://${incoming.headers.host ?? "127.0.0.1"}`;
  const url = new URL(incoming.url ?? "/", origin);
  const query = Object.fromEntries(url.searchParams);
  const { params, files } = await readBody(incoming);
  const bearer = /^(?:Bearer|OAuth) (.+)$/.exec(incoming.headers.authorization ?? "")?.[1];
  const named = query["access_token"] ?? params["access_token"];
  return {
    method: incoming.method ?? "GET",
    path: url.pathname.replace(/^\/v\d+\.\d+\//, "").replace(/^\//, ""),
    query,
    params,
    files,
    token: bearer ?? (typeof named === "string" ? named : ""),
    origin,
  };
}

async function readBody(incoming: IncomingMessage): Promise<Pick<GraphRequest, "params" | "files">> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(z.instanceof(Buffer).parse(chunk));
  const body = Buffer.concat(chunks);
  const type = incoming.headers["content-type"] ?? "";
  if (body.byteLength === 0) return { params: {}, files: new Map() };
  if (type.startsWith("multipart/form-data")) return readForm(body, type);
  if (type.startsWith("application/x-www-form-urlencoded"))
    return { params: Object.fromEntries(new URLSearchParams(body.toString())), files: new Map() };
  const json = fields.safeParse(parseJson(body.toString()));
  if (!json.success) throw badParameter("Invalid parameter: the body is no JSON object");
  return { params: json.data, files: new Map() };
}

async function readForm(body: Buffer, type: string): Promise<Pick<GraphRequest, "params" | "files">> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const params: Record<string, unknown> = {};
  const files = new Map<string, GraphFile>();
  for (const [name, value] of form)
    if (typeof value === "string") params[name] = value;
    else
      files.set(name, {
        bytes: new Uint8Array(await value.arrayBuffer()),
        name: value.name,
        mime: value.type,
      });
  return { params, files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
