// Updates written as an aggregation pipeline.
import type { Collation } from "./collation.ts";
import { CommandError, failedToParse } from "./errors.ts";
import type { Variables } from "./expressions/compile.ts";
import { compileDocumentStage } from "./stages/document-stages.ts";
import { isDocument, type Document, type Value } from "./values.ts";

const ALLOWED = new Set(["$set", "$addFields", "$unset", "$project", "$replaceRoot", "$replaceWith"]);

export function compileUpdatePipeline(
  pipeline: readonly Value[],
  variables: Variables,
  collation: Collation | undefined,
): (document: Document) => Document {
  const stages = pipeline.map((stage) => {
    const [name, operand] = isDocument(stage) && stage.size === 1 ? ([...stage][0] ?? []) : [];
    if (name === undefined)
      throw failedToParse("A pipeline stage specification object must contain exactly one field.");
    if (!ALLOWED.has(name)) throw new CommandError(72, `${name} is not allowed to be used within an update`);
    return compileDocumentStage(name, operand, collation);
  });
  return (document) => stages.reduce((current, stage) => stage(current, variables), document);
}
