/** The development server, which alone has the kit: tests and screenshots look at it there. */
import { join } from "node:path";
import { createServer } from "vite";
import { root } from "../../scripts/build.mjs";
import { freePort } from "./free-port.ts";

export interface KitServer {
  url: string;
  close(): Promise<void>;
}

/** Serves the kit before a hub that answers its questions. */
export async function startKit(hubUrl: string): Promise<KitServer> {
  const port = await freePort();
  const server = await createServer({
    configFile: join(root, "vite.config.ts"),
    logLevel: "error",
    server: {
      port,
      strictPort: true,
      hmr: false,
      proxy: { "/api": { target: hubUrl }, "/socket.io": { target: hubUrl, ws: true } },
    },
  });
  await server.listen();
  return { url: `http://127.0.0.1:${port}/kit`, close: () => server.close() };
}
