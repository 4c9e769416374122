// Replies. A cursor's documents are spliced in as the raw bytes they are stored as.
import { assemble, elementsOf, encode } from "../bson.ts";

export interface Batch {
  field: "firstBatch" | "nextBatch";
  namespace: string;
  /** Zero when everything has been returned. */
  cursorId: bigint;
  documents: Buffer[];
}

export interface Reply {
  fields: Record<string, unknown>;
  batch?: Batch;
}

export function ok(fields: Record<string, unknown> = {}): Reply {
  return { fields: { ...fields, ok: 1 } };
}

export function encodeReply({ fields, batch }: Reply): Buffer {
  const rest = encode(fields);
  if (!batch) return rest;
  return assemble([element(0x03, "cursor", encodeBatch(batch)), elementsOf(rest)]);
}

function encodeBatch({ field, namespace, cursorId, documents }: Batch): Buffer {
  const items = documents.map((document, i) => [header(0x03, String(i)), document]);
  const head = encode({ id: cursorId, ns: namespace });
  return assemble([elementsOf(head), element(0x04, field, assemble(items.flat()))]);
}

function element(type: number, name: string, value: Buffer): Buffer {
  return Buffer.concat([header(type, name), value]);
}

function header(type: number, name: string): Buffer {
  return Buffer.from(`${String.fromCharCode(type)}${name}\0`, "latin1");
}
