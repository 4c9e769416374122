/** `npm run sizes`: what a browser loads, compressed, beside what it may be. Prints JSON; ends with 1 when a budget is broken. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { renderPage } from "../cards/blocks/page.ts";
import { themeIds } from "../cards/blocks/themes/names.ts";
import { fullCard, pageFacts } from "../test/support/card.ts";
import { root } from "./build.mjs";

export interface Size {
  name: string;
  gzBytes: number;
  budget: number;
  held: boolean;
}

const kilobyte = 1024;
const web = join(root, "dist", "web");

const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).default([]),
    imports: z.array(z.string()).default([]),
  }),
);
type Manifest = z.infer<typeof manifest>;

/** What the inbox loads before its list can be used, in English: frame, screen, texts, live connection. */
const inbox = [
  "index.html",
  "locales/en.ts",
  "../ui/locales/en.ts",
  "../inbox/web/locales/en.ts",
  "../workspace/web/locales/en.ts",
  "../inbox/web/InboxScreen.vue",
  "../inbox/web/notify/InboxWatch.vue",
  "../node_modules/socket.io-client/build/esm/index.js",
];
/** What opening a conversation adds. */
const conversation = ["../inbox/web/thread/ThreadPane.vue", "../inbox/web/contact/ContactPanel.vue"];

/** Measures dist/web, which `npm run build` makes. */
export function measureSizes(): Size[] {
  const chunks = manifest.parse(JSON.parse(readFileSync(join(web, ".vite", "manifest.json"), "utf8")));
  const first = closure(chunks, inbox);
  const added = closure(chunks, conversation).filter((name) => !first.includes(name));
  const scripts = (names: string[]): string[] => names.map((name) => chunkOf(chunks, name).file);
  const styles = [...first, ...added].flatMap((name) => chunkOf(chunks, name).css);
  return [
    size("inbox, first load: scripts", ["theme.js", ...scripts(first)], 180 * kilobyte),
    size("inbox, a conversation opened: scripts", scripts(added), 48 * kilobyte),
    size("inbox: styles", styles, 24 * kilobyte),
    size("all that is kept for offline use", precached(), 600 * kilobyte),
    ...measureWidget(),
    ...measureCards(),
  ];
}

/** What a visitor of a card loads before its pictures: a card of twenty blocks in the heaviest theme. */
function measureCards(): Size[] {
  const pages = themeIds.flatMap((theme) =>
    ["en", "ru"].map(
      (language) => gzipSync(renderPage(fullCard(theme), pageFacts(language)), { level: 9 }).length,
    ),
  );
  const gzBytes = Math.max(...pages);
  const budget = 14 * kilobyte;
  return [{ name: "a card of twenty blocks: page and styles", gzBytes, budget, held: gzBytes <= budget }];
}

/** What a site pays: the loader at once; the panel, its imports and one language when it is first opened. */
function measureWidget(): Size[] {
  const folder = join(root, "dist", "widget");
  const { panel } = z
    .object({ panel: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  const assets = readdirSync(join(folder, "assets"));
  const language = assets.filter((name) => name.startsWith("en-")).map((name) => `assets/${name}`);
  return [
    size("widget, loader", ["w.js"], 3 * kilobyte, folder),
    size("widget, panel first opened", [...importsOf(folder, panel), ...language], 35 * kilobyte, folder),
  ];
}

/** A chunk and everything that it imports before it runs. */
function importsOf(folder: string, file: string, found = new Set<string>()): string[] {
  if (found.has(file)) return [];
  found.add(file);
  const code = readFileSync(join(folder, file), "utf8");
  for (const [, name] of code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
    importsOf(folder, `assets/${name}`, found);
  return [...found];
}

function size(name: string, files: string[], budget: number, folder = web): Size {
  const gzBytes = [...new Set(files)].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(folder, file))).byteLength,
    0,
  );
  return { name, gzBytes, budget, held: gzBytes <= budget };
}

function chunkOf(chunks: Manifest, name: string): Manifest[string] {
  const chunk = chunks[name];
  if (!chunk) throw new Error(`the build has no ${name}: scripts/sizes.ts names what is gone`);
  return chunk;
}

/** The chunks and all that they import at once. */
function closure(chunks: Manifest, names: string[], known = new Set<string>()): string[] {
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    closure(chunks, chunkOf(chunks, name).imports, known);
  }
  return [...known];
}

/** As the service worker lists them. */
function precached(): string[] {
  const worker = readFileSync(join(web, "sw.js"), "utf8");
  return [...worker.matchAll(/url:\s*"([^"]+)"/g)].map((match) => (match[1] ?? "").replace(/^\//, ""));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sizes = measureSizes();
  process.stdout.write(`${JSON.stringify(sizes, undefined, 2)}\n`);
  if (sizes.some(({ held }) => !held)) process.exitCode = 1;
}
