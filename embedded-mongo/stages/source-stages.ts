// Stages that begin a pipeline and bring their own documents.
import { CommandError } from "../errors.ts";
import { evaluateConstant } from "../expressions/compile.ts";
import { documentOf, isDocument, type Document, type Value } from "../values.ts";
import type { PipelineContext } from "./stage.ts";

type Source = (operand: Value, context: PipelineContext, collectionName: string | null) => Iterable<Document>;

export const SOURCE_STAGES: Record<string, Source> = {
  $documents: (operand) => {
    const documents = evaluateConstant(operand);
    if (Array.isArray(documents) && documents.every(isDocument)) return documents;
    throw new CommandError(5858203, "an array of documents is expected by $documents");
  },
  $collStats: (_operand, { store, database }, collectionName) => {
    const collection = store.catalog.find(database, collectionName ?? "");
    const count = collection?.count() ?? 0;
    const ns = `${database}.${collectionName ?? ""}`;
    return [documentOf({ ns, count, storageStats: documentOf({ count, capped: false }) })];
  },
  $indexStats: (_operand, { store, database }, collectionName) => {
    const indexes = store.catalog.find(database, collectionName ?? "")?.indexes ?? [];
    return indexes.map((index) => documentOf({ name: index.name, key: index.keyPattern, spec: index.spec }));
  },
  // Sessions are not kept: there is the one that asks.
  $listLocalSessions: () => [documentOf({ _id: new Map(), lastUse: new Date() })],
};
