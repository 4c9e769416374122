/** What server.ts hands to every feature: the floor they stand on. */
import type { Config } from "./config.ts";
import type { Sessions } from "./auth/index.ts";
import type { Events } from "./events.ts";
import type { FileStore } from "./files.ts";
import type { Http } from "./http.ts";
import type { Log } from "./log.ts";
import type { Mail } from "./mail.ts";
import type { Metrics } from "./metrics.ts";
import type { Outside } from "./outside.ts";
import type { Realtime } from "./realtime.ts";
import type { Secrets } from "./secrets.ts";
import type { Upgrades } from "./upgrades.ts";
import type { CountryOf } from "./visitors.ts";

export interface Hub {
  config: Config;
  log: Log;
  http: Http;
  sessions: Sessions;
  events: Events;
  realtime: Realtime;
  /** Plain WebSockets beside Socket.IO, by path. */
  upgrades: Upgrades;
  files: FileStore;
  secrets: Secrets;
  metrics: Metrics;
  countryOf: CountryOf;
  /** Undefined where the operator has set no mail server. */
  mail: Mail | undefined;
  /** Pages of other people's sites. */
  outside: Outside;
  version: string;
  /** Where people open the hub: PUBLIC_URL, else the address it listens on. */
  address(): string;
}

/** A feature that runs beside the requests: started last, stopped first. */
export interface Running {
  stop(): Promise<void>;
}
