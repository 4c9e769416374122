/** A report that a letter of ours did not arrive: https://www.rfc-editor.org/rfc/rfc3464 */
import type { ParsedMail } from "mailparser";
import { z } from "zod";

export interface Bounce {
  messageId: string;
  failed: boolean;
  reason: string;
}

const headersOf = z.object({ value: z.string(), params: z.record(z.string(), z.string()) });

/** A report stands in front of the letter that it is about, and is short. */
const reportLimit = 256 * 1024;
/** How far into the letter its id is looked for. */
const originalLimit = 64 * 1024;

/** What a letter reports, when it is a report. Only its beginning is searched: what anybody may send may be large. */
export function bounceOf({ headers }: ParsedMail, source: Buffer): Bounce | undefined {
  const { data } = headersOf.safeParse(headers.get("content-type"));
  if (data?.value !== "multipart/report" || data.params["report-type"] !== "delivery-status")
    return undefined;
  const report = source.toString("latin1", 0, reportLimit);
  const at = report.search(/content-type:\s*(?:message\/rfc822|text\/rfc822-headers)/i);
  if (at < 0) return undefined;
  const original = source.toString("latin1", at, at + originalLimit);
  const messageId = /^message-id:\s*(<[^>\s]{1,996}>)/im.exec(original)?.[1];
  if (!messageId) return undefined;
  const reason = /^diagnostic-code:\s*(?:[\w-]+;\s*)?(.+)$/im.exec(report)?.[1] ?? "";
  return { messageId, failed: /^action:\s*failed/im.test(report), reason: reason.trim().slice(0, 200) };
}
