// Collations of strength 1 and 2: strings are folded before they are compared or indexed.
import { failedToParse, notSupported } from "./errors.ts";
import { isDocument, isNumber, toNumber, type Value } from "./values.ts";

/** Strength 1 ignores case and accents, strength 2 ignores case alone. */
export interface Collation {
  readonly strength: 1 | 2;
  readonly locale: string;
}

/** The simple collation (plain bytes) is undefined; anything finer than strength 2 is refused. */
export function parseCollation(value: Value): Collation | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw failedToParse("collation must be a document");
  if (value.size === 0) return undefined;
  const locale = value.get("locale");
  if (typeof locale !== "string") throw failedToParse("Missing expected field 'collation.locale'");
  if (locale === "simple") return undefined;
  for (const [name, option] of value) refuseUnlessDefault(name, option);
  const strength = value.get("strength");
  const level = isNumber(strength) ? toNumber(strength) : 3;
  if (level !== 1 && level !== 2) throw notSupported(`a collation of strength ${String(level)}`);
  return { strength: level, locale };
}

export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  return a?.strength === b?.strength;
}

/** Two strings are equal under the collation when their folded forms are equal. */
export function fold(text: string, collation: Collation): string {
  const lower = text.normalize("NFD").toLowerCase();
  return collation.strength === 1 ? lower.replace(/\p{M}/gu, "") : lower;
}

const DEFAULTS: Record<string, Value> = {
  caseLevel: false,
  caseFirst: "off",
  numericOrdering: false,
  alternate: "non-ignorable",
  maxVariable: "punct",
  normalization: false,
  backwards: false,
};
const READ = new Set(["locale", "strength", "version"]);

function refuseUnlessDefault(name: string, option: Value): void {
  if (READ.has(name)) return;
  if (!(name in DEFAULTS)) throw failedToParse(`BSON field 'collation.${name}' is an unknown field.`);
  if (DEFAULTS[name] !== option) throw notSupported(`the collation option ${name}`);
}
