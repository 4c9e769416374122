// Stages that filter, order, cut and unfold the stream.
import { CommandError } from "../errors.ts";
import { compileFilter } from "../match.ts";
import { getAt, setAt } from "../paths.ts";
import { parseSort, sortInMemory, sortKey } from "../sort.ts";
import { encode } from "../bson.ts";
import {
  documentOf,
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  type Document,
  type Value,
} from "../values.ts";
import { compileGroup } from "./group.ts";
import type { CompileStage, Stage } from "./stage.ts";

export const STREAM_STAGES: Record<string, CompileStage> = {
  $match: (operand, { collation, variables }) => {
    if (!isDocument(operand))
      throw new CommandError(15959, "the match filter must be an expression in an object");
    const matches = compileFilter(operand, { collation, variables });
    return (documents) => filter(documents, matches);
  },
  $sort: (operand, { collation }) => {
    if (!isDocument(operand) || operand.size === 0)
      throw new CommandError(15976, "$sort stage must have at least one sort key");
    const fields = parseSort(operand);
    return (documents) =>
      sortInMemory(
        documents,
        (document) => sortKey(document, fields, collation),
        (document) => encode(document).length,
      );
  },
  $skip: (operand) => {
    const count = wholeNumber("$skip", operand, 0);
    return (documents) => skip(documents, count);
  },
  $limit: (operand) => {
    const count = wholeNumber("$limit", operand, 1);
    return (documents) => take(documents, count);
  },
  $count: (operand) => {
    if (typeof operand !== "string" || operand === "" || /[$.]/.test(operand))
      throw new CommandError(40156, "the count field must be a non-empty string without '$' and '.'");
    return (documents) => count(documents, operand);
  },
  $unwind: (operand) => compileUnwind(operand),
  $sortByCount: (operand, context, run) => {
    const group = compileGroup(documentOf({ _id: operand, count: documentOf({ $sum: 1 }) }), context);
    const sort = STREAM_STAGES["$sort"]?.(documentOf({ count: -1 }), context, run);
    return (documents) => sort?.(group(documents)) ?? [];
  },
  $sample: (operand) => {
    const size = wholeNumber("$sample size", isDocument(operand) ? operand.get("size") : undefined, 1);
    return (documents) => shuffled([...documents]).slice(0, size);
  },
};

export function wholeNumber(name: string, operand: Value, least: number): number {
  const number = isNumber(operand) ? toNumber(operand) : NaN;
  if (Number.isInteger(number) && number >= least) return number;
  throw new CommandError(
    15958,
    `invalid argument to ${name} stage: Expected a whole number from ${String(least)}`,
  );
}

function* filter(
  documents: Iterable<Document>,
  matches: (document: Document) => boolean,
): Generator<Document> {
  for (const document of documents) if (matches(document)) yield document;
}

function* skip(documents: Iterable<Document>, count: number): Generator<Document> {
  let position = 0;
  for (const document of documents) if (position++ >= count) yield document;
}

function* take(documents: Iterable<Document>, count: number): Generator<Document> {
  let taken = 0;
  for (const document of documents) {
    yield document;
    if (++taken >= count) return;
  }
}

function* count(documents: Iterable<Document>, field: string): Generator<Document> {
  let total = 0;
  for (const _document of documents) total++;
  if (total > 0) yield documentOf({ [field]: total });
}

function compileUnwind(operand: Value): Stage {
  const options = isDocument(operand) ? operand : documentOf({ path: operand });
  for (const name of options.keys())
    if (!UNWIND_OPTIONS.has(name))
      throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`);
  const path = options.get("path");
  if (typeof path !== "string" || !path.startsWith("$"))
    throw new CommandError(28818, "path option to $unwind stage should be prefixed with a '$'");
  const parts = path.slice(1).split(".");
  const keepEmpty = isTruthy(options.get("preserveNullAndEmptyArrays"));
  const indexField = options.get("includeArrayIndex");
  return function* (documents) {
    for (const document of documents)
      yield* unwind(document, parts, keepEmpty, typeof indexField === "string" ? indexField : undefined);
  };
}

const UNWIND_OPTIONS = new Set(["path", "includeArrayIndex", "preserveNullAndEmptyArrays"]);

function* unwind(
  document: Document,
  parts: readonly string[],
  keepEmpty: boolean,
  indexField: string | undefined,
): Generator<Document> {
  const value = getAt(document, parts);
  const items = Array.isArray(value) ? value : null;
  const isEmpty = value === MISSING || value === null || value === undefined || items?.length === 0;
  if (isEmpty) {
    if (keepEmpty) yield withIndex(items ? without(document, parts) : document, indexField, null);
    return;
  }
  if (!items) yield withIndex(document, indexField, null);
  for (const [i, item] of (items ?? []).entries())
    yield withIndex(replaced(document, parts, item), indexField, BigInt(i));
}

function withIndex(document: Document, field: string | undefined, index: bigint | null): Document {
  if (field === undefined) return document;
  const result: Document = new Map(document);
  setAt(result, field.split("."), index);
  return result;
}

function replaced(document: Document, parts: readonly string[], item: Value): Document {
  const [part = "", ...rest] = parts;
  const result: Document = new Map(document);
  const inner = document.get(part);
  result.set(part, rest.length > 0 && isDocument(inner) ? replaced(inner, rest, item) : item);
  return result;
}

function without(document: Document, parts: readonly string[]): Document {
  const [part = "", ...rest] = parts;
  const result: Document = new Map(document);
  const inner = document.get(part);
  if (rest.length > 0 && isDocument(inner)) result.set(part, without(inner, rest));
  else result.delete(part);
  return result;
}

function shuffled(documents: Document[]): Document[] {
  const keyed = documents.map((document) => ({ document, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ document }) => document);
}
