/** The composition root: the only file that knows every folder. */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadConnectors, loadIcons } from "./connectors/index.ts";
import { createSessions } from "./core/auth/index.ts";
import { ConfigError, type Config } from "./core/config.ts";
import { openStore } from "./core/db.ts";
import { AppError } from "./core/errors.ts";
import { Events } from "./core/events.ts";
import { createDiskFiles, type FileStore } from "./core/files.ts";
import { createHttp } from "./core/http.ts";
import type { Hub } from "./core/hub.ts";
import { createLog, type Log } from "./core/log.ts";
import { createMail } from "./core/mail.ts";
import { createMetrics } from "./core/metrics.ts";
import { createOpenApi } from "./core/openapi.ts";
import { addOperations } from "./core/operations.ts";
import { createOutside, reachInternet, type Outside } from "./core/outside.ts";
import { ProcessQueue } from "./core/queue.ts";
import { createRealtime } from "./core/realtime.ts";
import { connectRedis } from "./core/redis.ts";
import { createSecrets } from "./core/secrets.ts";
import { createUpgrades } from "./core/upgrades.ts";
import { openCountries } from "./core/visitors.ts";
import { serveWeb } from "./core/web.ts";
import { addCards, createFormConnector, formIcon, formKind } from "./cards/index.ts";
import { addInbox } from "./inbox/index.ts";
import { addWidget, widgetConnector, widgetIcon } from "./widget/index.ts";
import { addWorkspace } from "./workspace/index.ts";

export interface RunningServer {
  /** Where it listens: `http://127.0.0.1:3000`. */
  url: string;
  hub: Hub;
  firstRunLink(): Promise<string | undefined>;
  /** For somebody who has forgotten the password; undefined when nobody works here with this e-mail. */
  passwordLink(email: string): Promise<string | undefined>;
  /** Stops taking work, ends what is under way, closes the store. */
  stop(): Promise<void>;
}

/** Parts that a test may replace. */
export interface Replaceable {
  log?: Log;
  files?: FileStore;
  outside?: Outside;
}

export async function startServer(
  config: Readonly<Config>,
  replace: Replaceable = {},
): Promise<RunningServer> {
  const log = replace.log ?? createLog(config.logLevel);
  const secrets = createSecrets(config.secretKey);
  const redis = config.redisUrl
    ? await connectRedis(config.redisUrl, `switchboard-${secrets.keyId}`, log)
    : undefined;
  const redisQueues = redis && (await import("./core/redis-queue.ts"));
  const store = await openStore(config, log).catch((error: unknown) => {
    redis?.close();
    throw error;
  });
  const processId = randomUUID();
  const metrics = createMetrics();
  const sessions = createSessions(secrets, config.publicUrl?.startsWith("https:") ?? false);
  const http = createHttp({ config, log, metrics, sessions });
  const server = createServer(http.app);
  // longer than proxies keep theirs (Caddy 120 s, nginx 60 s): none sends a request into a connection that is being closed
  server.keepAliveTimeout = 130_000;
  const realtime = createRealtime({ server, config, sessions, log, redis, processId });
  const { version, root } = installation();
  let stopping = false;
  const hub: Hub = {
    config,
    log,
    http,
    sessions,
    events: new Events(log, realtime.bus),
    realtime,
    upgrades: createUpgrades(server),
    files: replace.files ?? createDiskFiles(join(config.dataDir, "files")),
    secrets,
    metrics,
    countryOf: await openCountries(config.trustProxy !== false),
    mail: await createMail(config.smtp),
    outside: replace.outside ?? createOutside(reachInternet(config.dnsServer)),
    version,
    address: () => config.publicUrl ?? addressOf(server, config),
  };
  const connectors = await loadConnectors();
  for (const kind of Object.keys(config.apiRoots))
    if (!connectors.has(kind))
      throw new ConfigError(
        `API_ROOTS names "${kind}", and there is no such channel. Name one of ${[...connectors.keys()].join(", ")}.`,
      );
  const icons = await loadIcons();
  addOperations(hub, {
    ready: () => (stopping ? Promise.reject(new AppError("store_unavailable")) : store.ping()),
    openApi: () => createOpenApi(http.routes, version),
  });
  const workspace = addWorkspace(hub);
  connectors.set(widgetConnector.kind, widgetConnector);
  icons.set(widgetConnector.kind, await readFile(widgetIcon, "utf8"));
  connectors.set(formKind, createFormConnector(hub.mail, connectors, config.openSignUp));
  icons.set(formKind, await readFile(formIcon, "utf8"));
  const inbox = addInbox(hub, {
    ownsStore: store.embedded && !redis,
    works: config.roles.worker,
    connectors,
    icons,
    redis,
    workerId: processId,
    createQueue: (name) =>
      redisQueues
        ? new redisQueues.RedisQueue({ redis, name, workerId: processId, log })
        : new ProcessQueue(log),
  });
  const widget = addWidget(hub, inbox.inbox, join(root, "dist", "widget"));
  const cards = addCards(hub, inbox.inbox);
  serveWeb(http.app, join(root, "dist", "web"));
  http.finish();
  await listen(server, config);
  const running = await inbox.start();
  const runningWidget = widget.start();
  return {
    url: addressOf(server, config),
    hub,
    firstRunLink: () => workspace.firstRunLink(),
    passwordLink: (email) => workspace.passwordLink(email),
    async stop() {
      stopping = true;
      hub.mail?.close();
      await runningWidget.stop();
      await running.stop();
      await workspace.stop();
      const closed = closeServer(server); // first: it cuts what the sockets' end would wait for
      await realtime.close();
      await closed;
      await cards.stop();
      redis?.close();
      await store.close();
    },
  };
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  server.keepAliveTimeout = 1; // of what is answered from now on
  setTimeout(() => server.closeAllConnections(), 3000).unref();
  await closed;
}

function addressOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo;
  const host = ["0.0.0.0", "::"].includes(config.host)
    ? "localhost"
    : config.host.includes(":")
      ? `[${config.host}]`
      : config.host;
  return `http://${host}:${port}`;
}

/** Runs from the sources as well as from dist/. */
function installation(): { version: string; root: string } {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.endsWith("dist") ? dirname(here) : here;
  const manifest: unknown = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve(join(root, "package.json")), "utf8"),
  );
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "0";
  return { version, root };
}
