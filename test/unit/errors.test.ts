import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { errorCodes } from "../../core/errors.ts";
import { root } from "../../scripts/build.mjs";
import en from "../../ui/locales/en.ts";
import ru from "../../ui/locales/ru.ts";

it("are all documented, with their status", () => {
  const page = readFileSync(join(root, "docs", "errors.md"), "utf8");
  const documented = [...page.matchAll(/^\| `(\w+)`\s*\| (\d+)\s*\|/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );
  expect(documented).toEqual(Object.entries(errorCodes).map(([code, [status]]) => `${code} ${status}`));
});

it("are all used: a code that nothing throws is no code", () => {
  const sources = ["core", "inbox", "widget", "workspace"]
    .flatMap((folder) => listSources(join(root, folder)))
    .map((file) => readFileSync(file, "utf8"));
  const text = sources.join("\n");
  const unused = Object.keys(errorCodes).filter((code) => !text.includes(`"${code}"`));
  expect(unused).toEqual([]);
});

it("are all sentences on the screen, in both languages, and none of them shows a code", () => {
  const wanted = [...Object.keys(errorCodes), "network", "other"].toSorted();
  for (const { problem } of [en, ru]) {
    expect(Object.keys(problem).toSorted()).toEqual(wanted);
    for (const sentence of Object.values(problem)) expect(sentence).not.toMatch(/_|\{|\(/);
  }
});

function listSources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "web" ? [] : listSources(path);
    return name.endsWith(".ts") ? [path] : [];
  });
}
