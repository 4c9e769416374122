/** Long polling: https://core.telegram.org/bots/api#getupdates */
import type { RawApi } from "grammy";
import type { Update } from "grammy/types";
import type { ConnectorHost } from "../contract.ts";
import { HealthReporter, Recovery } from "./recovery.ts";

const pollSeconds = 25;
/** Telegram holds an empty poll; a server that answers at once must not be asked in a tight loop. */
const emptyPollPauseMs = 500;

/** Kinds that have to be asked for by name. */
export const allowedUpdates = [
  "message",
  "edited_message",
  "callback_query",
  "message_reaction",
  "my_chat_member",
  "business_connection",
  "business_message",
  "edited_business_message",
  "deleted_business_messages",
] as const satisfies readonly Exclude<keyof Update, "update_id">[];

/** Polls until the host's signal ends it or the token is refused. Updates are confirmed only after they are stored. */
export async function pollUpdates(api: RawApi, host: ConnectorHost): Promise<void> {
  const health = new HealthReporter(host);
  const recovery = new Recovery(host, health);
  health.connecting();
  const ready = await recovery.retry(() => api.deleteWebhook({ drop_pending_updates: false }));
  let offset = 0;
  while (ready && !host.signal.aborted) {
    const next = await recovery.attempt(() =>
      pollOnce(api, host, offset, health.isConnected ? pollSeconds : 0),
    );
    if (next === "stop") return;
    if (next !== "failed") {
      offset = next;
      health.connected();
    }
  }
}

/** One poll; gives the offset that confirms what it stored. While in doubt it does not wait, so health is known at once. */
async function pollOnce(api: RawApi, host: ConnectorHost, offset: number, timeout: number): Promise<number> {
  const began = Date.now();
  const updates = await api.getUpdates({
    offset,
    timeout,
    limit: 100,
    allowed_updates: allowedUpdates,
  });
  const last = updates.at(-1);
  if (last === undefined) {
    if (timeout > 0 && Date.now() - began < emptyPollPauseMs) await pause(emptyPollPauseMs, host.signal);
    return offset;
  }
  await host.receive(updates.map(toBytes));
  return last.update_id + 1;
}

function toBytes(update: Update): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(update));
}

/** Waits; ends early, without complaint, when the signal does. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
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
