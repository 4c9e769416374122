/** The visitor's side of the widget: `LOADER=1` builds the one script that a site carries, else the panel with its chunks. */
import vue from "@vitejs/plugin-vue";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = here("./dist/widget");

/** Tells the server where the entries of this build lie. */
const tellEntries: Plugin = {
  name: "tell-entries",
  writeBundle(_options, bundle) {
    const entries = Object.values(bundle).flatMap((chunk) =>
      chunk.type === "chunk" && chunk.isEntry ? [[chunk.name, chunk.fileName]] : [],
    );
    writeFileSync(`${folder}/manifest.json`, JSON.stringify(Object.fromEntries(entries)));
  },
};

/** Chunks load each other without Vite's preloading, which would leave elements in the site's own head. */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined,
};

/** The panel's Vue leaves no names on the site's window and shares nothing with a Vue of the site's own. */
const ownVue: Plugin = {
  name: "own-vue",
  transform(code, id) {
    if (!id.includes("runtime-core.esm-bundler")) return undefined;
    const alone = ["const g = getGlobalThis();", "const target = getGlobalThis();"].reduce((text, line) => {
      if (!text.includes(line)) throw new Error(`Vue has no "${line}" any more: vite.widget.config.ts`);
      return text.replace(line, line.replace("getGlobalThis()", "{}"));
    }, code);
    return { code: alone, map: null };
  },
};

/** Sheets that are adopted by a shadow root ask for browsers of 2023; those know this. */
const target = "es2022";

const defines = {
  __VUE_OPTIONS_API__: "false",
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  "process.env.NODE_ENV": '"production"',
};

export default defineConfig(
  process.env["LOADER"]
    ? {
        publicDir: false,
        build: {
          outDir: folder,
          emptyOutDir: false,
          target,
          minify: true,
          lib: {
            entry: here("./widget/site/loader/index.ts"),
            formats: ["iife"],
            name: "_",
            fileName: () => "w.js",
          },
        },
      }
    : {
        publicDir: false,
        base: "/widget/",
        experimental: {
          renderBuiltUrl: (file: string) => ({
            runtime: `new URL(${JSON.stringify(`/widget/${file}`)}, import.meta.url).href`,
          }),
        },
        plugins: [plainImports, ownVue, vue(), tellEntries],
        define: defines,
        build: {
          outDir: folder,
          emptyOutDir: false,
          target,
          minify: true,
          modulePreload: false,
          cssCodeSplit: false,
          rolldownOptions: {
            input: {
              panel: here("./widget/site/panel/index.ts"),
              poll: here("./widget/site/poll.ts"),
              commands: here("./widget/site/commands.ts"),
              greet: here("./widget/site/greet.ts"),
              preview: here("./widget/site/preview/index.ts"),
            },
            preserveEntrySignatures: "strict",
            output: {
              entryFileNames: "assets/[name]-[hash].js",
              chunkFileNames: "assets/[name]-[hash].js",
            },
          },
        },
      },
);
