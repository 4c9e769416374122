// When a partial or sparse index holds every document a query could ask for.
import type { Clause } from "./bounds.ts";
import { conjunctionOf } from "./bounds.ts";
import { compare, equal } from "./compare.ts";
import { isTruthy, rankOf, RANK, type Document, type Value } from "./values.ts";

/** Whether the clauses of a query can only be met by documents the partial filter takes in. */
export function implies(clauses: readonly Clause[], partialFilter: Document): boolean {
  const partial = conjunctionOf(partialFilter);
  return (
    partial.complete && partial.clauses.every((demand) => clauses.some((clause) => meets(clause, demand)))
  );
}

/** Whether the clauses demand that one of the paths is there. */
export function excludesMissing(clauses: readonly Clause[], paths: readonly string[]): boolean {
  return clauses.some((clause) => paths.includes(clause.path) && demandsPresence(clause));
}

function meets(clause: Clause, demand: Clause): boolean {
  if (clause.path !== demand.path) return false;
  if (clause.operator === demand.operator && equal(clause.operand, demand.operand)) return true;
  if (demand.operator === "$exists") return isTruthy(demand.operand) && demandsPresence(clause);
  // As MongoDB: an equality is within no `$type`, only the same `$type` is.
  if (demand.operator === "$type") return false;
  return valuesOf(clause)?.every((value) => satisfies(value, demand)) ?? isNarrower(clause, demand);
}

function valuesOf({ operator, operand }: Clause): Value[] | null {
  if (operator === "$eq") return [operand];
  return operator === "$in" && Array.isArray(operand) ? operand : null;
}

function satisfies(value: Value, { operator, operand }: Clause): boolean {
  if (Array.isArray(value) || rankOf(value) === RANK.regex) return false;
  if (operator === "$in") return Array.isArray(operand) && operand.some((item) => equal(item, value));
  if (operator === "$eq") return equal(value, operand);
  const accepts = COMPARISONS[operator];
  return accepts !== undefined && rankOf(value) === rankOf(operand) && accepts(compare(value, operand));
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

// `a > 5` lies within `a > 3` and `a >= 5`.
function isNarrower(clause: Clause, demand: Clause): boolean {
  const upwards = clause.operator.startsWith("$gt") && demand.operator.startsWith("$gt");
  const downwards = clause.operator.startsWith("$lt") && demand.operator.startsWith("$lt");
  if (!(upwards || downwards) || rankOf(clause.operand) !== rankOf(demand.operand)) return false;
  const order = compare(clause.operand, demand.operand) * (upwards ? 1 : -1);
  return order > 0 || (order === 0 && !clause.operator.endsWith("e"));
}

function demandsPresence({ operator, operand }: Clause): boolean {
  switch (operator) {
    case "$eq":
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return operand !== null && rankOf(operand) !== RANK.minKey && rankOf(operand) !== RANK.maxKey;
    case "$in":
      return Array.isArray(operand) && !operand.includes(null);
    case "$exists":
      return isTruthy(operand);
    case "$regex":
    case "$elemMatch":
    case "$size":
      return true;
    default:
      return false;
  }
}
