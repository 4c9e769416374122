import type { Collation } from "../collation.ts";
import type { Variables } from "../expressions/compile.ts";
import type { Store } from "../store.ts";
import type { Document, Value } from "../values.ts";

/** Turns a stream of documents into another, reading no more than it is asked for. */
export type Stage = (documents: Iterable<Document>) => Iterable<Document>;

/** What a pipeline runs in. */
export interface PipelineContext {
  store: Store;
  database: string;
  collation: Collation | undefined;
  variables: Variables;
  deadline: number | undefined;
}

/** A pipeline on a collection of the context's database, as $lookup and $unionWith run it. */
export type RunPipeline = (
  context: PipelineContext,
  collectionName: string,
  pipeline: readonly Value[],
) => Iterable<Document>;

export type CompileStage = (operand: Value, context: PipelineContext, run: RunPipeline) => Stage;
