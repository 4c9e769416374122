// A command as it came in, read with the checks the server makes of its fields.
import { decode, rawDocuments } from "../bson.ts";
import { parseCollation, type Collation } from "../collation.ts";
import { CommandError, failedToParse } from "../errors.ts";
import { evaluateConstant, type Variables } from "../expressions/compile.ts";
import {
  isDocument,
  isNumber,
  isTruthy,
  MISSING,
  toNumber,
  typeOf,
  type Document,
  type Value,
} from "../values.ts";

/** Fields every command takes that change nothing here: one process, one copy, no sessions to keep. */
const IGNORED = new Set([
  "$clusterTime",
  "$db",
  "$readPreference",
  "allowDiskUse",
  "allowPartialResults",
  "apiDeprecationErrors",
  "apiStrict",
  "apiVersion",
  "bypassDocumentValidation",
  "bypassEmptyTsReplacement",
  "comment",
  "lsid",
  "noCursorTimeout",
  "readConcern",
  "writeConcern",
]);

/** Named values of a command or of one of its statements; every reader throws 14 for a wrong type. */
export class Fields {
  readonly document: Document;
  readonly #owner: string;

  constructor(owner: string, document: Document) {
    this.#owner = owner;
    this.document = document;
  }

  /** Throws 40415 for a field that is neither named here nor harmless to ignore. */
  allow(names: ReadonlySet<string>): void {
    for (const name of this.document.keys()) {
      if (names.has(name) || IGNORED.has(name)) continue;
      throw new CommandError(40415, `BSON field '${this.#owner}.${name}' is an unknown field.`);
    }
  }

  get(name: string): Value {
    return this.document.get(name);
  }

  has(name: string): boolean {
    return this.document.has(name);
  }

  flag(name: string): boolean {
    return isTruthy(this.get(name));
  }

  optionalDocument(name: string): Document | undefined {
    const value = this.get(name);
    if (value === undefined || value === null) return undefined;
    if (!isDocument(value)) throw this.#wrongType(name, value, "object");
    return value;
  }

  requiredDocument(name: string): Document {
    const value = this.optionalDocument(name);
    if (!value)
      throw new CommandError(40414, `BSON field '${this.#owner}.${name}' is missing but a required field`);
    return value;
  }

  /** A whole number, zero or more. */
  count(name: string): number | undefined {
    const number = this.integer(name);
    if (number !== undefined && number < 0)
      throw new CommandError(
        51024,
        `BSON field '${name}' value must be >= 0, actual value '${String(number)}'`,
      );
    return number;
  }

  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || value === null) return undefined;
    if (!isNumber(value)) throw this.#wrongType(name, value, "number");
    if (!Number.isInteger(toNumber(value)))
      throw failedToParse(`Expected an integer, but cannot represent exactly: ${name}`);
    return toNumber(value);
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string") throw this.#wrongType(name, value, "string");
    return value;
  }

  list(name: string): Value[] | undefined {
    const value = this.get(name);
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw this.#wrongType(name, value, "array");
    return value;
  }

  get collation(): Collation | undefined {
    return parseCollation(this.get("collation"));
  }

  get hint(): Value {
    const hint = this.get("hint");
    if (hint !== undefined && typeof hint !== "string" && !isDocument(hint))
      throw failedToParse("Hint must be a string or an object");
    return hint;
  }

  #wrongType(name: string, value: Value, expected: string): CommandError {
    const message = `BSON field '${this.#owner}.${name}' is the wrong type '${typeOf(value)}', expected type '${expected}'`;
    return new CommandError(14, message);
  }
}

export class Request extends Fields {
  readonly name: string;
  readonly database: string;
  readonly deadline: number | undefined;
  readonly #raw: Buffer;
  readonly #sequences: ReadonlyMap<string, Buffer[]>;

  constructor(raw: Buffer, sequences: ReadonlyMap<string, Buffer[]>) {
    const body = decode(raw, undefined, RAW_FIELDS);
    const [name = ""] = body.keys();
    super(name, body);
    this.name = name;
    this.#raw = raw;
    this.#sequences = sequences;
    this.database = this.has("$db") ? this.text("$db") : "admin";
    const maxTime = this.count("maxTimeMS");
    this.deadline = maxTime ? performance.now() + maxTime : undefined;
  }

  get collectionName(): string {
    const name = this.get(this.name);
    if (typeof name !== "string" || name === "")
      throw new CommandError(73, `Invalid namespace specified for ${this.name}`);
    return name;
  }

  /** The raw documents of a document sequence, or of the array of that name in the body. */
  rawDocuments(name: string): Buffer[] {
    const documents = this.#sequences.get(name) ?? rawDocuments(this.#raw, name);
    if (!documents)
      throw new CommandError(40414, `BSON field '${this.name}.${name}' is missing but a required field`);
    return documents;
  }

  statements(name: string): Fields[] {
    return this.rawDocuments(name).map((raw) => new Fields(`${this.name}.${name}`, decode(raw)));
  }

  get variables(): Variables {
    const given = this.optionalDocument("let") ?? new Map<string, Value>();
    return new Map(
      [...given].map(([name, value]) => {
        const result = evaluateConstant(value);
        return [name, result === MISSING ? null : result];
      }),
    );
  }
}

// Arrays of documents that stay raw: `rawDocuments` slices them without decoding.
const RAW_FIELDS = new Set(["documents"]);
