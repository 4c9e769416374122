/** `npm run demo`: everything of a small business on this machine alone, until Ctrl-C. */
import { startDemo } from "./start.ts";

const { DEMO_DIR, PORT } = process.env;

/** Before everything is there, leaving is enough: what was begun ends with the process. */
let stop = (): Promise<void> => Promise.resolve();
let ending = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
endWithParent();

try {
  const port = Number(PORT) || 3000;
  const demo = await startDemo({
    port,
    customersPort: port + 1,
    shopPort: port + 2,
    tell: (what) => void process.stdout.write(`${what} …\n`),
    ...(DEMO_DIR ? { dataDir: DEMO_DIR } : {}),
  });
  const { owner, colleague } = demo.signIn;
  process.stdout.write(`
The demo is ready.

  The hub         ${demo.url}
  Owner           ${owner.email}   ${owner.password}
  A colleague     ${colleague.email}  ${colleague.password}

  The customers   ${demo.customersUrl}
                  Write there as any of them, on any messenger; it arrives in the hub, and your answers
                  arrive there. The next answer can be made to fail.

  The shop        ${demo.shopUrl}
                  The studio's own site, with the widget: open it in another window and write.

  The card        ${demo.card.url}
                  The link in the studio's bio: messengers, prices, a place at the wheel.

Ctrl-C ends it${DEMO_DIR ? "" : " and removes its data"}.
`);
  stop = () => demo.stop();
} catch (error) {
  fail(error);
}

function end(): void {
  if (ending) return;
  ending = true;
  stop().then(() => process.exit(0), fail);
}

/** npm hands a signal to its shell alone, and the shell ends without a word to this process: it looks itself. */
function endWithParent(): void {
  const { ppid } = process;
  setInterval(() => process.ppid === ppid || end(), 500).unref();
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
