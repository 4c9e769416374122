/**
 * The store: MongoDB where MONGODB_URI names one, else the embedded server on the data directory. One data-access code,
 * one driver. Every query names its workspace; `acrossWorkspaces` is the one exit.
 */
import mongoose, { type Query, type Schema } from "mongoose";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import { migrate } from "./migrations/index.ts";

export interface Store {
  /** Throws when the store cannot be used. */
  ping(): Promise<void>;
  close(): Promise<void>;
  embedded: boolean;
}

const queriesOfOneWorkspace = [
  "find",
  "findOne",
  "findOneAndUpdate",
  "findOneAndDelete",
  "findOneAndReplace",
  "updateOne",
  "updateMany",
  "replaceOne",
  "deleteOne",
  "deleteMany",
  "countDocuments",
  "distinct",
] as const;

const exits = new WeakSet<object>();

/** For what belongs to no workspace yet (a session's token, a sweep over all of them): say so at the query. */
export function acrossWorkspaces<Q extends object>(query: Q): Q {
  exits.add(query);
  return query;
}

function guardWorkspace(schema: Schema): void {
  if (!schema.path("workspaceId")) return;
  schema.pre([...queriesOfOneWorkspace], function (this: Query<unknown, unknown>) {
    if (!exits.has(this) && this.getFilter()["workspaceId"] === undefined) {
      throw new Error(`a query on ${this.model.modelName} names no workspace`);
    }
  });
  schema.pre("aggregate", function () {
    const first = this.pipeline()[0];
    const named = first && "$match" in first && first.$match["workspaceId"] !== undefined;
    if (!exits.has(this) && !named) throw new Error("an aggregation names no workspace");
  });
}

mongoose.plugin(guardWorkspace);
mongoose.set("strictQuery", "throw");
mongoose.set("autoIndex", false);
mongoose.set("autoCreate", false);

/** Connects, builds missing indexes and runs new migrations; resolves when the store is usable. */
export async function openStore(config: Config, log: Log): Promise<Store> {
  const embedded = config.mongodbUri === undefined ? await startEmbedded(config) : undefined;
  const uri = config.mongodbUri ?? embedded?.uri;
  try {
    await mongoose.connect(uri as string, {
      ...(embedded ? { dbName: "switchboard" } : {}),
      serverSelectionTimeoutMS: 10_000,
      maxPoolSize: 20,
      ignoreUndefined: true,
    });
    await buildIndexes();
    await migrate(mongoose.connection, log);
  } catch (error) {
    await mongoose.disconnect();
    await embedded?.close?.().catch((err: unknown) => log.debug({ err }, "the store did not close cleanly"));
    throw error;
  }
  return {
    embedded: embedded?.close !== undefined,
    async ping() {
      await mongoose.connection.db?.command({ ping: 1 }, { timeoutMS: 2000 });
      if (mongoose.connection.readyState !== mongoose.ConnectionStates.connected)
        throw new Error("not connected");
    },
    async close() {
      await mongoose.disconnect();
      await embedded?.close?.();
    },
  };
}

/**
 * Loaded only when it is needed, so that a hub on a real MongoDB never touches SQLite. Where processes work together, the
 * first one on the data directory serves it, and the others (without `close`) come in by its socket.
 */
async function startEmbedded({
  dataDir,
  redisUrl,
}: Config): Promise<{ uri: string; close?: () => Promise<void> }> {
  const { startEmbeddedMongo, socketPathOf, socketUri } = await import("../embedded-mongo/index.ts");
  try {
    return await startEmbeddedMongo({ dataDir });
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === "data_dir_in_use";
    if (!inUse || !redisUrl) throw error;
    return { uri: socketUri(socketPathOf(dataDir)) };
  }
}

async function buildIndexes(): Promise<void> {
  for (const model of Object.values(mongoose.models)) {
    try {
      await model.createIndexes();
    } catch (error) {
      if (!isOtherwiseDefined(error)) throw error;
      await dropFormer(model);
      await model.createIndexes();
    }
  }
}

/** IndexOptionsConflict, IndexKeySpecsConflict: an index of that name is there, made by a version that defined it otherwise. */
function isOtherwiseDefined(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && (error.code === 85 || error.code === 86);
}

/** Of the model's own indexes those that are defined otherwise now; what an administrator has added stays. */
async function dropFormer(model: (typeof mongoose.models)[string]): Promise<void> {
  const own = new Set(model.schema.indexes().map(([keys]) => Object.entries(keys).flat().join("_")));
  const { toDrop } = (await model.diffIndexes()) as { toDrop: string[] };
  for (const name of toDrop) if (own.has(name)) await model.collection.dropIndex(name);
}

/** The string form of a database id; ids are strings everywhere past the database. */
export function idOf(document: { _id: mongoose.Types.ObjectId }): string {
  return document._id.toHexString();
}

export const ObjectId = mongoose.Types.ObjectId;
export type ObjectId = mongoose.Types.ObjectId;

/**
 * For a partial index over the documents that have a text (an id) there. MongoDB takes an equality to lie within such a
 * comparison, never within `$type`: an index over `$type` serves no query that does not repeat it
 * (`isSubsetOf` in the server's `matcher/expression_algo.cpp`).
 */
export const anyText = { $gt: "" };
export const anyId = { $gt: new ObjectId("0".repeat(24)) };

/** An ObjectId from outside, or undefined where the text is none. */
export function toObjectId(text: string): ObjectId | undefined {
  return /^[0-9a-f]{24}$/.test(text) ? new ObjectId(text) : undefined;
}
