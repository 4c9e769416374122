/** The server as few files: a start that reads a file for each of some thousand modules takes half again as long. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL("./", import.meta.url)).replaceAll("\\", "/");

/** What is found by its path: the program, what runs beside it, and what the folders are searched for. */
const entries = [
  "main.ts",
  "embedded-mongo/worker.ts",
  ...filesOf("connectors", /^[\w-]+\/(index|child)\.ts$/),
  ...filesOf("widget/site/texts", /^[\w-]+\.ts$/),
];

/** Stay packages: what no start needs, and what looks for files of its own. */
const packages = [
  ...["@socket.io/redis-streams-adapter", "bullmq", "ioredis"],
  ...["imapflow", "mailparser", "nodemailer", "socks"],
  ...["@node-rs/argon2", "@photostructure/sqlite", "fontkit", "mediabunny", "pdfkit", "sharp", "subset-font"],
  ...["pino", "whatsapp-web.js"],
];

/** A module that finds what lies beside it keeps its place; it may import packages and types alone, so that it needs nothing of a file that needs it. */
function placeOf(id: string): string | null {
  if (!id.startsWith(here) || !id.endsWith(".ts")) return null;
  return /new URL\([^;]*import\.meta\.url/.test(readFileSync(id, "utf8"))
    ? nameOf(id.slice(here.length))
    : null;
}

function filesOf(folder: string, wanted: RegExp): string[] {
  const files = readdirSync(here + folder, { encoding: "utf8", recursive: true });
  return files
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => wanted.test(file))
    .map((file) => `${folder}/${file}`);
}

function nameOf(file: string): string {
  return file.replace(/\.ts$/, "");
}

export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: packages },
  build: {
    ssr: true,
    outDir: "dist",
    emptyOutDir: false,
    target: "node20",
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((file) => [nameOf(file), here + file])),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: placeOf, debugName: "beside", priority: 2 },
            // The store's thread and the keeper of a browser load these, and nothing of the rest.
            { name: "bson", test: /node_modules[\\/]bson[\\/].*\.mjs$/, priority: 1 },
            { name: "zod", test: /node_modules[\\/]zod[\\/]/, priority: 1 },
            { name: "packages", test: /node_modules|__vite-optional-peer-dep/ },
          ],
        },
      },
    },
  },
});
