/** `npm run check`: every check of the package's scripts (`check:…`), as many at once as there are processors; each is told when it ends. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "./build.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const waiting = Object.keys(scripts).filter((name) => name.startsWith("check:"));
let failed = false;

function run(name) {
  return new Promise((resolve) => {
    const check = spawn("npm", ["run", "--silent", name], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    check.stdout.on("data", (chunk) => said.push(chunk));
    check.stderr.on("data", (chunk) => said.push(chunk));
    check.on("close", (code) => {
      failed ||= code !== 0;
      process.stdout.write(`${code === 0 ? "clean " : "FAILED"} ${name}\n`);
      process.stdout.write(Buffer.concat(said));
      resolve();
    });
  });
}

async function lane() {
  for (let name = waiting.shift(); name; name = waiting.shift()) await run(name);
}
await Promise.all(Array.from({ length: availableParallelism() }, lane));
process.exitCode = failed ? 1 : 0;
