/** `npm start`: builds when needed, then runs dist/ in this process. */
import { build } from "./build.mjs";

try {
  await build();
} catch (error) {
  process.stderr.write(`The build failed: ${error.message}\n`);
  process.exit(1);
}
await import("../dist/main.js");
