/** Builds the server and the screens into dist/, when a hash of sources and lock file says that something changed. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = [
  "app",
  "cards",
  "connectors",
  "core",
  "embedded-mongo",
  "inbox",
  "ui",
  "widget",
  "workspace",
  "main.ts",
  "server.ts",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "vite.config.ts",
  "vite.server.config.ts",
  "vite.widget.config.ts",
  "scripts/build.mjs",
];
const stamp = join(root, "dist", "built-from");
/** Tools that leave something in the temporary folder (the service worker's does) leave it here. */
const scratch = join(root, "dist", "scratch");

/** Resolves when dist/ is what the sources say. */
export async function build({ quiet = false } = {}) {
  const hash = hashSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  if (!quiet) process.stderr.write("Building (the first start only) …\n"); // what a command answers may be JSON
  rmSync(join(root, "dist"), { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  await Promise.all([buildServer(), run("vite", ["build", "--logLevel", "error"]), buildSite(), buildSdk()]);
  rmSync(scratch, { recursive: true, force: true });
  writeFileSync(stamp, hash);
}

async function buildServer() {
  await run("vite", ["build", "-c", "vite.server.config.ts", "--logLevel", "warn"]);
  const connectors = join(root, "connectors");
  for (const path of readdirSync(connectors, { recursive: true }))
    if (path.endsWith(".svg")) cpSync(join(connectors, path), join(root, "dist", "connectors", path));
  cpSync(join(root, "cards", "icon.svg"), join(root, "dist", "cards", "icon.svg"));
}

/** The widget's loader and panel. */
async function buildSite() {
  mkdirSync(join(root, "dist", "widget"), { recursive: true });
  cpSync(join(root, "widget", "icon.svg"), join(root, "dist", "widget", "icon.svg"));
  const args = ["build", "-c", "vite.widget.config.ts", "--logLevel", "error"];
  await run("vite", args, { LOADER: "1" });
  await run("vite", args);
}

/** The package for npm, as `npm publish dist/sdk` takes it. */
async function buildSdk() {
  const source = join(root, "widget", "site", "sdk");
  await run("tsc", ["-p", source]);
  for (const name of ["package.json", "README.md", "LICENSE"])
    cpSync(join(source, name), join(root, "dist", "sdk", name));
}

function run(name, args, environment = {}) {
  const child = spawn(process.execPath, [join(root, "node_modules", ".bin", name), ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", TMPDIR: scratch, TEMP: scratch, ...environment }, // a test run says "test", and Vite would build for development
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${name} failed with exit code ${code}`)),
    );
  });
}

function hashSources() {
  const hash = createHash("sha256").update(process.version.split(".")[0]);
  for (const file of sources.flatMap((name) => listFiles(join(root, name))))
    hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest("hex");
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path)
    .filter((name) => name !== "fixtures" && !name.endsWith(".md"))
    .sort();
  return names.flatMap((name) => listFiles(join(path, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
