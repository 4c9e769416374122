const FAIL_POINT = "fail points are commands for testing mongod itself";
const NULL_ID = "the driver replaces a null _id by one of its own before it sends the document";
const PARTIAL = "the driver reports a result of zeros where the format wants none";
const STRENGTH = "collations finer than strength 2 are refused";

/** Cases of the CRUD tests the embedded store does not pass, each with why that is right for it. */
export const CRUD_SKIPS: { file: string; description: string; reason: string }[] = [
  ...["insertOne", "insertMany", "bulkWrite", "clientBulkWrite"].map((method) => ({
    file: "create-null-ids.json",
    description: `inserting _id with type null via ${method}`,
    reason: NULL_ID,
  })),
  ...[
    "partialResult is unset when first operation fails during an ordered bulk write (verbose)",
    "partialResult is unset when first operation fails during an ordered bulk write (summary)",
    "partialResult is unset when all operations fail during an unordered bulk write",
  ].map((description) => ({ file: "client-bulkWrite-partialResults.json", description, reason: PARTIAL })),
  {
    file: "client-bulkWrite-errors.json",
    description: "a bulk write with only errors does not report a partial result",
    reason: PARTIAL,
  },
  ...[
    ["bulkWrite-errorResponse.json", "bulkWrite operations support errorResponse assertions"],
    ["client-bulkWrite-errorResponse.json", "client bulkWrite operations support errorResponse assertions"],
    ["client-bulkWrite-errors.json", "a top-level failure occurs during a bulkWrite"],
    ["client-bulkWrite-errors.json", "a write concern error occurs during a bulkWrite"],
    ["deleteOne-errorResponse.json", "delete operations support errorResponse assertions"],
    ["estimatedDocumentCount.json", "estimatedDocumentCount errors correctly--command error"],
    ["estimatedDocumentCount.json", "estimatedDocumentCount errors correctly--socket error"],
    ["insertOne-errorResponse.json", "insert operations support errorResponse assertions"],
    ["updateOne-errorResponse.json", "update operations support errorResponse assertions"],
  ].map(([file = "", description = ""]) => ({ file, description, reason: FAIL_POINT })),
  {
    file: "bulkWrite-collation.json",
    description: "BulkWrite with update operations and collation",
    reason: STRENGTH,
  },
  {
    file: "estimatedDocumentCount.json",
    description: "estimatedDocumentCount works correctly on views",
    reason: "there are no views",
  },
  {
    file: "findOneAndUpdate-errorResponse.json",
    description: "findOneAndUpdate document validation errInfo is accessible",
    reason: "collections have no validators: the program checks what it writes",
  },
];

export function skipReason(file: string, description: string): string | undefined {
  return CRUD_SKIPS.find((skip) => skip.file === file && skip.description === description)?.reason;
}
