/** The process that holds the browser of one account. A browser that hangs takes this process with it, not the hub. */
import type { Client } from "whatsapp-web.js";
import { ConnectorError } from "../contract.ts";
import { Driver, failure } from "./driver.ts";
import type { ChildOptions, FromChild, Order, ToChild } from "./wire.ts";

const settingsOfBrowser = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The list below the address bar, two pages of every window that nobody sees: some 50 MB. The library adds its own list.
  "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled",
];

let client: Client | undefined;
let driver: Driver | undefined;

function tell(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

/** Chromium refuses its sandbox to root, and on some machines there is none: then, and only then, it goes without. */
async function start(options: ChildOptions): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  try {
    await openBrowser(options, isRoot ? ["--no-sandbox"] : []);
  } catch (error) {
    if (isRoot || !(error instanceof Error) || !/sandbox|namespace/i.test(error.message)) throw error;
    tell({ says: "unsandboxed" });
    await openBrowser(options, ["--no-sandbox"]);
  }
}

async function openBrowser(options: ChildOptions, sandbox: string[]): Promise<void> {
  const { default: library } = await import("whatsapp-web.js");
  const proxy = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl);
  client = new library.Client({
    authStrategy: new library.LocalAuth({ dataPath: options.folder }),
    webVersionCache: { type: "none" },
    deviceName: "Switchboard",
    puppeteer: {
      headless: true,
      executablePath: options.browser,
      args: [...settingsOfBrowser, ...sandbox, ...waysOut(proxy, options.root)],
    },
    ...(proxy?.username && {
      proxyAuthentication: {
        username: decodeURIComponent(proxy.username),
        password: decodeURIComponent(proxy.password),
      },
    }),
  });
  driver = new Driver(client, library, tell);
  driver.attach();
  const told = setInterval(() => {
    const pid = client?.pupBrowser?.process()?.pid;
    if (pid === undefined) return;
    clearInterval(told);
    tell({ says: "browser", pid });
  }, 50);
  await client.initialize();
}

/** `root` stands in for WhatsApp's server: its name leads there, and its certificate need not be known. */
function waysOut(proxy: URL | undefined, root: string | undefined): string[] {
  return [
    ...(proxy ? [`--proxy-server=${proxy.protocol}//${proxy.host}`] : []),
    ...(root
      ? [`--host-resolver-rules=MAP web.whatsapp.com ${new URL(root).host}`, "--ignore-certificate-errors"]
      : []),
  ];
}

async function answer(ask: number, order: Order): Promise<void> {
  try {
    if (!driver) throw failure("retry", "not_connected", "the browser is starting");
    tell({ says: "answer", ask, value: await driver.carryOut(order) });
  } catch (error) {
    const sends = order.do === "send" || order.do === "forward";
    const known =
      error instanceof ConnectorError ? error : failure(sends ? "unknown" : "retry", "platform_error", error);
    const told = { class: known.class, code: known.code, message: known.message };
    tell({ says: "answer", ask, failure: told });
  }
}

/** The library lets some of its promises fall: the process ends, and its supervisor starts another. */
async function fail(error: unknown): Promise<void> {
  tell({ says: "lost", reason: error instanceof Error ? error.message : String(error) });
  await stop(1);
}

async function stop(code: number): Promise<void> {
  setTimeout(() => process.exit(code), 5000).unref();
  await client?.destroy().catch(() => undefined);
  process.exit(code);
}

process.on("message", (message: ToChild) => {
  if ("start" in message) start(message.start).catch(fail);
  else if ("ask" in message) void answer(message.ask, message.order);
  else if ("ping" in message) tell({ says: "alive" });
  else void stop(0);
});
process.on("disconnect", () => void stop(0));
process.on("uncaughtException", (error) => void fail(error));
process.on("unhandledRejection", (error) => void fail(error));
