/** `npm run dev`: the screens from Vite, changed as you type, before a hub that runs from dist/ on ./data. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createServer } from "vite";
import { build, root } from "./build.mjs";

const { PORT = "3000" } = process.env;
const target = `http://127.0.0.1:${PORT}`;

await build();
const hub = spawn(process.execPath, [join(root, "dist", "main.js")], {
  cwd: root,
  env: { ...process.env, PORT },
  stdio: ["ignore", "inherit", "inherit"],
});
const screens = await createServer({
  configFile: join(root, "vite.config.ts"),
  server: { proxy: { "/api": { target }, "/socket.io": { target, ws: true } } },
});
await screens.listen();
process.stdout.write("\nScreens with hot reload (server changes need a restart):\n");
screens.printUrls();

let stopping = false;
hub.once("exit", (code) => void end(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end(0));

/** Either of them ends both. */
async function end(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (hub.exitCode === null) {
    const gone = new Promise((resolve) => hub.once("exit", resolve));
    hub.kill("SIGTERM");
    await gone;
  }
  await screens.close();
  process.exit(code);
}
