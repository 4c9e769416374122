// The door: a MongoDB server inside the program, kept in one SQLite file.
export { serveEmbeddedMongo, type EmbeddedMongo, type EmbeddedMongoOptions } from "./serve.ts";
export { startEmbeddedMongo } from "./thread.ts";
export { socketPathOf, socketUri } from "./socket-path.ts";
