// Frames of the MongoDB wire protocol: OP_MSG, and OP_QUERY for the first hello of a driver.
// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER = 16;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const MAX_MESSAGE = 48_000_000;

export interface Message {
  requestId: number;
  body: Buffer;
  sequences: ReadonlyMap<string, Buffer[]>;
  isLegacy: boolean;
  /** The client will not read a reply. */
  moreToCome: boolean;
}

/** Bytes that are not the protocol; the connection is closed. */
export class ProtocolError extends Error {}

/** Collects the bytes of a connection and gives back whole messages. */
export class FrameReader {
  #pending: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): Message[] {
    this.#pending.push(chunk);
    this.#length += chunk.length;
    const messages: Message[] = [];
    for (let frame = this.#take(); frame; frame = this.#take()) messages.push(parseMessage(frame));
    return messages;
  }

  #take(): Buffer | null {
    if (this.#length < HEADER) return null;
    const size = this.#joined(4).readInt32LE(0);
    if (size < HEADER || size > MAX_MESSAGE) throw new ProtocolError(`a message of ${String(size)} bytes`);
    if (this.#length < size) return null;
    const bytes = this.#joined(size);
    const rest = bytes.subarray(size);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#length -= size;
    return bytes.subarray(0, size);
  }

  // Joins chunks only when the first does not hold what is asked for.
  #joined(size: number): Buffer {
    const [first] = this.#pending;
    if (first && first.length >= size) return first;
    const joined = Buffer.concat(this.#pending);
    this.#pending = [joined];
    return joined;
  }
}

export function encodeMessage(responseTo: number, isLegacy: boolean, document: Buffer): Buffer {
  return isLegacy ? legacyReply(responseTo, document) : opMsg(responseTo, document);
}

function parseMessage(frame: Buffer): Message {
  const requestId = frame.readInt32LE(4);
  const opCode = frame.readInt32LE(12);
  if (opCode === OP_MSG) return parseOpMsg(frame, requestId);
  if (opCode === OP_QUERY) return parseOpQuery(frame, requestId);
  throw new ProtocolError(`operation ${String(opCode)} is not supported`);
}

function parseOpMsg(frame: Buffer, requestId: number): Message {
  const flags = frame.readUInt32LE(HEADER);
  const end = frame.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences = new Map<string, Buffer[]>();
  let body: Buffer | undefined;
  let at = HEADER + 4;
  while (at < end) {
    const kind = frame[at];
    const size = frame.readInt32LE(at + 1);
    const section = frame.subarray(at + 1, at + 1 + size);
    if (size < 5 || section.length !== size) throw new ProtocolError("a section runs past its message");
    if (kind === 0) body = section;
    else if (kind === 1) addSequence(sequences, section);
    else throw new ProtocolError(`section kind ${String(kind)}`);
    at += 1 + size;
  }
  if (!body) throw new ProtocolError("a message without a body");
  return { requestId, body, sequences, isLegacy: false, moreToCome: (flags & MORE_TO_COME) !== 0 };
}

function addSequence(sequences: Map<string, Buffer[]>, section: Buffer): void {
  const nameEnd = section.indexOf(0, 4);
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < section.length) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length) throw new ProtocolError("a document runs past its sequence");
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  sequences.set(section.toString("utf8", 4, nameEnd), documents);
}

function parseOpQuery(frame: Buffer, requestId: number): Message {
  const nameEnd = frame.indexOf(0, HEADER + 4);
  const start = nameEnd + 1 + 8;
  const size = frame.readInt32LE(start);
  const body = frame.subarray(start, start + size);
  return { requestId, body, sequences: new Map(), isLegacy: true, moreToCome: false };
}

function opMsg(responseTo: number, document: Buffer): Buffer {
  const head = Buffer.alloc(HEADER + 5);
  writeHeader(head, head.length + document.length, responseTo, OP_MSG);
  return Buffer.concat([head, document]);
}

function legacyReply(responseTo: number, document: Buffer): Buffer {
  const head = Buffer.alloc(HEADER + 20);
  writeHeader(head, head.length + document.length, responseTo, OP_REPLY);
  head.writeInt32LE(8, HEADER); // AwaitCapable, as every server says
  head.writeInt32LE(1, HEADER + 16);
  return Buffer.concat([head, document]);
}

function writeHeader(head: Buffer, size: number, responseTo: number, opCode: number): void {
  head.writeInt32LE(size, 0);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(opCode, 12);
}
