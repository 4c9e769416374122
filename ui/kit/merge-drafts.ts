/** Two people changed the same settings: what each of them changed, put together. */

export interface Merged<T> {
  value: T;
  /** Where both changed the same thing to something else; there `value` is mine. Paths such as `texts.title.en`. */
  clashes: string[];
}

/** `base` is what both began with. Objects are merged name by name; lists and plain values are taken whole. */
export function mergeDrafts<T>(base: T, mine: T, theirs: T, path = ""): Merged<T> {
  if (isSame(mine, theirs) || isSame(base, theirs)) return { value: mine, clashes: [] };
  if (isSame(base, mine)) return { value: theirs, clashes: [] };
  if (!isPlain(mine) || !isPlain(theirs)) return { value: mine, clashes: [path] };
  const former: Record<string, unknown> = isPlain(base) ? base : {};
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
  const parts = names.map((name) => {
    const at = path ? `${path}.${name}` : name;
    return [name, mergeDrafts(former[name], mine[name], theirs[name], at)] as const;
  });
  const kept = parts.filter(([, part]) => part.value !== undefined);
  return {
    value: Object.fromEntries(kept.map(([name, part]) => [name, part.value])) as T,
    clashes: parts.flatMap(([, part]) => part.clashes),
  };
}

/** By content, in whatever order the names stand. */
export function isSame(one: unknown, other: unknown): boolean {
  if (isPlain(one) && isPlain(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => isSame(one[name], other[name]));
  }
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  return one === other;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
