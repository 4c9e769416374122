/** Changes to stored data, each run once in order. A migration may be run again after a crash: write it idempotent. */
import type { Connection } from "mongoose";
import type { Log } from "../log.ts";
import { contactsActivity } from "./0001-contacts-activity.ts";

export interface Migration {
  /** `0001-what-it-does`; never renamed. */
  id: string;
  up(connection: Connection): Promise<void>;
}

/** Oldest first. */
export const migrations: Migration[] = [contactsActivity];

/** Runs what has not been run on this store. */
export async function migrate(
  connection: Connection,
  log: Log,
  all: Migration[] = migrations,
): Promise<void> {
  const done = connection.collection<{ _id: string; at: Date }>("migrations");
  for (const migration of all) {
    if (await done.findOne({ _id: migration.id })) continue;
    await migration.up(connection);
    await done.updateOne({ _id: migration.id }, { $set: { at: new Date() } }, { upsert: true });
    log.info({ migration: migration.id }, "migration done");
  }
}
