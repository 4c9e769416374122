/** Starts the program: configuration, server, the first-run link, and a stop that loses nothing. */
import { ConfigError, readConfig } from "./core/config.ts";
import { isStorageFull } from "./core/errors.ts";
import { createLog } from "./core/log.ts";
import { startServer } from "./server.ts";

process.title = "switchboard";

try {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const server = await startServer(config, { log });
  process.stdout.write(`\nSwitchboard is ready: ${server.hub.address()}\n`);
  const link = await server.firstRunLink();
  if (link)
    process.stdout.write(
      `First run: open this link within 30 minutes, it works once and makes you the owner.\n  ${link}\n(Restart to print a new one.)\n\n`,
    );
  if (config.resetPasswordOf) {
    const reset = await server.passwordLink(config.resetPasswordOf);
    process.stdout.write(
      reset
        ? `A new password for ${config.resetPasswordOf}: open this link within an hour, it works once.\n  ${reset}\n(Start without RESET_PASSWORD again.)\n\n`
        : `RESET_PASSWORD: nobody here signs in with ${config.resetPasswordOf}.\n\n`,
    );
  }
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, "stopping");
      setTimeout(() => process.exit(1), 10_000).unref();
      server.stop().then(
        () => process.exit(0),
        (err: unknown) => {
          log.error({ err }, "stop failed");
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

/** A sentence that says how to mend it; the stack only for what nobody foresaw. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `PORT is taken by another program. Stop it, or set PORT to another number.`;
  if (code === "EACCES")
    return `PORT needs more rights than this process has. Set PORT to a number above 1023.`;
  if (typeof code === "string" && /^data_dir_|^storage/.test(code)) return error.message;
  if (isStorageFull(error))
    return "The disk that holds DATA_DIR is full. Nothing was changed; free some space and start again.";
  if (error.name === "RedisAway") return error.message;
  if (error.name === "MongooseServerSelectionError")
    return "The store at MONGODB_URI cannot be reached. Check the address, and that MongoDB runs there.";
  return error.stack ?? error.message;
}
