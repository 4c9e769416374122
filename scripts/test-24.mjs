/** `npm run test:24`: HTTP flows, the store and a browser smoke on Node 24, which comes from npm into a folder outside the project. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./build.mjs";

const version = "24.14.0";
const folder = join(tmpdir(), `switchboard-node-${version}`);
const node = join(folder, "node_modules", "node", "bin", "node");
const tests = [
  "test/unit",
  "test/store/mongoose.test.ts",
  "test/store/durability.test.ts",
  "test/store/semantics.test.ts",
  "test/flows/talk.test.ts",
  "test/flows/start.test.ts",
  "test/flows/sign-in.test.ts",
  "test/browser/journey.test.ts",
];

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const install = spawnSync(
    "npm",
    ["install", `node@${version}`, "--no-fund", "--no-audit", "--foreground-scripts"],
    { cwd: folder, stdio: "inherit" },
  );
  if (install.status !== 0 || !existsSync(node)) {
    process.stderr.write(`Node ${version} could not be installed into ${folder}.\n`);
    process.exit(1);
  }
}
const vitest = spawn(node, [join(root, "node_modules", "vitest", "vitest.mjs"), "run", ...tests], {
  cwd: root,
  stdio: "inherit",
});
vitest.on("exit", (code) => process.exit(code ?? 1));
