/**
 * When a greeting shows. What the hub knows of a visit is decided here; what only the page can know (seconds on the page,
 * how far it was scrolled, the pointer leaving) goes with the rule and is waited for there.
 */
import type { Condition, Rule } from "./schema.ts";

/** What is known of a visit when a page is opened. */
export interface RuleFacts {
  url: string;
  referrer?: string | undefined;
  utm: Record<string, string>;
  device: string;
  country?: string | undefined;
  language: string;
  visits: number;
  /** The business is open now. */
  open: boolean;
}

/** The rules whose conditions hold as far as the hub can tell, in their order. */
export function matchRules(rules: Rule[], facts: RuleFacts): Rule[] {
  return rules.filter((rule) => rule.on && rule.conditions.every((condition) => holds(condition, facts)));
}

/** What is left for the page to wait for. */
export function pageConditions(rule: Rule): { time?: number; scroll?: number; exit?: boolean } {
  const number = (what: Condition["what"]): number | undefined => {
    const values = rule.conditions.filter((one) => one.what === what).map((one) => Number(one.value));
    return values.length > 0 ? Math.max(...values.map((value) => (value > 0 ? value : 0))) : undefined;
  };
  const [time, scroll] = [number("time"), number("scroll")];
  return {
    ...(time === undefined ? {} : { time }),
    ...(scroll === undefined ? {} : { scroll: Math.min(scroll, 100) }),
    ...(rule.conditions.some((one) => one.what === "exit") ? { exit: true } : {}),
  };
}

const onPage = new Set<Condition["what"]>(["time", "scroll", "exit"]);

function holds(condition: Condition, facts: RuleFacts): boolean {
  if (onPage.has(condition.what)) return true;
  const found = test(condition, facts);
  return condition.how === "not" || condition.how === "not_contains" ? !found : found;
}

/** Whether the fact is as the condition says; a negation is turned round by the caller. */
function test({ what, how, value }: Condition, facts: RuleFacts): boolean {
  switch (what) {
    case "page":
      return comparePath(pathOf(facts.url), how, value.trim());
    case "source":
      return isUnder(hostOf(facts.referrer), value.trim().toLowerCase());
    case "utm": {
      const [name = "", wanted = ""] = value.split("=").map((part) => part.trim().toLowerCase());
      const told = facts.utm[name]?.toLowerCase();
      return told !== undefined && (wanted === "" || told === wanted);
    }
    case "hours":
      return (value === "open") === facts.open;
    case "visits":
      return how === "at_most" ? facts.visits <= Number(value) : facts.visits >= Number(value);
    case "device":
      return isOneOf(value, facts.device);
    case "country":
      return isOneOf(value, facts.country ?? "");
    case "language":
      return isOneOf(value, facts.language.split("-")[0] ?? "");
    default:
      return true;
  }
}

function comparePath(path: string, how: Condition["how"], value: string): boolean {
  if (how === "starts") return path.startsWith(value);
  if (how === "contains" || how === "not_contains") return path.includes(value);
  return withoutSlash(path) === withoutSlash(value);
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** Path with its query, decoded where it can be: people write `/кружки`. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return "";
  const { pathname, search } = new URL(url);
  try {
    return decodeURI(pathname + search);
  } catch {
    return pathname + search; // broken escapes stay as they are
  }
}

function hostOf(url: string | undefined): string {
  return url && URL.canParse(url) ? new URL(url).hostname.toLowerCase() : "";
}

function isUnder(host: string, name: string): boolean {
  return name === "" ? host === "" : host === name || host.endsWith(`.${name}`);
}

function isOneOf(list: string, value: string): boolean {
  return list
    .split(",")
    .map((one) => one.trim().toLowerCase())
    .includes(value.toLowerCase());
}

/** `utm_source=ig` becomes `{ source: "ig" }`. */
export function readUtm(url: string): Record<string, string> {
  if (!URL.canParse(url)) return {};
  const named = [...new URL(url).searchParams].filter(([name]) => /^utm_[a-z]{1,20}$/.test(name));
  return Object.fromEntries(named.slice(0, 8).map(([name, value]) => [name.slice(4), value.slice(0, 100)]));
}
