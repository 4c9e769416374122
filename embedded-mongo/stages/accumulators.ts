// The accumulators of $group.
import type { Collation } from "../collation.ts";
import { compare } from "../compare.ts";
import { CommandError, notSupported } from "../errors.ts";
import { isNullish } from "../expressions/nullish.ts";
import { divideNumbers } from "../expressions/operators.ts";
import { encodeKey } from "../keys.ts";
import { add } from "../numbers.ts";
import {
  isDocument,
  isNumber,
  MISSING,
  type Document,
  type MaybeValue,
  type NumberValue,
  type Value,
} from "../values.ts";

/** Takes the values of one group one after another. */
export interface Accumulator {
  add(value: MaybeValue): void;
  result(): Value;
}

export function accumulatorFactory(name: string, collation: Collation | undefined): () => Accumulator {
  const make = ACCUMULATORS[name];
  if (make) return () => make(collation);
  if (ABSENT.has(name)) throw notSupported(`the group operator ${name}`);
  throw new CommandError(15952, `unknown group operator '${name}'`);
}

const ACCUMULATORS: Record<string, (collation: Collation | undefined) => Accumulator> = {
  $sum: () => folding<NumberValue>(0, (sum, value) => (isNumber(value) ? add(sum, value) : sum)),
  $count: () => folding<NumberValue>(0, (count) => add(count, 1)),
  $avg: averaging,
  $min: (collation) => choosing((next, best) => compare(next, best, collation) < 0),
  $max: (collation) => choosing((next, best) => compare(next, best, collation) > 0),
  $first: () => positional((held) => held),
  $last: () => positional((_held, next) => next),
  $push: () => collecting((items, value) => void items.push(value)),
  $addToSet: distinct,
  $mergeObjects: merging,
};

const ABSENT = new Set([
  "$accumulator",
  "$bottom",
  "$bottomN",
  "$firstN",
  "$lastN",
  "$maxN",
  "$median",
  "$minN",
  "$percentile",
  "$stdDevPop",
  "$stdDevSamp",
  "$top",
  "$topN",
]);

function folding<T extends Value>(start: T, combine: (held: T, value: MaybeValue) => T): Accumulator {
  let held = start;
  return {
    add: (value) => void (held = combine(held, value)),
    result: () => held,
  };
}

function averaging(): Accumulator {
  let sum: NumberValue = 0;
  let count = 0;
  return {
    add: (value) => {
      if (!isNumber(value)) return;
      sum = add(sum, value);
      count++;
    },
    result: () => (count === 0 ? null : divideNumbers(sum, count)),
  };
}

function choosing(isBetter: (next: Value, best: Value) => boolean): Accumulator {
  let best: Value = null;
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (best === null || isBetter(value, best)) best = value;
    },
    result: () => best,
  };
}

function positional(choose: (held: Value, next: Value) => Value): Accumulator {
  let held: { value: Value } | null = null;
  return {
    add: (value) => {
      const next = value === MISSING ? null : value;
      held = { value: held ? choose(held.value, next) : next };
    },
    result: () => held?.value ?? null,
  };
}

function collecting(take: (items: Value[], value: Value) => void): Accumulator {
  const items: Value[] = [];
  return {
    add: (value) => {
      if (value !== MISSING) take(items, value);
    },
    result: () => items,
  };
}

function distinct(collation: Collation | undefined): Accumulator {
  const seen = new Set<string>();
  return collecting((items, value) => {
    const key = encodeKey([value], [], collation).toString("latin1");
    if (!seen.has(key)) items.push(value);
    seen.add(key);
  });
}

function merging(): Accumulator {
  const merged: Document = new Map();
  return {
    add: (value) => {
      if (isNullish(value)) return;
      if (!isDocument(value)) throw new CommandError(40400, "$mergeObjects requires object inputs");
      for (const [name, item] of value) merged.set(name, item);
    },
    result: () => merged,
  };
}
