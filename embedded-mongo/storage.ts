// The SQLite file: one connection, one transaction for all writes that wait at the same moment, one fsync for it.
// Reads run between transactions, so each command sees a committed snapshot.
import { join } from "node:path";
import { CommandError, StoreStartError } from "./errors.ts";
import { openDatabase, sqliteCode, type Database, type SqlValue, type Statement } from "./sqlite.ts";

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const OUT_OF_DISK_SPACE = 14031;

/** `maxPageCount` caps the file (pages of 4 KiB); beyond it writes are refused as on a full disk. */
export interface StorageOptions {
  dataDir: string;
  maxPageCount?: number;
}

interface Job {
  run: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

type Outcome = { value: unknown } | { error: unknown };

export class Storage {
  /** Called after a rollback: whatever was remembered outside the file must be read again. */
  afterRollback: () => void = () => undefined;
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  #waiting: Job[] = [];
  #writes = 0;
  #closed = false;

  static async open({ dataDir, maxPageCount }: StorageOptions): Promise<Storage> {
    const database = await openExclusively(dataDir);
    if (maxPageCount !== undefined) database.exec(`PRAGMA max_page_count = ${String(maxPageCount)}`);
    return new Storage(database);
  }

  private constructor(database: Database) {
    this.#database = database;
  }

  statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** Changes rows; only inside a job given to `write`. */
  run(sql: string, ...parameters: SqlValue[]): void {
    this.#writes++;
    this.statement(sql).run(...parameters);
  }

  /** Creates or drops tables; only inside a job given to `write`. */
  define(sql: string): void {
    this.#writes++;
    this.#statements.clear();
    this.#database.exec(sql);
  }

  /** Runs the job in a transaction and resolves once its writes are on disk; a job that throws leaves nothing. */
  async write<T>(job: () => T): Promise<T> {
    if (this.#closed) throw new CommandError(11600, "the store is closing");
    let result: { value: T } | undefined;
    await new Promise<unknown>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ run: () => (result = { value: job() }), resolve, reject });
    });
    if (!result) throw new Error("a write was acknowledged without having run");
    return result.value;
  }

  close(): void {
    this.#flush();
    this.#closed = true;
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#database.close();
  }

  // When the group fails, its writes are tried one by one, so that only the one at fault is refused.
  #flush(): void {
    const jobs = this.#waiting;
    this.#waiting = [];
    if (jobs.length === 0 || this.#commit(jobs)) return;
    for (const job of jobs) this.#commit([job]);
  }

  #commit(jobs: readonly Job[]): boolean {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const outcomes = jobs.map((job) => this.#attempt(job));
      this.#database.exec("COMMIT");
      jobs.forEach((job, i) => settle(job, outcomes[i]));
      return true;
    } catch (error) {
      this.#rollBack();
      if (jobs.length === 1) jobs[0]?.reject(translate(error));
      return jobs.length === 1;
    }
  }

  #attempt(job: Job): Outcome {
    const before = this.#writes;
    try {
      return { value: job.run() };
    } catch (error) {
      if (this.#writes !== before) throw error;
      return { error };
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch (error) {
      // A full disk may have made SQLite roll back by itself.
      if (!(error instanceof Error && error.message.includes("no transaction is active"))) throw error;
    }
    this.afterRollback();
  }
}

function settle(job: Job, outcome: Outcome | undefined): void {
  if (outcome && "value" in outcome) job.resolve(outcome.value);
  else job.reject(outcome?.error);
}

function translate(error: unknown): unknown {
  if (sqliteCode(error) !== SQLITE_FULL) return error;
  return new CommandError(OUT_OF_DISK_SPACE, "the disk is full: nothing was written");
}

async function openExclusively(dataDir: string): Promise<Database> {
  try {
    const database = await openDatabase(join(dataDir, "store.db"));
    configure(database);
    return database;
  } catch (error) {
    throw startError(error, dataDir);
  }
}

// The exclusive locking mode is the lock on the data directory: the system releases it when the process dies.
function configure(database: Database): void {
  database.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
  database.exec(
    "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 16777216",
  );
  database.exec("PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT");
}

function startError(error: unknown, dataDir: string): StoreStartError {
  if (sqliteCode(error) === SQLITE_BUSY) {
    const message = `Another process already uses the data directory ${dataDir}. Stop it, or choose another DATA_DIR.`;
    return new StoreStartError("data_dir_in_use", message, { cause: error });
  }
  const message = `The data directory ${dataDir} cannot be written. Give this user write access, or choose another one.`;
  return new StoreStartError("data_dir_unwritable", message, { cause: error });
}
