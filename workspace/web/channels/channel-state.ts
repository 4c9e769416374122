// How an account is, in words: the state, the sentence to it, its place in the list.
import { CircleCheck, CirclePause, CircleX, LoaderCircle, LogIn, TriangleAlert } from "@lucide/vue";
import type { Component } from "vue";
import { translate } from "../../../ui/i18n.ts";
import { directory } from "../directory.ts";
import type { Channel } from "../types.ts";

export type ChannelTone = "bad" | "warn" | "ok" | "accent" | "neutral";
interface ChannelLook {
  tone: ChannelTone;
  icon: Component;
  /** Message key of the state's name. */
  word: string;
}

const looks: Record<Channel["health"]["state"] | "paused", ChannelLook> = {
  revoked: { tone: "bad", icon: CircleX, word: "revoked" },
  disconnected: { tone: "bad", icon: CircleX, word: "disconnected" },
  needs_login: { tone: "warn", icon: LogIn, word: "needs_login" },
  degraded: { tone: "warn", icon: TriangleAlert, word: "degraded" },
  connecting: { tone: "accent", icon: LoaderCircle, word: "connecting" },
  connected: { tone: "ok", icon: CircleCheck, word: "connected" },
  paused: { tone: "neutral", icon: CirclePause, word: "paused" },
};

export function lookOf(channel: Channel): ChannelLook {
  return looks[channel.paused ? "paused" : channel.health.state];
}

export function wordOf(channel: Channel): string {
  return translate(`workspace.channels.state.${lookOf(channel).word}`);
}

/** True for what somebody should look at. */
export function needsAttention(channel: Channel): boolean {
  const { tone } = lookOf(channel);
  return tone === "bad" || tone === "warn";
}

/** The problem in the connector's words; without any, in the platform's own. */
export function problemOf(channel: Channel): string {
  const { problem, state } = channel.health;
  if (!problem) return translate(`workspace.channels.still.${state}`);
  return connectorText(channel.kind, `problems.${problem.code}`) ?? (problem.message || problem.code);
}

/** A text of the channel's connector, in the reader's language; undefined when it has none of that key. */
export function connectorText(
  kind: string,
  key: string,
  params: Record<string, string> = {},
): string | undefined {
  const text = directory.connectors.get(kind)?.texts[key];
  return text === undefined ? undefined : fillText(text, params);
}

/** Puts values in place of `{name}`. */
export function fillText(text: string, params: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}

const order: ChannelTone[] = ["bad", "warn", "accent", "ok", "neutral"];

/** Worst first, then by name. */
export function byHealth(a: Channel, b: Channel): number {
  const rank = (channel: Channel) => order.indexOf(lookOf(channel).tone);
  return rank(a) - rank(b) || a.handle.localeCompare(b.handle);
}
