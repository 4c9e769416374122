/** Ports for programs that are started, killed and started again on the same one. */
import { createServer } from "node:net";

/** Below what the system gives out by itself, a thousand for each of Vitest's workers: nobody takes one while its program is away. */
const first = 20_000 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 10) * 1000;
let given = Math.floor(Math.random() * 1000);

/** One at which nobody listens, and that is given to nobody else here until a thousand others were. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = first + (given++ % 1000);
    if (await isFree(port)) return port;
  }
  throw new Error(`None of the ports from ${first} on can be had`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
