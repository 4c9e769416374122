// Regular expressions: PCRE options onto JavaScript's.
import { CommandError } from "./errors.ts";

export function toRegExp(pattern: string, options: string): RegExp {
  for (const option of options)
    if (!"imsxu".includes(option)) throw new CommandError(51108, `invalid flag in regex options: ${option}`);
  const extended = options.includes("x");
  const flags = [...new Set(options)].filter((option) => "ims".includes(option)).join("");
  try {
    return new RegExp(extended ? withoutLayout(pattern) : pattern, flags);
  } catch (error) {
    throw new CommandError(
      51091,
      `Regular expression is invalid: ${error instanceof Error ? error.message : pattern}`,
    );
  }
}

/** The literal every match begins with, for a range of an index; `whole` when nothing else is asked. */
export function literalPrefix(pattern: string, options: string): { text: string; whole: boolean } | null {
  if (!pattern.startsWith("^") || /[imxs]/.test(options) || pattern.includes("|")) return null;
  let text = "";
  let at = 1;
  while (at < pattern.length) {
    const literal = LITERAL.exec(pattern.slice(at))?.[0];
    if (literal === undefined) break;
    text += literal.at(-1) ?? "";
    at += literal.length;
  }
  // A quantifier after the last literal makes that one optional.
  const quantified = /^[*?{]/.test(pattern.slice(at));
  const prefix = quantified ? text.slice(0, -1) : text;
  return prefix === "" ? null : { text: prefix, whole: at === pattern.length };
}

const LITERAL = /^(?:\\[^a-zA-Z0-9]|[^\\^$.|?*+()[\]{}\ud800-\udfff])/;

function withoutLayout(pattern: string): string {
  return pattern.replace(/(\\.)|\s+|#.*$/gm, (_match, escaped: string | undefined) => escaped ?? "");
}
