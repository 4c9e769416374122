// The index keys of a document. One array on the way of an index's paths gives one key per element.
import { CommandError } from "./errors.ts";
import { isIndex } from "./paths.ts";
import { isDocument, MISSING, type Document, type MaybeValue } from "./values.ts";

export interface KeyRows {
  rows: MaybeValue[][];
  /** Bit i is set when field i of the index got its values through an array. */
  multikey: number;
}

interface Walk {
  value: MaybeValue;
  rest: readonly string[];
}

export function keyRows(document: Document, paths: readonly (readonly string[])[]): KeyRows {
  const result: KeyRows = { rows: [], multikey: 0 };
  expand(
    paths.map((rest) => walk({ value: document, rest })),
    result,
  );
  return result;
}

function expand(walks: Walk[], result: KeyRows): void {
  const open = walks.filter(isAtArray);
  const array = open[0]?.value;
  if (!Array.isArray(array)) {
    result.rows.push(walks.map((each) => each.value));
    return;
  }
  if (open.some((each) => each.value !== array)) throw new CommandError(171, "cannot index parallel arrays");
  walks.forEach((each, i) => (result.multikey |= open.includes(each) ? 1 << i : 0));
  const items: MaybeValue[] = array.length > 0 ? array : [MISSING];
  for (const item of items)
    expand(
      walks.map((each) => (open.includes(each) ? enter(each, item) : each)),
      result,
    );
}

// A walk that ended inside an array carries this path, so that an array within it is taken as one value.
const ENDED: readonly string[] = ["", ""];

function isAtArray({ value, rest }: Walk): boolean {
  return Array.isArray(value) && rest !== ENDED;
}

function enter({ rest }: Walk, item: MaybeValue): Walk {
  if (rest.length === 0) return { value: item === MISSING ? undefined : item, rest: ENDED };
  return isDocument(item) ? walk({ value: item, rest }) : { value: MISSING, rest: ENDED };
}

function walk({ value, rest }: Walk): Walk {
  let current = value;
  for (const [i, part] of rest.entries()) {
    if (isDocument(current)) current = current.has(part) ? current.get(part) : MISSING;
    else if (Array.isArray(current) && isIndex(part) && Number(part) < current.length)
      current = current[Number(part)];
    else
      return Array.isArray(current)
        ? { value: current, rest: rest.slice(i) }
        : { value: MISSING, rest: ENDED };
  }
  return { value: current, rest: [] };
}
