/**
 * Uploads as a stream. grammY's own writer leaves file names unquoted, which breaks on blanks and semicolons, and
 * cannot tell whether the whole request has left, which decides between "try again" and "may have been sent".
 */
import { randomUUID } from "node:crypto";
import { InputFile } from "grammy";

export interface Multipart {
  contentType: string;
  body: AsyncIterable<Uint8Array>;
  /** True once the last byte was handed over: from then on the request may have been carried out. */
  complete: () => boolean;
}

/** A request body with the payload's files, or undefined when it has none and JSON will do. */
export function multipartOf(payload: object): Multipart | undefined {
  const files = new Map<string, InputFile>();
  const fields = Object.entries(payload).map(([name, value]) => [name, fieldValue(value, files)] as const);
  if (files.size === 0) return undefined;
  const boundary = randomUUID();
  let complete = false;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const [name, value] of fields) yield part(boundary, `name="${name}"`, value);
    for (const [name, file] of files) yield* filePart(boundary, name, file);
    complete = true;
    yield bytes(`--${boundary}--\r\n`);
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: body(),
    complete: () => complete,
  };
}

function fieldValue(value: unknown, files: Map<string, InputFile>): string {
  const named = nameFiles(value, files);
  return typeof named === "string" ? named : JSON.stringify(named);
}

/** Files are named by `attach://` wherever they stand, inside the items of an album as well. */
function nameFiles(value: unknown, files: Map<string, InputFile>): unknown {
  if (value instanceof InputFile) return attach(value, files);
  if (Array.isArray(value)) return value.map((item: unknown) => nameFiles(item, files));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, nameFiles(inner, files)]));
}

function attach(file: InputFile, files: Map<string, InputFile>): string {
  const name = `file${files.size}`;
  files.set(name, file);
  return `attach://${name}`;
}

async function* filePart(boundary: string, name: string, file: InputFile): AsyncGenerator<Uint8Array> {
  const fileName = (file.filename ?? "file").replaceAll('"', "%22").replace(/[\r\n]/g, " ");
  yield bytes(
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\n` +
      "Content-Type: application/octet-stream\r\n\r\n",
  );
  const raw = await file.toRaw();
  if (raw instanceof Uint8Array) yield raw;
  else yield* raw;
  yield bytes("\r\n");
}

function part(boundary: string, disposition: string, value: string): Uint8Array {
  return bytes(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
