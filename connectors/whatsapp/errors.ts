/** What WhatsApp's codes mean: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes */
import { ConnectorError } from "../contract.ts";
import type { FailureClass } from "../contract.ts";
import type { Classify } from "../graph.ts";

interface Meaning {
  class: FailureClass;
  code: string;
  scope?: "peer" | "account";
  retryAfterMs?: number;
}

const minute = 60_000;
const of = (failure: FailureClass, code: string): Meaning => ({ class: failure, code });
const wait = (code: string, scope: "peer" | "account", retryAfterMs: number): Meaning => ({
  class: "throttled",
  code,
  scope,
  retryAfterMs,
});

const meanings = new Map<number, Meaning>([
  [130429, wait("throttled", "account", 5000)],
  [131056, wait("throttled_peer", "peer", 6000)],
  [131048, wait("throttled_spam", "account", 15 * minute)],
  [131064, wait("throttled", "account", minute)],
  [80007, wait("throttled", "account", minute)],
  [131047, of("window_closed", "window_closed")],
  [131026, of("permanent", "undeliverable")],
  [131049, of("permanent", "marketing_limit")],
  [131050, of("blocked", "marketing_stopped")],
  [130472, of("permanent", "experiment")],
  [131021, of("permanent", "own_number")],
  [131030, of("permanent", "not_on_the_list")],
  [130497, of("permanent", "country_restricted")],
  [131037, of("permanent", "name_not_approved")],
  [131042, of("permanent", "payment")],
  [131045, of("permanent", "not_registered")],
  [133010, of("permanent", "not_registered")],
  [131031, of("auth", "account_locked")],
  [368, of("auth", "account_locked")],
  [131005, of("auth", "permission_missing")],
  [131051, of("unsupported", "kind_refused")],
  [131052, of("permanent", "file_unavailable")],
  [131053, of("permanent", "file_refused")],
  [131062, of("unsupported", "phone_needed")],
  [131016, of("retry", "platform_error")],
  [131057, of("retry", "platform_error")],
  [133004, of("retry", "platform_error")],
  [132001, of("permanent", "template_missing")],
  [132015, of("permanent", "template_paused")],
  [132016, of("permanent", "template_paused")],
  [132000, of("permanent", "template_refused")],
  [132005, of("permanent", "template_refused")],
  [132007, of("permanent", "template_refused")],
  [132012, of("permanent", "template_refused")],
  [2200, of("retry", "webhook_unreachable")],
]);

/** Of a status that says `failed`: the platform has given up, so nothing there is tried again by itself. */
export function meaningOf(code: number): { class: FailureClass; code: string } {
  const known = meanings.get(code);
  if (!known) return { class: "permanent", code: "undelivered" };
  const final = known.class === "retry" || known.class === "throttled" ? "permanent" : known.class;
  return { class: final, code: known.code };
}

export const classify: Classify = ({ code, message, error_data }) => {
  const known = meanings.get(code);
  if (!known) return undefined;
  const said = error_data?.details ?? message;
  return new ConnectorError(known.class, known.code, `${code} ${said}`, {
    ...(known.scope && { scope: known.scope }),
    ...(known.retryAfterMs !== undefined && { retryAfterMs: known.retryAfterMs }),
  });
};

/** Every code that the table gives, so that a test finds words for each. */
export const knownCodes = [...new Set([...meanings.values()].map(({ code }) => code)), "undelivered"];
