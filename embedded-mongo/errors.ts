/** Names of the server error codes this store answers with, as in MongoDB's error_codes.yml. */
const CODE_NAMES: Record<number, string> = {
  1: "InternalError",
  2: "BadValue",
  9: "FailedToParse",
  14: "TypeMismatch",
  20: "IllegalOperation",
  26: "NamespaceNotFound",
  27: "IndexNotFound",
  28: "PathNotViable",
  40: "ConflictingUpdateOperators",
  43: "CursorNotFound",
  48: "NamespaceExists",
  50: "MaxTimeMSExpired",
  52: "DollarPrefixedFieldName",
  53: "InvalidIdField",
  54: "NotSingleValueField",
  55: "InvalidDBRef",
  56: "EmptyFieldName",
  59: "CommandNotFound",
  66: "ImmutableField",
  67: "CannotCreateIndex",
  72: "InvalidOptions",
  73: "InvalidNamespace",
  85: "IndexOptionsConflict",
  86: "IndexKeySpecsConflict",
  115: "CommandNotSupported",
  168: "InvalidPipelineOperator",
  171: "CannotIndexParallelArrays",
  238: "NotImplemented",
  292: "QueryExceededMemoryLimitNoDiskUseAllowed",
  10334: "BSONObjectTooLarge",
  11000: "DuplicateKey",
  14031: "OutOfDiskSpace",
};

/** An error a MongoDB client understands; `extra` is added to the reply beside code and errmsg. */
export class CommandError extends Error {
  readonly code: number;
  readonly extra: Record<string, unknown>;

  constructor(code: number, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = "CommandError";
    this.code = code;
    this.extra = extra;
  }

  get codeName(): string {
    return CODE_NAMES[this.code] ?? `Location${String(this.code)}`;
  }
}

export type StoreStartCode = "data_dir_in_use" | "data_dir_unwritable";

/** The store could not be opened; `code` says why and the message tells a person what to do. */
export class StoreStartError extends Error {
  readonly code: StoreStartCode;

  constructor(code: StoreStartCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreStartError";
    this.code = code;
  }
}

export function notSupported(what: string): CommandError {
  return new CommandError(115, `${what} is not supported by the embedded store; a MongoDB server has it`);
}

export function badValue(message: string): CommandError {
  return new CommandError(2, message);
}

export function failedToParse(message: string): CommandError {
  return new CommandError(9, message);
}
