/**
 * telegram-test-api, a Bot API emulator by others, as a second opinion beside our own simulator. It lacks long polling,
 * media, secret headers and https; a relay in front of it adds what a webhook needs.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { buffer } from "node:stream/consumers";
import TelegramServer from "telegram-test-api";
import { z } from "zod";
import { freePort } from "./free-port.ts";

export interface Emulator {
  server: TelegramServer;
  url: string;
  close(): Promise<void>;
}

export async function startEmulator(): Promise<Emulator> {
  const server = new TelegramServer({ host: "127.0.0.1", port: await freePort() });
  await server.start();
  return { server, url: server.config.apiURL, close: async () => void (await server.stop()) };
}

export interface Relay {
  /** The Bot API to give to the hub. */
  url: string;
  close(): Promise<void>;
}

/**
 * Passes Bot API calls on. It keeps the address and the secret of setWebhook to itself, lets the emulator deliver over
 * plain http to the relay, and delivers from there as Telegram does: to the real address, with the secret header.
 */
export async function startRelay(emulatorUrl: string, deliver: typeof fetch = fetch): Promise<Relay> {
  let webhook: { url: string; secret_token: string } | undefined;
  const server = createServer((request, response) => {
    const answer = async (): Promise<Response> => {
      const body = await buffer(request);
      if (request.url === "/delivery" && webhook)
        return deliver(webhook.url, {
          method: "POST",
          headers: deliveryHeaders(webhook.secret_token),
          body: new Uint8Array(body),
        });
      if (!request.url?.endsWith("/setWebhook")) return passOn(request, body);
      webhook = z.object({ url: z.string(), secret_token: z.string() }).parse(JSON.parse(body.toString()));
      return passOn(request, Buffer.from(JSON.stringify({ url: `${urlOf(server)}/delivery` })));
    };
    void answer().then(
      async (answered) => response.writeHead(answered.status).end(await answered.text()),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  const passOn = (request: IncomingMessage, body: Buffer): Promise<Response> => {
    const headers = { "content-type": request.headers["content-type"] ?? "application/json" };
    return fetch(`${emulatorUrl}${request.url ?? ""}`, {
      method: request.method ?? "GET",
      headers,
      body: new Uint8Array(body),
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: urlOf(server), close: () => closed(server) };
}

function deliveryHeaders(secret: string) {
  return { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret };
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
