// The time in which the messenger allows free text, counted from the customer's last message.
import type { Capabilities, Conversation } from "../types.ts";

const hourMs = 3_600_000;

/**
 * `open`: write freely; `free`: for nothing; `tag`: as a person's answer; `paid`: for money; `template`: a template alone;
 * `closed`: nothing.
 */
export interface WindowNow {
  state: "open" | "free" | "tag" | "paid" | "template" | "closed";
  /** When this state ends, milliseconds; absent for one that only the customer ends. */
  until?: number;
  /** When the window closed; absent while it is open, and where the customer has never written. */
  closedAt?: number;
}

/** Undefined for a channel without a window. */
export function windowOf(
  can: Capabilities | undefined,
  conversation: Conversation | undefined,
  now: number,
): WindowNow | undefined {
  const rule = can?.window;
  if (!rule || !conversation) return undefined;
  if (conversation.windowClosedAt)
    return {
      state: rule.outside === "template" ? "template" : "closed",
      closedAt: Date.parse(conversation.windowClosedAt),
    };
  const from = conversation.lastInboundAt ? Date.parse(conversation.lastInboundAt) : undefined;
  const closesAt = from === undefined ? undefined : from + rule.hours * hourMs;
  if (closesAt !== undefined && now < closesAt)
    return { state: rule.outside === "paid" ? "free" : "open", until: closesAt };
  const closed = closesAt === undefined ? {} : { closedAt: closesAt };
  if (rule.outside !== "tag") return { state: rule.outside, ...closed };
  const ends = from === undefined ? 0 : from + (rule.tagHours ?? rule.hours) * hourMs;
  return now < ends ? { state: "tag", until: ends, ...closed } : { state: "closed", ...closed };
}
