/** What the papers promise is there: settings, commands, pictures, links. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configHelp } from "../../core/config.ts";

const readme = readFileSync("README.md", "utf8");
const operating = readFileSync("docs/operating.md", "utf8");
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };

it.each(Object.keys(configHelp))("%s is explained in the README and for operators", (name) => {
  expect(readme).toContain(`| \`${name}\``);
  expect(operating).toContain(`\`${name}\``);
});

it("every command of the README exists, and every command is in it", () => {
  const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? "");
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
  const silent = ["start", "test", "build", "format"];
  const parts = /^check:/; // of `npm run check`
  const told = (name: string): boolean => named.includes(name) || silent.includes(name) || parts.test(name);
  expect(Object.keys(scripts).filter((name) => !told(name))).toEqual([]);
});

it("every picture and page that the README links to exists", () => {
  const targets = [...readme.matchAll(/(?:\]\(|src=")(?!https?:)([^)"#]+)/g)].map((match) => match[1] ?? "");
  expect(targets.length).toBeGreaterThan(8);
  expect(targets.filter((path) => !existsSync(path))).toEqual([]);
});
