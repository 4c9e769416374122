// Which collections and indexes there are.
import { UUID } from "bson";
import { decode, encode } from "./bson.ts";
import { Collection } from "./collection.ts";
import { CommandError } from "./errors.ts";
import { show } from "./format.ts";
import { completeSpec, Index, sameOptions, samePattern } from "./index-definition.ts";
import { bytesOf, integerOf, type Row } from "./sqlite.ts";
import type { Storage } from "./storage.ts";
import { documentOf, type Document } from "./values.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, name TEXT, options BLOB);
  CREATE TABLE IF NOT EXISTS indexes (id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER, spec BLOB, multikey INTEGER)`;

export class Catalog {
  readonly #storage: Storage;
  #collections = new Map<string, Collection>();

  static async open(storage: Storage): Promise<Catalog> {
    await storage.write(() => storage.define(SCHEMA));
    const catalog = new Catalog(storage);
    catalog.#load();
    storage.afterRollback = () => catalog.#load();
    return catalog;
  }

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  find(database: string, name: string): Collection | null {
    return this.#collections.get(`${database}.${name}`) ?? null;
  }

  collections(): Collection[] {
    return [...this.#collections.values()];
  }

  collectionsOf(database: string): Collection[] {
    return this.collections().filter((collection) => collection.database === database);
  }

  /** The collection, made with its `_id` index when it is not there. */
  ensure(database: string, name: string, options: Document = new Map()): Collection {
    return this.find(database, name) ?? this.#create(database, name, options);
  }

  drop(collection: Collection): void {
    for (const index of collection.indexes) this.#dropTable(index);
    this.#storage.define(`DROP TABLE ${collection.table}`);
    this.#storage.run("DELETE FROM collections WHERE id = ?", collection.id);
    this.#collections.delete(collection.namespace);
  }

  rename(collection: Collection, database: string, name: string): void {
    this.#storage.run("UPDATE collections SET db = ?, name = ? WHERE id = ?", database, name, collection.id);
    this.#load();
  }

  /** False when the very same index exists; throws 85 or 86 when one of that name or pattern differs. */
  createIndex(collection: Collection, given: Document): boolean {
    const spec = completeSpec(given);
    if (collection.indexes.some((existing) => isSameIndex(existing, spec))) return false;
    const index = this.#addIndex(collection.id, spec);
    collection.build(index);
    collection.indexes = [...collection.indexes, index];
    return true;
  }

  dropIndex(collection: Collection, index: Index): void {
    if (index.name === "_id_") throw new CommandError(72, "cannot drop _id index");
    this.#dropTable(index);
    collection.indexes = collection.indexes.filter((other) => other !== index);
  }

  setExpiry(collection: Collection, index: Index, expireAfterSeconds: number): void {
    const spec: Document = new Map([...index.spec, ["expireAfterSeconds", expireAfterSeconds]]);
    this.#storage.run("UPDATE indexes SET spec = ? WHERE id = ?", encode(spec), index.id);
    const changed = new Index(index.id, spec, index.multikey);
    collection.indexes = collection.indexes.map((other) => (other === index ? changed : other));
  }

  #create(database: string, name: string, options: Document): Collection {
    checkName(database, name);
    const stored: Document = new Map([...options, ["uuid", new UUID()]]);
    this.#storage.run(
      "INSERT INTO collections (db, name, options) VALUES (?, ?, ?)",
      database,
      name,
      encode(stored),
    );
    const id = this.#lastId();
    this.#storage.define(`CREATE TABLE d${String(id)} (k INTEGER PRIMARY KEY, v BLOB)`);
    const byId = this.#addIndex(id, documentOf({ v: 2, key: documentOf({ _id: 1 }), name: "_id_" }));
    const collection = this.#make({ id, database, name, options: stored }, [byId]);
    this.#collections.set(collection.namespace, collection);
    return collection;
  }

  #addIndex(collectionId: number, spec: Document): Index {
    this.#storage.run(
      "INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, 0)",
      collectionId,
      encode(spec),
    );
    const index = new Index(this.#lastId(), spec);
    const primaryKey = index.unique ? "k" : "k, r";
    this.#storage.define(
      `CREATE TABLE ${index.table} (k BLOB, r INTEGER, PRIMARY KEY (${primaryKey})) WITHOUT ROWID`,
    );
    return index;
  }

  #dropTable(index: Index): void {
    this.#storage.define(`DROP TABLE ${index.table}`);
    this.#storage.run("DELETE FROM indexes WHERE id = ?", index.id);
  }

  #lastId(): number {
    return integerOf(this.#storage.statement("SELECT last_insert_rowid() AS id").get()?.["id"]);
  }

  #make(
    identity: { id: number; database: string; name: string; options: Document },
    indexes: Index[],
  ): Collection {
    const grew = (index: Index) =>
      this.#storage.run("UPDATE indexes SET multikey = ? WHERE id = ?", index.multikey, index.id);
    return new Collection(this.#storage, identity, indexes, grew);
  }

  #load(): void {
    const indexes = this.#storage.statement("SELECT * FROM indexes ORDER BY id").all();
    const rows = this.#storage.statement("SELECT * FROM collections ORDER BY id").all();
    const loaded = rows.map((row) => this.#make(identityOf(row), indexesOf(indexes, integerOf(row["id"]))));
    this.#collections = new Map(loaded.map((collection) => [collection.namespace, collection]));
  }
}

function identityOf(row: Row): { id: number; database: string; name: string; options: Document } {
  const options = decode(bytesOf(row["options"]));
  return { id: integerOf(row["id"]), database: String(row["db"]), name: String(row["name"]), options };
}

function indexesOf(rows: readonly Row[], collectionId: number): Index[] {
  return rows
    .filter((row) => integerOf(row["collection"]) === collectionId)
    .map((row) => new Index(integerOf(row["id"]), decode(bytesOf(row["spec"])), integerOf(row["multikey"])));
}

function isSameIndex(existing: Index, spec: Document): boolean {
  const key = spec.get("key");
  const samePath = key instanceof Map && samePattern(existing.keyPattern, key);
  const sameName = existing.name === spec.get("name");
  const same = sameOptions(existing.spec, spec);
  if (samePath && (same || existing.name === "_id_") && (sameName || existing.name === "_id_")) return true;
  const described = `Requested index: ${show(spec)}, existing index: ${show(existing.spec)}`;
  if (sameName)
    throw new CommandError(86, `An existing index has the same name as the requested index. ${described}`);
  if (samePath && same)
    throw new CommandError(85, `Index already exists with a different name: ${existing.name}`);
  return false;
}

function checkName(database: string, name: string): void {
  const invalid = name === "" || name.includes("\0") || name.includes("$") || name.startsWith(".");
  if (invalid || database === "" || /[/\\. "$\0]/.test(database))
    throw new CommandError(73, `Invalid namespace specified '${database}.${name}'`);
}
