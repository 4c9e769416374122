// What a rule may ask for: how each condition is compared, and what stands in a new one.
import type { Condition, Rule } from "../../schema.ts";

export type What = Condition["what"];
export type How = Condition["how"];

export interface ConditionKind {
  how: How[];
  value: string;
  /** What the value is chosen from, or typed as. */
  input:
    | "path"
    | "seconds"
    | "percent"
    | "none"
    | "host"
    | "utm"
    | "device"
    | "countries"
    | "languages"
    | "hours"
    | "number";
}

export const conditionKinds: Record<What, ConditionKind> = {
  page: { how: ["starts", "is", "contains", "not_contains"], value: "/", input: "path" },
  time: { how: ["at_least"], value: "20", input: "seconds" },
  scroll: { how: ["at_least"], value: "50", input: "percent" },
  exit: { how: ["is"], value: "", input: "none" },
  source: { how: ["is", "not"], value: "instagram.com", input: "host" },
  utm: { how: ["is", "not"], value: "source=", input: "utm" },
  device: { how: ["is", "not"], value: "phone", input: "device" },
  country: { how: ["is", "not"], value: "", input: "countries" },
  language: { how: ["is", "not"], value: "", input: "languages" },
  hours: { how: ["is"], value: "open", input: "hours" },
  visits: { how: ["at_least", "at_most"], value: "2", input: "number" },
};
export const whats = Object.keys(conditionKinds) as What[];

export function newCondition(what: What): Condition {
  const { how, value } = conditionKinds[what];
  return { what, how: how[0] ?? "is", value };
}

/** A rule to begin with: half a minute on any page. */
export function newRule(id: string, name: string): Rule {
  return {
    id,
    name,
    on: true,
    conditions: [{ what: "time", how: "at_least", value: "25" }],
    greeting: {},
    answers: [],
    from: null,
    every: "week",
  };
}

type Say = (key: string, params?: Record<string, unknown>) => string;

/** "page starts with /mugs/, 25 s" */
export function describeRule({ conditions }: Rule, say: Say): string {
  if (conditions.length === 0) return say("widget.triggers.always");
  return conditions.map((one) => describeCondition(one, say)).join(", ");
}

function describeCondition({ what, how, value }: Condition, say: Say): string {
  if (what === "exit") return say("widget.triggers.brief.exit");
  if (what === "hours") return say(`widget.triggers.brief.${value === "open" ? "open" : "closed"}`);
  if (what === "visits")
    return say(`widget.triggers.brief.visits_${how === "at_most" ? "at_most" : "at_least"}`, { value });
  if (what === "time" || what === "scroll") return say(`widget.triggers.brief.${what}`, { value });
  const shown =
    what === "device"
      ? value
          .split(",")
          .map((one) => say(`widget.triggers.device.${one.trim()}`))
          .join(", ")
      : value || say("widget.triggers.brief.none");
  return say("widget.triggers.brief.other", {
    what: say(`widget.triggers.what.${what}`),
    how: say(`widget.triggers.how.${how}`),
    value: shown,
  });
}
