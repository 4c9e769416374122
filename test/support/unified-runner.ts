// Runs cases of the unified test format against a MongoDB server: operations, their results and errors, and what
// the collections hold afterwards. Command events are not checked: they test the driver, not the server.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BSON, Db, MongoBulkWriteError, MongoClient, MongoClientBulkWriteError, MongoError } from "mongodb";
import { mismatch, isFields } from "./unified-match.ts";
import { clientBulkResult, OPERATIONS } from "./unified-operations.ts";

type Fields = Record<string, unknown>;

export interface UnifiedCase {
  file: string;
  description: string;
  operations: Operation[];
  suite: Suite;
  outcome: CollectionData[];
}

interface Suite {
  entities: Record<string, Fields>[];
  initialData: CollectionData[];
}

interface CollectionData {
  collectionName: string;
  databaseName: string;
  documents: Fields[];
  createOptions?: Fields;
}

interface Operation {
  name: string;
  object: string;
  arguments?: Fields;
  expectResult?: unknown;
  expectError?: Fields;
  saveResultAsEntity?: string;
  ignoreResultAndError?: boolean;
}

interface TestFile {
  runOnRequirements?: Requirement[];
  createEntities?: Record<string, Fields>[];
  initialData?: CollectionData[];
  tests: {
    description: string;
    skipReason?: string;
    runOnRequirements?: Requirement[];
    operations: Operation[];
    outcome?: CollectionData[];
  }[];
}

interface Requirement {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  serverless?: string;
  serverParameters?: Fields;
  auth?: boolean;
  csfle?: boolean;
}

/** The server the cases are chosen for: a standalone MongoDB 8.0. */
const SERVER = { version: [8, 0, 0], topology: "single" };

/** Every case of a folder, and those among them that their own requirements apply to this server. */
export function readCases(folder: string): { all: number; applicable: UnifiedCase[] } {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const cases = files.sort().flatMap((file) => casesOf(folder, file));
  return {
    all: cases.length,
    applicable: cases.flatMap(({ applies, unified }) => (applies ? [unified] : [])),
  };
}

/** Runs one case; throws with what went differently. */
export async function runCase(uri: string, unified: UnifiedCase): Promise<void> {
  const admin = await MongoClient.connect(uri);
  const entities: Record<string, unknown> = {};
  try {
    for (const data of unified.suite.initialData) await fill(admin, data);
    for (const entity of unified.suite.entities) await createEntity(uri, entity, entities);
    for (const operation of unified.operations) await runOperation(operation, entities);
    for (const data of unified.outcome) await checkOutcome(admin, data);
  } finally {
    for (const entity of Object.values(entities)) if (entity instanceof MongoClient) await entity.close();
    await admin.close();
  }
}

function casesOf(folder: string, file: string): { applies: boolean; unified: UnifiedCase }[] {
  const content: TestFile = BSON.EJSON.parse(readFileSync(join(folder, file), "utf8"));
  const suite = { entities: content.createEntities ?? [], initialData: content.initialData ?? [] };
  return content.tests.map((test) => ({
    applies:
      meets(content.runOnRequirements) && meets(test.runOnRequirements) && test.skipReason === undefined,
    unified: {
      file,
      description: test.description,
      operations: test.operations,
      suite,
      outcome: test.outcome ?? [],
    },
  }));
}

function meets(requirements: Requirement[] | undefined): boolean {
  return requirements === undefined || requirements.some(isMet);
}

function isMet({
  minServerVersion,
  maxServerVersion,
  topologies,
  serverless,
  ...rest
}: Requirement): boolean {
  if (minServerVersion !== undefined && compareVersion(minServerVersion) < 0) return false;
  if (maxServerVersion !== undefined && compareVersion(maxServerVersion) > 0) return false;
  if (topologies && !topologies.includes(SERVER.topology)) return false;
  return serverless !== "require" && !rest.auth && !rest.csfle && rest.serverParameters === undefined;
}

/** Positive when the server is newer than the version. */
function compareVersion(version: string): number {
  const wanted = version.split(".").map(Number);
  return SERVER.version.map((part, i) => part - (wanted[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

async function fill(
  admin: MongoClient,
  { databaseName, collectionName, documents, createOptions }: CollectionData,
) {
  const database = admin.db(databaseName);
  await database.dropCollection(collectionName);
  await database.createCollection(collectionName, createOptions);
  if (documents.length > 0) await database.collection(collectionName).insertMany(structuredClone(documents));
}

async function createEntity(uri: string, entity: Record<string, Fields>, entities: Record<string, unknown>) {
  const { client, database, collection } = entity;
  if (client)
    entities[text(client["id"])] = await new MongoClient(uri, optionsOf(client["uriOptions"])).connect();
  else if (database) {
    const owner = instance(entities[text(database["client"])], MongoClient);
    entities[text(database["id"])] = owner.db(
      text(database["databaseName"]),
      optionsOf(database["databaseOptions"]),
    );
  } else if (collection) {
    const owner = instance(entities[text(collection["database"])], Db);
    const options = optionsOf(collection["collectionOptions"]);
    entities[text(collection["id"])] = owner.collection(text(collection["collectionName"]), options);
  } else throw new Error(`the runner cannot make ${Object.keys(entity).join()}`);
}

async function runOperation(operation: Operation, entities: Record<string, unknown>): Promise<void> {
  const { error, result } = await attempt(operation, entities);
  if (operation.ignoreResultAndError) return;
  if (operation.expectError) checkError(operation, error);
  else if (error) throw new Error(`${operation.name} failed: ${error.message}`, { cause: error });
  if (!("expectResult" in operation)) return;
  const difference = mismatch(operation.expectResult, result);
  if (difference !== null) throw new Error(`${operation.name}: ${difference}`);
}

async function attempt(
  operation: Operation,
  entities: Record<string, unknown>,
): Promise<{ error?: Error; result?: unknown }> {
  const run = OPERATIONS[operation.name];
  if (!run) throw new Error(`the runner does not know the operation ${operation.name}`);
  const given = operation.arguments ?? {};
  const target =
    operation.object === "testRunner" ? entities[text(given["client"])] : entities[operation.object];
  try {
    return { result: await run(target, structuredClone(given)) };
  } catch (error) {
    if (error instanceof Error) return { error };
    throw error;
  }
}

function checkError({ name, expectError = {} }: Operation, error: Error | undefined): void {
  if (!error) throw new Error(`${name} should have failed`);
  const response = error instanceof MongoError ? serverResponse(error) : undefined;
  if (expectError["isClientError"] === true && response !== undefined)
    throw new Error(`${name} reached the server`, { cause: error });
  const code = expectError["errorCode"];
  if (code !== undefined && code !== response?.["code"])
    throw new Error(`${name}: expected code ${text(code)}`, { cause: error });
  const part = expectError["errorContains"];
  if (part !== undefined && !error.message.toLowerCase().includes(text(part).toLowerCase()))
    throw new Error(`${name}: expected "${text(part)}" in "${error.message}"`);
  checkErrorParts(name, expectError, error, response);
}

function checkErrorParts(name: string, expected: Fields, error: Error, response: Fields | undefined): void {
  const parts: Record<string, unknown> = { expectResult: partialResult(error), errorResponse: response };
  for (const [key, actual] of Object.entries(parts))
    if (key in expected) check(name, expected[key], actual, error);
  if (!isFields(expected["writeErrors"])) return;
  const errors = error instanceof MongoClientBulkWriteError ? error.writeErrors : new Map<number, unknown>();
  for (const [index, wanted] of Object.entries(expected["writeErrors"]))
    check(name, wanted, { ...Object(errors.get(Number(index))) }, error);
}

function check(name: string, expected: unknown, actual: unknown, cause: Error): void {
  const difference = mismatch(expected, actual);
  if (difference !== null) throw new Error(`${name}: ${difference}`, { cause });
}

function partialResult(error: Error): unknown {
  if (error instanceof MongoClientBulkWriteError)
    return error.partialResult && clientBulkResult(error.partialResult);
  return error instanceof MongoBulkWriteError ? error.result : undefined;
}

function serverResponse(error: MongoError): Fields | undefined {
  if ("errorResponse" in error && isFields(error.errorResponse)) return error.errorResponse;
  return typeof error.code === "number" ? { code: error.code } : undefined;
}

async function checkOutcome(admin: MongoClient, { databaseName, collectionName, documents }: CollectionData) {
  const found = await admin
    .db(databaseName)
    .collection(collectionName)
    .find({}, { sort: { _id: 1 } })
    .toArray();
  const difference = mismatch(documents, found, false, collectionName);
  if (difference !== null) throw new Error(`afterwards ${difference}`);
}

function instance<T>(value: unknown, type: abstract new (...args: never[]) => T): T {
  if (value instanceof type) return value;
  throw new Error(`expected a ${type.name}`);
}

function optionsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function text(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`expected a name, got ${JSON.stringify(value)}`);
}
