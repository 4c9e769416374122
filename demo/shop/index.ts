/**
 * The shop of the demo: a site of its own on another origin than the hub, under the strict policy that the widget promises
 * to keep. `?plain` shows a page without the widget, to be measured beside the one with it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { pictureOf } from "../pictures.ts";
import { bodyOf, page, wares } from "./pages.ts";

export interface Shop {
  url: string;
  close(): Promise<void>;
}

/** `hub` is where the loader comes from, `key` the widget's; both are asked for at each request. */
export async function openShop(
  port: number,
  widget: () => { hub: string; key: string } | undefined,
): Promise<Shop> {
  const server = createServer((request, response) => {
    serve(request, response, widget()).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  widget: { hub: string; key: string } | undefined,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
  const picture = wares.find((ware) => pathname === `/pictures/${ware.picture}.jpg`);
  if (picture)
    return answer(response, 200, "image/jpeg", await pictureOf(picture.picture), "public, max-age=3600");
  if (pathname === "/shop.css")
    return answer(
      response,
      200,
      "text/css",
      await readFile(new URL("./shop.css", import.meta.url)),
      "no-cache",
    );
  if (pathname === "/icon.svg")
    return answer(response, 200, "image/svg+xml", Buffer.from(icon), "public, max-age=3600");
  const body = bodyOf(pathname);
  const loader =
    widget && !searchParams.has("plain") ? { src: `${widget.hub}/w.js`, key: widget.key } : undefined;
  response.setHeader("content-security-policy", policy(widget?.hub));
  const html = page(pathname, body ?? "<h1>There is nothing here</h1>", loader);
  answer(response, body ? 200 : 404, "text/html; charset=utf-8", Buffer.from(html), "no-cache");
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#a84a24"/><path fill="#fff" d="M9 11h11v9a3 3 0 0 1-3 3h-5a3 3 0 0 1-3-3z"/></svg>`;

/** The lines that the widget's installation page names, and nothing more. */
function policy(hub = ""): string {
  return [
    "default-src 'self'",
    `script-src 'self' ${hub}`,
    "style-src 'self'",
    `connect-src 'self' ${hub} ${hub.replace(/^http/, "ws")}`,
    `img-src 'self' data: blob: ${hub}`,
    `media-src 'self' blob: ${hub}`,
  ].join("; ");
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array,
  cache: string,
): void {
  response.writeHead(status, { "content-type": type, "cache-control": cache }).end(body);
}
