/** `npm run demo`: builds when needed, then plays the demo in this process, which so hears itself that it is to end. */
import { register } from "tsx/esm/api";
import { build } from "./build.mjs";

try {
  await build();
} catch (error) {
  process.stderr.write(`The build failed: ${error.message}\n`);
  process.exit(1);
}
register();
await import("../demo/main.ts");
