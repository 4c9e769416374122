// Which SQLite: the one inside Node where there is one, else the same interface from a package.

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface Statement {
  run(...parameters: SqlValue[]): unknown;
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Driver {
  DatabaseSync: new (path: string) => Database;
}

export async function openDatabase(path: string): Promise<Database> {
  const { DatabaseSync } = await loadDriver();
  return new DatabaseSync(path);
}

/** SQLite's own result code (13 is "full"), null for any other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  if ("sqliteCode" in error && typeof error.sqliteCode === "number") return error.sqliteCode & 0xff;
  return null;
}

export function bytesOf(value: SqlValue | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError("expected a blob");
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

export function integerOf(value: SqlValue | undefined): number {
  if (typeof value !== "number" && typeof value !== "bigint") throw new TypeError("expected an integer");
  return Number(value);
}

async function loadDriver(): Promise<Driver> {
  const builtIn: string = "node:sqlite";
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const hasBuiltIn = major > 22 || (major === 22 && minor >= 13);
  if (!hasBuiltIn) return import("@photostructure/sqlite");
  const loaded: unknown = await import(builtIn);
  if (!isDriver(loaded)) throw new TypeError("this Node has no usable node:sqlite");
  return loaded;
}

function isDriver(module: unknown): module is Driver {
  return typeof module === "object" && module !== null && "DatabaseSync" in module;
}
