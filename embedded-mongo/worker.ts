// The thread `startEmbeddedMongo` runs the store in.
import { parentPort, workerData } from "node:worker_threads";
import { StoreStartError } from "./errors.ts";
import { serveEmbeddedMongo, type EmbeddedMongoOptions } from "./serve.ts";
import type { WorkerReport } from "./thread.ts";

const given: unknown = workerData;

try {
  const store = await serveEmbeddedMongo(optionsOf(given));
  report({ kind: "ready", uri: store.uri });
  parentPort?.once("message", () => {
    void store.close().then(() => {
      report({ kind: "closed" });
      parentPort?.close();
    });
  });
} catch (error) {
  if (!(error instanceof StoreStartError)) throw error;
  report({ kind: "refused", code: error.code, message: error.message });
}

function report(message: WorkerReport): void {
  parentPort?.postMessage(message);
}

function optionsOf(options: unknown): EmbeddedMongoOptions {
  if (!isRecord(options) || typeof options["dataDir"] !== "string")
    throw new TypeError("a store needs a dataDir");
  const { dataDir, maxPageCount } = options;
  return { dataDir, ...(typeof maxPageCount === "number" ? { maxPageCount } : {}) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
