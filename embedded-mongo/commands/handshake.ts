// Commands about the server itself: what drivers and shells ask before they begin.
import { CommandError } from "../errors.ts";
import { reading, type Command } from "./command.ts";
import { ok } from "./reply.ts";

const WIRE_VERSION = 25;
const VERSION = [8, 0, 0, 0];
const HANDSHAKE_FIELDS = [
  "helloOk",
  "client",
  "compression",
  "loadBalanced",
  "saslSupportedMechs",
  "speculativeAuthenticate",
  "backpressure",
];

const hello = reading(HANDSHAKE_FIELDS, () =>
  ok({
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  }),
);

const accepted = reading([], () => ok());

export const HANDSHAKE: Record<string, Command> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: accepted,
  endSessions: accepted,
  refreshSessions: accepted,
  killSessions: accepted,
  buildInfo: reading([], () => buildInfo()),
  buildinfo: reading([], () => buildInfo()),
  connectionStatus: reading(["showPrivileges"], () =>
    ok({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  ),
  getParameter: reading(["featureCompatibilityVersion", "authenticationMechanisms"], (_store, request) => {
    if (request.has("featureCompatibilityVersion"))
      return ok({ featureCompatibilityVersion: { version: "8.0" } });
    throw new CommandError(72, "no option found to get");
  }),
  hostInfo: reading([], () => ok({ system: { hostname: "localhost" }, os: { type: process.platform } })),
  getCmdLineOpts: reading([], () => ok({ argv: [], parsed: {} })),
  getLog: reading([], () => ok({ totalLinesWritten: 0, log: [] })),
  serverStatus: reading([], () =>
    ok({
      host: "localhost",
      version: VERSION.slice(0, 3).join("."),
      process: "switchboard",
      pid: BigInt(process.pid),
      uptime: process.uptime(),
      storageEngine: { name: "sqlite", persistent: true },
      mem: { resident: Math.round(process.memoryUsage().rss / 2 ** 20) },
    }),
  ),
};

function buildInfo() {
  return ok({
    version: VERSION.slice(0, 3).join("."),
    versionArray: VERSION,
    gitVersion: "switchboard",
    modules: [],
    bits: 64,
    maxBsonObjectSize: 16 * 1024 * 1024,
    storageEngines: ["sqlite"],
  });
}
