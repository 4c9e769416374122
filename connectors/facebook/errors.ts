/**
 * What the Messenger Platform's refusals mean beyond those of every Graph product.
 * https://developers.facebook.com/docs/messenger-platform/error-codes
 */
import { ConnectorError } from "../contract.ts";
import type { FailureClass } from "../contract.ts";
import type { GraphRefusal } from "../graph.ts";

/** Undefined for what the general rules of Graph decide. */
export function classify(refusal: GraphRefusal): ConnectorError | undefined {
  const { code, error_subcode: subcode, message } = refusal;
  const words = `${code}${subcode ? `/${subcode}` : ""} ${message}`;
  const known =
    bySubcode.get(subcode ?? 0) ?? byCode.get(code) ?? (code === 10 ? byWords(message) : undefined);
  if (!known) return undefined;
  const [failure, name, scope] = known;
  return new ConnectorError(failure, name, words, {
    ...(failure === "throttled" ? { scope: scope ?? "account", retryAfterMs: 60_000 } : {}),
  });
}

type Meaning = readonly [failure: FailureClass, name: string, scope?: "peer" | "account"];

const closed: Meaning = ["window_closed", "window_closed"];
const gone: Meaning = ["blocked", "person_unavailable"];
const unknownPerson: Meaning = ["permanent", "person_unknown"];
const fileRefused: Meaning = ["permanent", "file_refused"];

const bySubcode = new Map<number, Meaning>([
  [2018278, closed],
  [2018065, closed],
  [2534022, closed],
  [2018108, gone],
  [1545041, gone],
  [2018001, unknownPerson],
  [2534014, unknownPerson],
  [2018109, ["too_large", "file_too_large"]],
  [2018047, fileRefused],
  [2018008, fileRefused],
  [2018022, ["throttled", "throttled", "peer"]],
  [1893039, ["throttled", "throttled", "peer"]],
  [2018300, ["permanent", "other_app"]],
  [2534037, ["permanent", "other_app"]],
  [2018028, ["auth", "permission_missing"]],
]);

const byCode = new Map<number, Meaning>([
  [551, gone],
  [613, ["throttled", "throttled", "peer"]],
  [1200, ["retry", "platform_error"]],
  [368, ["permanent", "restricted"]],
  [10904, ["permanent", "messages_off"]],
]);

/** Subcodes change from version to version; the words for the window have not. */
function byWords(message: string): Meaning | undefined {
  return /outside of (the )?allowed window/i.test(message) ? closed : undefined;
}
