// Connections: each answers its commands one after another, in order.
import { chmod } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { execute } from "./commands/index.ts";
import { encodeReply, type Reply } from "./commands/reply.ts";
import { Request } from "./commands/request.ts";
import { CommandError } from "./errors.ts";
import type { Store } from "./store.ts";
import { encodeMessage, FrameReader, ProtocolError, type Message } from "./wire.ts";

/** Of a document, and the 16 KB that MongoDB leaves for what goes around it in a reply. */
const mostBytes = (16 * 1024 + 16) * 1024;

export interface Listener {
  close(): Promise<void>;
}

/** Listens on a unix socket that only this user can open. */
export async function listen(store: Store, socketPath: string): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(store, socket);
  });
  await bind(server, socketPath);
  return { close: () => close(server, sockets) };
}

function serveConnection(store: Store, socket: Socket): void {
  const reader = new FrameReader();
  let last: Promise<void> = Promise.resolve();
  socket.setNoDelay(true);
  // A client that goes away in the middle of a reply is an ordinary end of its connection.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) last = last.then(() => answer(store, socket, message));
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof RangeError)) throw error;
      socket.destroy();
    }
  });
}

async function answer(store: Store, socket: Socket, message: Message): Promise<void> {
  const reply = await replyTo(store, message);
  if (message.moreToCome || socket.destroyed) return;
  socket.write(encodeMessage(message.requestId, message.isLegacy, bytesOf(reply)));
}

/** A reply that no message can hold is answered as an error of that command. */
function bytesOf(reply: Reply): Buffer {
  try {
    const bytes = encodeReply(reply);
    if (bytes.length <= mostBytes) return bytes;
  } catch (error) {
    if (!(error instanceof RangeError)) return encodeReply(failure(error)); // thrown where the library's buffer ends
  }
  return encodeReply(failure(new CommandError(10334, "the reply is above the limit of 16 MB")));
}

async function replyTo(store: Store, { body, sequences }: Message): Promise<Reply> {
  try {
    return await execute(store, new Request(body, sequences));
  } catch (error) {
    return failure(error);
  }
}

// An error nobody foresaw is answered as an internal one: the connection and the server go on.
function failure(error: unknown): Reply {
  const known =
    error instanceof CommandError ? error : new CommandError(1, `internal error: ${String(error)}`);
  return {
    fields: { ok: 0, errmsg: known.message, code: known.code, codeName: known.codeName, ...known.extra },
  };
}

async function bind(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path }, resolve);
  });
  await chmod(path, 0o600);
}

function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroySoon();
  });
}
