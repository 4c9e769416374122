// One collection: a table of raw documents, and a table of keys for each index, always changed together.
import { ObjectId } from "bson";
import { decode, encode, withIdFirst } from "./bson.ts";
import { CommandError } from "./errors.ts";
import { showDocument } from "./format.ts";
import type { Index } from "./index-definition.ts";
import { bytesOf, integerOf } from "./sqlite.ts";
import type { Storage } from "./storage.ts";
import { isDocument, typeOf, type Document, type Value } from "./values.ts";

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A stored document: its place in the table and its bytes. */
export interface Stored {
  rid: number;
  raw: Buffer;
}

interface KeyChange {
  index: Index;
  added: Buffer[];
  removed: Buffer[];
}

export class Collection {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  readonly options: Document;
  indexes: Index[];
  readonly storage: Storage;
  readonly #multikeyGrew: (index: Index) => void;
  #count: number | null = null;
  #lastRid: number | null = null;

  constructor(
    storage: Storage,
    identity: { id: number; database: string; name: string; options: Document },
    indexes: Index[],
    multikeyGrew: (index: Index) => void,
  ) {
    this.storage = storage;
    this.id = identity.id;
    this.database = identity.database;
    this.name = identity.name;
    this.options = identity.options;
    this.indexes = indexes;
    this.#multikeyGrew = multikeyGrew;
  }

  get namespace(): string {
    return `${this.database}.${this.name}`;
  }

  get table(): string {
    return `d${String(this.id)}`;
  }

  count(): number {
    return (this.#count ??= this.#countRows());
  }

  fetch(rid: number): Buffer | null {
    const row = this.storage.statement(`SELECT v FROM ${this.table} WHERE k = ?`).get(rid);
    return row ? bytesOf(row["v"]) : null;
  }

  /** Stores a new document, with `_id` first and made when absent; throws before anything is written. */
  insert(given: Buffer): Document {
    const raw = withIdFirst(given, () => new ObjectId());
    const document = decode(raw);
    checkId(document.get("_id"));
    checkSize(raw);
    const count = this.count();
    const rid = this.#nextRid();
    this.#applyKeys(rid, document, this.#changes(this.indexes, undefined, document));
    this.storage.run(`INSERT INTO ${this.table} VALUES (?, ?)`, rid, raw);
    this.#count = count + 1;
    return document;
  }

  /** Replaces a document; `touched` names the top-level fields that may differ. False when nothing changed. */
  replace({ rid, raw }: Stored, before: Document, after: Document, touched?: ReadonlySet<string>): boolean {
    const bytes = encode(after);
    if (bytes.equals(raw)) return false;
    checkSize(bytes);
    const affected = touched ? this.indexes.filter((index) => index.dependsOn(touched)) : this.indexes;
    this.#applyKeys(rid, after, this.#changes(affected, before, after));
    this.storage.run(`UPDATE ${this.table} SET v = ? WHERE k = ?`, bytes, rid);
    return true;
  }

  remove({ rid, raw }: Stored): void {
    const document = decode(raw);
    const count = this.count();
    this.#applyKeys(rid, document, this.#changes(this.indexes, document, undefined));
    this.storage.run(`DELETE FROM ${this.table} WHERE k = ?`, rid);
    this.#count = count - 1;
  }

  /** Fills a new index from the documents there are; throws 11000 when they are not unique. */
  build(index: Index): void {
    const read = this.storage.statement(`SELECT k, v FROM ${this.table} WHERE k > ? ORDER BY k LIMIT 500`);
    let last = 0;
    for (let rows = read.all(last); rows.length > 0; rows = read.all(last)) {
      for (const row of rows) {
        last = integerOf(row["k"]);
        const document = decode(bytesOf(row["v"]));
        this.#applyKeys(last, document, this.#changes([index], undefined, document));
      }
    }
  }

  #changes(
    indexes: readonly Index[],
    before: Document | undefined,
    after: Document | undefined,
  ): KeyChange[] {
    return indexes.map((index) => {
      const old = before ? index.entriesOf(before).keys : [];
      const entries = after ? index.entriesOf(after) : { keys: [], multikey: 0 };
      this.#growMultikey(index, entries.multikey);
      return { index, added: without(entries.keys, old), removed: without(old, entries.keys) };
    });
  }

  #growMultikey(index: Index, multikey: number): void {
    if ((index.multikey | multikey) === index.multikey) return;
    index.multikey |= multikey;
    this.#multikeyGrew(index);
  }

  // Every key is checked before the first one is written: a refused write leaves nothing behind.
  #applyKeys(rid: number, document: Document, changes: readonly KeyChange[]): void {
    for (const { index, added } of changes) if (index.unique) this.#checkUnique(index, added, document);
    for (const { index, removed } of changes)
      for (const key of removed)
        this.storage.run(`DELETE FROM ${index.table} WHERE k = ? AND r = ?`, key, rid);
    for (const { index, added } of changes)
      for (const key of added) this.storage.run(`INSERT INTO ${index.table} VALUES (?, ?)`, key, rid);
  }

  #checkUnique(index: Index, keys: readonly Buffer[], document: Document): void {
    const find = this.storage.statement(`SELECT r FROM ${index.table} WHERE k = ?`);
    for (const key of keys) if (find.get(key)) throw this.#duplicate(index, index.valuesOf(document, key));
  }

  #duplicate(index: Index, values: Document): CommandError {
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: ${showDocument(values)}`;
    return new CommandError(11000, message, { keyPattern: index.keyPattern, keyValue: values });
  }

  #nextRid(): number {
    this.#lastRid ??= integerOf(
      this.storage.statement(`SELECT coalesce(max(k), 0) AS k FROM ${this.table}`).get()?.["k"],
    );
    return ++this.#lastRid;
  }

  #countRows(): number {
    const [byId] = this.indexes;
    const row = this.storage.statement(`SELECT count(*) AS n FROM ${byId?.table ?? this.table}`).get();
    return integerOf(row?.["n"]);
  }
}

function checkId(id: Value): void {
  const type = typeOf(id);
  if (type === "array" || type === "regex" || type === "undefined")
    throw new CommandError(53, `The '_id' value cannot be of type ${type}`);
  if (!isDocument(id)) return;
  const first = [...id.keys()].find((name) => name.startsWith("$"));
  if (first !== undefined && !["$ref", "$id", "$db"].includes(first))
    throw new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${first} is not valid for storage.`,
    );
}

function checkSize(raw: Buffer): void {
  if (raw.length > MAX_DOCUMENT_BYTES)
    throw new CommandError(10334, `a document of ${String(raw.length)} bytes is above the limit of 16 MB`);
}

function without(keys: Buffer[], others: readonly Buffer[]): Buffer[] {
  if (others.length === 0) return keys;
  return keys.filter((key) => !others.some((other) => other.equals(key)));
}
