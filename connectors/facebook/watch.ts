/** Keeps a page subscribed until the host's signal ends, and says how the account is. */
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import type { Graph } from "../graph.ts";
import type { Platform } from "./platform.ts";
import { graphOfApp, leadHere, missingFields, subscribePage } from "./subscribe.ts";

const watchEveryMs = 5 * 60_000;
const firstWaitMs = 1000;

export async function keepSubscribed(
  graph: Graph,
  platform: Platform,
  host: ConnectorHost,
  { appSecret, findApp }: { appSecret: string; findApp: () => Promise<string> },
): Promise<void> {
  host.reportHealth("connecting");
  let failures = 0;
  while (!host.signal.aborted) {
    const problem = await problemOf(host, async () => {
      const appId = await findApp();
      if ((await missingFields(graph, platform, appId)).length > 0) await subscribePage(graph);
      await leadHere(graphOfApp(appId, appSecret, host), appId, platform, host);
    });
    if (host.signal.aborted) return;
    failures = problem ? failures + 1 : 0;
    if (problem && isLost(problem)) return host.reportHealth("revoked", problem);
    if (problem) host.reportHealth("degraded", problem);
    else if (host.webhookUrl === undefined)
      host.reportHealth("degraded", { code: "no_public_address", message: "Meta delivers to https alone" });
    else host.reportHealth("connected");
    await pause(problem ? waitAfter(failures, problem) : watchEveryMs, host.signal);
  }
}

async function problemOf(
  { log, signal }: ConnectorHost,
  look: () => Promise<void>,
): Promise<ConnectorError | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (!signal.aborted) log.warn({ code: error.code }, "the page's subscription was not looked after");
    return error;
  }
}

/** A person has to give other credentials. A missing permission may be granted meanwhile. */
function isLost({ code }: ConnectorError): boolean {
  return code === "token_invalid" || code === "app_secret_wrong";
}

function waitAfter(failures: number, { retryAfterMs = 0 }: ConnectorError): number {
  const backOff = Math.min(watchEveryMs, firstWaitMs * 2 ** Math.min(failures - 1, 10));
  return Math.max(retryAfterMs, backOff * (0.5 + Math.random() / 2));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
