// $out and $merge: the end of a pipeline that writes.
import { ObjectId } from "bson";
import { decode, encode } from "../bson.ts";
import type { Collection } from "../collection.ts";
import { CommandError, notSupported } from "../errors.ts";
import { equal } from "../compare.ts";
import { runUpdate } from "../modify.ts";
import { findFirst, type Query } from "../query.ts";
import { getAt } from "../paths.ts";
import { isDocument, MISSING, type Document, type Value } from "../values.ts";
import type { PipelineContext } from "./stage.ts";

export type Output = (documents: Iterable<Document>) => void;

export const OUTPUT_STAGES: ReadonlySet<string> = new Set(["$out", "$merge"]);

export function compileOutput(name: string, operand: Value, context: PipelineContext): Output {
  return name === "$out" ? compileOut(operand, context) : compileMerge(operand, context);
}

function compileOut(operand: Value, { store, database }: PipelineContext): Output {
  const [db, coll] = targetOf("$out", operand, database);
  return (documents) => {
    // Read to the end first: the target may be the source.
    const raw = [...documents].map((document) => encode(document));
    const old = store.catalog.find(db, coll);
    const specs = old?.indexes.map((index) => index.spec).filter((spec) => spec.get("name") !== "_id_") ?? [];
    if (old) store.catalog.drop(old);
    const target = store.catalog.ensure(db, coll);
    for (const spec of specs) store.catalog.createIndex(target, spec);
    for (const document of raw) target.insert(document);
  };
}

interface Merge {
  on: string[];
  whenMatched: Value;
  whenNotMatched: Value;
}

const MATCHED = new Set<Value>(["replace", "keepExisting", "merge", "fail"]);
const NOT_MATCHED = new Set<Value>(["insert", "discard", "fail"]);

function compileMerge(operand: Value, { store, database }: PipelineContext): Output {
  const spec: Document = isDocument(operand) ? operand : new Map([["into", operand]]);
  for (const name of spec.keys())
    if (!MERGE_FIELDS.has(name))
      throw new CommandError(40415, `BSON field '$merge.${name}' is an unknown field.`);
  const [db, coll] = targetOf("$merge", spec.get("into"), database);
  const merge = parseMerge(spec);
  return (documents) => {
    const all = [...documents];
    const target = store.catalog.ensure(db, coll);
    checkUnique(target, merge.on);
    for (const document of all) mergeOne(target, merge, document);
  };
}

const MERGE_FIELDS = new Set(["into", "on", "let", "whenMatched", "whenNotMatched"]);

function parseMerge(spec: Document): Merge {
  const on = spec.get("on") ?? "_id";
  const whenMatched = spec.get("whenMatched") ?? "merge";
  const whenNotMatched = spec.get("whenNotMatched") ?? "insert";
  if (!Array.isArray(whenMatched) && !MATCHED.has(whenMatched))
    throw new CommandError(2, "unknown $merge whenMatched mode");
  if (!NOT_MATCHED.has(whenNotMatched)) throw new CommandError(2, "unknown $merge whenNotMatched mode");
  if (spec.has("let")) throw notSupported("$merge with let");
  return { on: (Array.isArray(on) ? on : [on]).map(String), whenMatched, whenNotMatched };
}

function checkUnique(target: Collection, on: readonly string[]): void {
  const isUnique = target.indexes.some(
    (index) =>
      index.unique && !index.partialFilter && equal([...index.keyPattern.keys()].sort(), [...on].sort()),
  );
  if (!isUnique) throw new CommandError(51183, "Cannot find index to verify that join fields will be unique");
}

function mergeOne(target: Collection, merge: Merge, given: Document): void {
  const document: Document = given.has("_id")
    ? given
    : new Map<string, Value>([["_id", new ObjectId()], ...given]);
  const query: Query = { filter: new Map(merge.on.map((path) => [path, joinValue(document, path)])) };
  const found = findFirst(target, query);
  if (found) mergeInto(target, merge, query, document, decode(found.raw));
  else if (merge.whenNotMatched === "insert") target.insert(encode(document));
  else if (merge.whenNotMatched === "fail")
    throw new CommandError(
      13113,
      "$merge could not find a matching document in the target collection for at least one document in the source collection",
    );
}

function joinValue(document: Document, path: string): Value {
  const value = getAt(document, path.split("."));
  if (value === MISSING || value === null || value === undefined || Array.isArray(value))
    throw new CommandError(
      51132,
      `$merge write error: 'on' field '${path}' cannot be missing, null, undefined or an array`,
    );
  return value;
}

function mergeInto(
  target: Collection,
  { whenMatched }: Merge,
  query: Query,
  document: Document,
  existing: Document,
): void {
  if (whenMatched === "keepExisting") return;
  if (whenMatched === "fail") {
    const keyPattern = new Map([...query.filter.keys()].map((path) => [path, 1]));
    throw new CommandError(11000, "$merge found a document that matches and whenMatched is 'fail'", {
      keyPattern,
      keyValue: query.filter,
    });
  }
  const id = existing.get("_id");
  const fields = [...document].filter(([name]) => name !== "_id");
  const merged: Document = new Map([...(whenMatched === "replace" ? [] : existing), ...fields]);
  merged.set("_id", id);
  runUpdate(target, {
    query,
    update: Array.isArray(whenMatched) ? whenMatched : merged,
    multi: false,
    upsert: false,
    arrayFilters: [],
    collation: undefined,
    variables: new Map([["new", document]]),
  });
}

function targetOf(stage: string, operand: Value, database: string): [string, string] {
  if (typeof operand === "string") return [database, operand];
  const db = isDocument(operand) ? (operand.get("db") ?? database) : undefined;
  const coll = isDocument(operand) ? operand.get("coll") : undefined;
  if (typeof db !== "string" || typeof coll !== "string")
    throw new CommandError(16990, `${stage} needs the name of a collection`);
  return [db, coll];
}
