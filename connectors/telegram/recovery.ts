/** What receiving does about failures: waits longer each time, says so, and gives up only when the token is refused. */
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost, HealthState } from "../contract.ts";
import { pause } from "./receive.ts";

const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** Tells the host about changes of health, each once. */
export class HealthReporter {
  private readonly host: ConnectorHost;
  private last = "";

  constructor(host: ConnectorHost) {
    this.host = host;
  }

  /** Whether the last word was that everything works. */
  get isConnected(): boolean {
    return this.last.startsWith("connected");
  }

  connecting(): void {
    this.report("connecting");
  }

  connected(): void {
    this.report("connected");
  }

  problem(state: HealthState, code: string, message: string): void {
    this.report(state, { code, message });
  }

  private report(state: HealthState, problem?: { code: string; message: string }): void {
    const now = `${state} ${problem?.code ?? ""}`;
    if (now === this.last) return;
    this.last = now;
    this.host.reportHealth(state, problem);
  }
}

export class Recovery {
  private readonly host: ConnectorHost;
  private readonly health: HealthReporter;
  private failures = 0;

  constructor(host: ConnectorHost, health: HealthReporter) {
    this.host = host;
    this.health = health;
  }

  /** Does it again until it works; false when that will never be. */
  async retry(action: () => Promise<unknown>): Promise<boolean> {
    for (;;) {
      const result = await this.attempt(action);
      if (result !== "failed") return result !== "stop";
    }
  }

  /** Does it once. After a failure it has already waited; `stop` means that no further attempt makes sense. */
  async attempt<T>(action: () => Promise<T>): Promise<T | "failed" | "stop"> {
    try {
      const result = await action();
      this.failures = 0;
      return result;
    } catch (error) {
      if (this.host.signal.aborted) return "stop";
      return await this.recover(error);
    }
  }

  private async recover(error: unknown): Promise<"failed" | "stop"> {
    const { failure, code, message, retryAfterMs } = describe(error);
    this.failures += 1;
    this.host.log.warn({ code, failures: this.failures }, "receiving from telegram failed");
    if (failure === "auth") {
      this.health.problem("revoked", code, message);
      return "stop";
    }
    this.health.problem("degraded", code, message);
    await pause(retryAfterMs ?? this.backOff(), this.host.signal);
    return "failed";
  }

  private backOff(): number {
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.failures - 1, 10));
    return longest * (0.5 + Math.random() / 2);
  }
}

/** Anything but a ConnectorError came from storing the updates, whose words are not for this account's page. */
function describe(error: unknown): {
  failure: string;
  code: string;
  message: string;
  retryAfterMs?: number | undefined;
} {
  if (!(error instanceof ConnectorError))
    return { failure: "retry", code: "not_stored", message: "updates could not be stored" };
  const { class: failure, code, message, retryAfterMs } = error;
  return { failure, code, message, retryAfterMs };
}
