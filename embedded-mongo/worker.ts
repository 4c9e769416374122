// The thread `startEmbeddedMongo` runs the store in.
import { parentPort, workerData } from "node:worker_threads";
import { StoreStartError } from "./errors.ts";
import { serveEmbeddedMongo, type EmbeddedMongoOptions } from "./serve.ts";
import type { WorkerReport } from "./thread.ts";

const options: EmbeddedMongoOptions = workerData;

try {
  const store = await serveEmbeddedMongo(options);
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
