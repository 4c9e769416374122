/** Keeps the account's webhook here and its health told: the token, the number's quality, the address. */
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost, HealthState } from "../contract.ts";
import type { Graph } from "../graph.ts";
import { z } from "zod";
import type { WhatsappCredentials } from "./credentials.ts";
import { fetchNumber, fetchSubscription, isOurs, subscribe } from "./number.ts";

const everyMs = 10 * 60_000;
const firstWaitMs = 1000;
const longestWaitMs = 5 * 60_000;

/** Runs until the host's signal ends it. A refused token ends the looking, not the account. */
export async function watch(
  graph: Graph,
  credentials: WhatsappCredentials,
  host: ConnectorHost,
): Promise<void> {
  host.reportHealth("connecting");
  let failures = 0;
  while (!host.signal.aborted) {
    try {
      await look(graph, credentials, host);
      failures = 0;
    } catch (error) {
      if (host.signal.aborted) return;
      if (!(error instanceof ConnectorError)) throw error;
      failures += 1;
      host.log.warn({ code: error.code, failures }, "the account could not be looked at");
      report(host, error.class === "auth" ? "revoked" : "degraded", problem(error.code, error.message));
      if (error.class === "auth") return await untilEnd(host.signal);
    }
    await pause(failures === 0 ? everyMs : backOff(failures), host.signal);
  }
}

async function look(graph: Graph, credentials: WhatsappCredentials, host: ConnectorHost): Promise<void> {
  const number = await fetchNumber(graph, credentials);
  const { webhookUrl } = host;
  if (webhookUrl === undefined)
    return report(host, "degraded", problem("no_public_address", "a webhook needs a public https address"));
  const subscription = await fetchSubscription(graph, credentials, await appIdOf(graph));
  if (!subscription || !isOurs(subscription.url, webhookUrl)) await subscribe(graph, credentials, host);
  if (number.quality_rating === "RED")
    return report(host, "degraded", problem("quality_low", "the quality rating is red"));
  report(host, "connected");
}

async function appIdOf(graph: Graph): Promise<string> {
  return z
    .object({ id: z.string() })
    .catch({ id: "" })
    .parse(await graph.call("app")).id;
}

interface Problem {
  code: string;
  message: string;
}

function problem(code: string, message: string): Problem {
  return { code, message };
}

function report(host: ConnectorHost, state: HealthState, what?: Problem): void {
  host.reportHealth(state, what);
}

function backOff(failures: number): number {
  const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 10));
  return longest * (0.5 + Math.random() / 2);
}

function untilEnd(signal: AbortSignal): Promise<void> {
  return pause(undefined, signal);
}

/** Waits; ends early, without complaint, when the signal does. */
function pause(ms: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
