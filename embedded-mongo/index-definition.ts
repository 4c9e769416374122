// What an index is: its specification as given, checked and read once.
import { plainText } from "./format.ts";
import { type Collation, parseCollation } from "./collation.ts";
import { CommandError, notSupported } from "./errors.ts";
import { keyRows } from "./index-keys.ts";
import { encodeKey, type Direction } from "./keys.ts";
import { compileFilter, type Matcher } from "./match.ts";
import { equal } from "./compare.ts";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  type Document,
  type Value,
  emptyDocument,
} from "./values.ts";

export interface IndexField {
  readonly path: string;
  readonly parts: readonly string[];
  readonly direction: Direction;
}

export interface IndexEntries {
  keys: Buffer[];
  multikey: number;
}

export class Index {
  readonly id: number;
  readonly spec: Document;
  readonly name: string;
  readonly fields: readonly IndexField[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly collation: Collation | undefined;
  readonly partialFilter: Document | undefined;
  /** Bit i is set once any document reached field i through an array. */
  multikey: number;
  readonly #partial: Matcher | undefined;
  readonly #paths: readonly (readonly string[])[];
  readonly #directions: readonly Direction[];

  constructor(id: number, spec: Document, multikey = 0) {
    this.id = id;
    this.spec = spec;
    this.name = plainText(spec.get("name"));
    this.fields = fieldsOf(keyPatternOf(spec));
    this.unique = this.name === "_id_" || isTruthy(spec.get("unique"));
    this.sparse = isTruthy(spec.get("sparse"));
    this.collation = parseCollation(spec.get("collation"));
    const partial = spec.get("partialFilterExpression");
    this.partialFilter = isDocument(partial) ? partial : undefined;
    this.#partial = this.partialFilter && compileFilter(this.partialFilter, { collation: this.collation });
    this.multikey = multikey;
    this.#paths = this.fields.map((field) => field.parts);
    this.#directions = this.fields.map((field) => field.direction);
  }

  get table(): string {
    return `i${String(this.id)}`;
  }

  get keyPattern(): Document {
    return keyPatternOf(this.spec);
  }

  get expireAfterSeconds(): number | null {
    const seconds = this.spec.get("expireAfterSeconds");
    return isNumber(seconds) ? toNumber(seconds) : null;
  }

  get roots(): Set<string> {
    return new Set(this.fields.map((field) => field.parts[0] ?? ""));
  }

  /** False when a change of these top-level fields cannot change the document's keys. */
  dependsOn(roots: ReadonlySet<string>): boolean {
    return this.#partial !== undefined || this.#paths.some(([root]) => roots.has(root ?? ""));
  }

  entriesOf(document: Document): IndexEntries {
    if (this.#partial && !this.#partial(document)) return { keys: [], multikey: 0 };
    const { rows, multikey } = keyRows(document, this.#paths);
    if (this.sparse && rows.every((row) => row.every((value) => value === MISSING)))
      return { keys: [], multikey };
    const keys = rows.map((row) => this.#encode(row.map((value) => (value === MISSING ? null : value))));
    return { keys: keys.length > 1 ? distinct(keys) : keys, multikey };
  }

  /** The values that produced a key of this document, for the message of a duplicate. */
  valuesOf(document: Document, key: Buffer): Document {
    const { rows } = keyRows(document, this.#paths);
    const values = rows.map((row) => row.map((value) => (value === MISSING ? null : value)));
    const row = values.find((candidate) => this.#encode(candidate).equals(key)) ?? [];
    return new Map(this.fields.map(({ path }, i) => [path, row[i]]));
  }

  #encode(row: readonly Value[]): Buffer {
    return encodeKey(row, this.#directions, this.collation);
  }
}

/** Completes a specification as the server does, or throws 67, 72 or 115 for one it cannot hold. */
export function completeSpec(given: Document): Document {
  const key = given.get("key");
  if (!isDocument(key) || key.size === 0) throw cannotCreate("Index keys cannot be an empty object");
  for (const [path, kind] of key) checkField(path, kind);
  for (const option of given.keys()) checkOption(option);
  const spec: Document = new Map([["v", 2], ...given]);
  spec.set("name", given.get("name") ?? defaultName(key));
  for (const dropped of ["ns", "background"]) spec.delete(dropped);
  checkCombination(spec, key);
  return spec;
}

export function sameOptions(a: Document, b: Document): boolean {
  return DISTINGUISHING.every((name) => equal(a.get(name) ?? null, b.get(name) ?? null));
}

/** The same fields in the same order and directions. */
export function samePattern(a: Document, b: Document): boolean {
  return a.size === b.size && equal([...a.keys()], [...b.keys()]) && equal([...a.values()], [...b.values()]);
}

const DISTINGUISHING = ["unique", "sparse", "partialFilterExpression", "expireAfterSeconds", "collation"];
const KNOWN = new Set([...DISTINGUISHING, "v", "key", "name", "ns", "background"]);
const KNOWN_ELSEWHERE = new Set([
  "hidden",
  "storageEngine",
  "weights",
  "default_language",
  "language_override",
  "wildcardProjection",
  "prepareUnique",
]);

function checkField(path: string, kind: Value): void {
  if (path === "" || path.split(".").includes(""))
    throw cannotCreate("Index keys cannot contain an empty field.");
  if (typeof kind === "string") throw notSupported(`an index of kind "${kind}"`);
  if (!isNumber(kind) || toNumber(kind) === 0)
    throw cannotCreate(`Values in v:2 index key pattern must be numbers above or below zero: ${path}`);
  if (path.includes("$**")) throw notSupported("a wildcard index");
  if (path.startsWith("$"))
    throw cannotCreate("Index key contains an illegal field name: field name starts with '$'.");
}

function checkOption(option: string): void {
  if (KNOWN.has(option)) return;
  if (KNOWN_ELSEWHERE.has(option)) throw notSupported(`the index option ${option}`);
  throw new CommandError(72, `The field '${option}' is not valid for an index specification`);
}

function checkCombination(spec: Document, key: Document): void {
  if (isTruthy(spec.get("sparse")) && spec.has("partialFilterExpression"))
    throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
  if (!spec.has("expireAfterSeconds")) return;
  if (key.size > 1)
    throw cannotCreate("TTL indexes are single-field indexes, compound indexes do not support TTL");
  const seconds = spec.get("expireAfterSeconds");
  if (!isNumber(seconds) || toNumber(seconds) < 0)
    throw cannotCreate("TTL index 'expireAfterSeconds' option must be a number of seconds, zero or more");
}

function defaultName(key: Document): string {
  return [...key]
    .map(([path, kind]) => `${path}_${isNumber(kind) ? String(toNumber(kind)) : plainText(kind)}`)
    .join("_");
}

function cannotCreate(message: string): CommandError {
  return new CommandError(67, message);
}

function keyPatternOf(spec: Document): Document {
  const key = spec.get("key");
  return isDocument(key) ? key : emptyDocument();
}

function fieldsOf(key: Document): IndexField[] {
  return [...key].map(([path, kind]) => ({
    path,
    parts: path.split("."),
    direction: isNumber(kind) && toNumber(kind) < 0 ? -1 : 1,
  }));
}

function distinct(keys: Buffer[]): Buffer[] {
  return [...new Map(keys.map((key) => [key.toString("latin1"), key])).values()];
}
