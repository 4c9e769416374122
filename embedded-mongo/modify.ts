// Update statements: from the documents a query finds to their new content.
import { ObjectId } from "bson";
import { decode, encode } from "./bson.ts";
import type { Collation } from "./collation.ts";
import type { Collection, Stored } from "./collection.ts";
import { equal } from "./compare.ts";
import { CommandError, failedToParse } from "./errors.ts";
import type { Variables } from "./expressions/compile.ts";
import { elementMatcher, parseArrayFilters, type ArrayFilters } from "./positional.ts";
import { runQuery, type Query } from "./query.ts";
import { compileUpdatePipeline } from "./update-pipeline.ts";
import { applyUpdate, checkArrayFiltersUsed, immutableId, parseUpdate } from "./update.ts";
import { documentFromQuery } from "./upsert.ts";
import { isDocument, type Document, type Value } from "./values.ts";

export interface UpdateStatement {
  query: Query;
  /** A replacement, a document of update operators, or a pipeline. */
  update: Value;
  multi: boolean;
  upsert: boolean;
  arrayFilters: readonly Value[];
  collation: Collation | undefined;
  variables: Variables;
}

export interface UpdateResult {
  matched: number;
  modified: number;
  /** The `_id` of the document an upsert made. */
  upserted: Value;
  didUpsert: boolean;
  /** The last document touched, before and after. */
  before: Document | null;
  after: Document | null;
}

/** How one update changes documents; `touched` names the top-level fields it may have written, if it knows. */
interface Change {
  apply: (document: Document, inserting: boolean) => { after: Document; touched?: Set<string> };
}

export function runUpdate(collection: Collection, statement: UpdateStatement): UpdateResult {
  const change = parseChange(statement);
  const result: UpdateResult = {
    matched: 0,
    modified: 0,
    upserted: null,
    didUpsert: false,
    before: null,
    after: null,
  };
  for (const stored of targets(collection, statement)) updateOne(collection, stored, change, result);
  if (result.matched === 0 && statement.upsert) upsert(collection, statement, change, result);
  return result;
}

// All targets are found before the first is changed, so that no document is met again where its change moved it.
function targets(collection: Collection, { query, multi }: UpdateStatement): Stored[] {
  return [...runQuery(collection, multi ? query : { ...query, limit: 1 })];
}

function updateOne(collection: Collection, stored: Stored, change: Change, result: UpdateResult): void {
  const before = decode(stored.raw);
  const { after, touched } = change.apply(decode(stored.raw), false);
  checkSameId(before, after);
  if (collection.replace(stored, before, after, touched)) result.modified++;
  result.matched++;
  result.before = before;
  result.after = after;
}

function upsert(
  collection: Collection,
  { query }: UpdateStatement,
  change: Change,
  result: UpdateResult,
): void {
  const start = documentFromQuery(query.filter);
  const { after } = change.apply(start, true);
  const id = after.has("_id") ? after.get("_id") : new ObjectId();
  after.delete("_id");
  result.after = collection.insert(encode(new Map([["_id", id], ...after])));
  result.upserted = id;
  result.didUpsert = true;
}

function checkSameId(before: Document, after: Document): void {
  if (!equal(before.get("_id"), after.get("_id"))) throw immutableId("_id");
}

function parseChange(statement: UpdateStatement): Change {
  const { update, multi } = statement;
  if (Array.isArray(update)) return pipelineChange(update, statement);
  if (!isDocument(update)) throw failedToParse("Update argument must be either an object or an array");
  const [first] = update.keys();
  if (first?.startsWith("$")) return operatorChange(update, statement);
  if (multi) throw failedToParse("multi update is not supported for replacement-style update");
  if (statement.arrayFilters.length > 0)
    throw failedToParse("arrayFilters may not be specified for replacements");
  return replacementChange(update);
}

function operatorChange(update: Document, { query, arrayFilters, collation }: UpdateStatement): Change {
  const modifiers = parseUpdate(update);
  const filters: ArrayFilters = parseArrayFilters(arrayFilters, collation);
  checkArrayFiltersUsed(modifiers, filters);
  return {
    apply: (document, inserting) => {
      const matchedElement = elementMatcher(query.filter, document, collation);
      const options = { inserting, arrayFilters: filters, matchedElement, collation };
      return { touched: applyUpdate(document, modifiers, options), after: document };
    },
  };
}

function pipelineChange(pipeline: readonly Value[], statement: UpdateStatement): Change {
  if (statement.arrayFilters.length > 0)
    throw failedToParse("arrayFilters may not be specified for pipeline-syle updates");
  const apply = compileUpdatePipeline(pipeline, statement.variables, statement.collation);
  return { apply: (document) => ({ after: withId(document, apply(document)) }) };
}

function replacementChange(replacement: Document): Change {
  for (const name of replacement.keys())
    if (name.startsWith("$"))
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${name}' is not allowed in the context of an update's replacement document.`,
      );
  return { apply: (document) => ({ after: withId(document, replacement) }) };
}

// `_id` comes first, and is the old one unless the new content names another, which is then refused.
function withId(before: Document, after: Document): Document {
  const id = after.has("_id") ? after.get("_id") : before.get("_id");
  if (id === undefined && !before.has("_id") && !after.has("_id")) return new Map(after);
  return new Map([["_id", id], ...[...after].filter(([name]) => name !== "_id")]);
}
