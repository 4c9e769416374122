// A store that is killed while it is written to: says where it listens, then runs until the signal.
import { serveEmbeddedMongo } from "../../embedded-mongo/index.ts";

const [dataDir = ""] = process.argv.slice(2);
try {
  const { uri } = await serveEmbeddedMongo({ dataDir });
  process.stdout.write(`${JSON.stringify({ uri })}\n`);
  process.stdin.resume();
} catch (error) {
  const refused =
    error instanceof Error && "code" in error
      ? { code: error.code, message: error.message }
      : { code: "unknown" };
  process.stdout.write(`${JSON.stringify(refused)}\n`);
}
