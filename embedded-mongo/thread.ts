// Starts the store in a worker thread, so that its work never delays the event loop of the web server.
import { Worker } from "node:worker_threads";
import { StoreStartError, type StoreStartCode } from "./errors.ts";
import type { EmbeddedMongo, EmbeddedMongoOptions } from "./serve.ts";

export type WorkerReport =
  | { kind: "ready"; uri: string }
  | { kind: "refused"; code: StoreStartCode; message: string }
  | { kind: "closed" };

const FROM_SOURCE = import.meta.url.endsWith(".ts");
const FILE = new URL(FROM_SOURCE ? "./worker.ts" : "./worker.js", import.meta.url);
// A new thread does not know how to read TypeScript: when run from source it is taught first.
const SOURCE_LOADER = `import("tsx/esm/api").then(({ tsImport }) => tsImport("${FILE.href}", "${FILE.href}"))`;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

/** Starts the embedded store and resolves when it listens; rejects with StoreStartError when it may not. */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const worker = new Worker(FROM_SOURCE ? SOURCE_LOADER : FILE, {
    eval: FROM_SOURCE,
    workerData: options,
    resourceLimits: RESOURCE_LIMITS,
  });
  const first = await nextReport(worker);
  if (first.kind === "ready") return { uri: first.uri, close: () => closeWorker(worker) };
  await worker.terminate();
  if (first.kind === "refused") throw new StoreStartError(first.code, first.message);
  throw new Error("the embedded store closed before it was ready");
}

async function closeWorker(worker: Worker): Promise<void> {
  const closed = nextReport(worker);
  worker.postMessage("close");
  await closed;
  await worker.terminate();
}

function nextReport(worker: Worker): Promise<WorkerReport> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`the embedded store's thread ended with code ${String(code)}`)),
    );
  });
}
