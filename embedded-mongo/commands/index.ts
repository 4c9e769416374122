// Every command there is, and how one is run.
import { CommandError } from "../errors.ts";
import type { Store } from "../store.ts";
import { aggregate } from "./aggregate.ts";
import { bulkWrite } from "./bulk-write.ts";
import { COLLECTIONS } from "./collections.ts";
import type { Command } from "./command.ts";
import { EXPLAIN } from "./explain.ts";
import { findAndModify } from "./find-and-modify.ts";
import { FINDS } from "./find.ts";
import { HANDSHAKE } from "./handshake.ts";
import { INDEXES } from "./indexes.ts";
import type { Reply } from "./reply.ts";
import type { Request } from "./request.ts";
import { STATISTICS } from "./statistics.ts";
import { WRITES } from "./writes.ts";

const COMMANDS: Record<string, Command> = {
  ...HANDSHAKE,
  ...WRITES,
  ...FINDS,
  ...COLLECTIONS,
  ...INDEXES,
  ...EXPLAIN,
  ...STATISTICS,
  aggregate,
  bulkWrite,
  findAndModify,
  findandmodify: findAndModify,
};

/** Reads answer at once; a write answers when it is on disk. */
export function execute(store: Store, request: Request): Reply | Promise<Reply> {
  const command = Object.hasOwn(COMMANDS, request.name) ? COMMANDS[request.name] : undefined;
  if (!command) throw new CommandError(59, `no such command: '${request.name}'`);
  refuseTransactions(request);
  request.allow(new Set([request.name, "maxTimeMS", ...command.accepts]));
  const writes = typeof command.writes === "function" ? command.writes(request) : command.writes;
  return writes ? store.storage.write(() => command.run(store, request)) : command.run(store, request);
}

function refuseTransactions(request: Request): void {
  if (["txnNumber", "autocommit", "startTransaction"].some((name) => request.has(name)))
    throw new CommandError(20, "Transaction numbers are only allowed on a replica set member or mongos");
}
