/** The hub as a process of its own, started from what `npm run build` made. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export interface HubProgram {
  url: string;
  /** Of the first-run link that it printed. */
  setupToken: string;
  stop(): Promise<void>;
}

export interface HubOptions {
  dataDir: string;
  port: number;
  /** Where the messengers are, by kind of channel. */
  apiRoots: Record<string, string>;
  /** Where they reach the hub. */
  webhookUrl?: string;
  /** Further variables of its configuration. */
  environment?: Record<string, string>;
}

/** Resolves when the hub has printed its first-run link. Nothing of this process's own settings reaches it. */
export async function startHub({
  dataDir,
  port,
  apiRoots,
  webhookUrl,
  environment,
}: HubOptions): Promise<HubProgram> {
  const { PATH, HOME, TZ } = process.env;
  const settings = {
    PORT: String(port),
    DATA_DIR: dataDir,
    API_ROOTS: Object.entries(apiRoots)
      .map(([kind, url]) => `${kind}=${url}`)
      .join(),
    ...(webhookUrl ? { WEBHOOK_URL: webhookUrl } : {}),
    LOG_LEVEL: "warn",
    ...environment,
  };
  const env = { PATH, HOME, ...(TZ ? { TZ } : {}), ...settings };
  const child = spawn(process.execPath, [join(root, "dist", "main.js")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.prependOnceListener("exit", () => child.kill("SIGKILL"));
  const setupToken = await tokenOf(child);
  return { url: `http://127.0.0.1:${port}`, setupToken, stop: () => stop(child) };
}

function tokenOf(child: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString();
      const token = /first-run#([\w-]+)\s/.exec(printed)?.[1];
      if (token) resolve(token);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the hub ended with code ${code}:\n${printed}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

/** The wanted port where it is free, else any. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && wanted !== 0) resolve(freePort());
      else reject(error);
    });
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
