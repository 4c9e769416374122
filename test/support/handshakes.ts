/** A server that answers Meta's question whether an address is ours, as a hub would. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Handshakes {
  url: string;
  /** How often it was asked. */
  asked: number;
  refuse: boolean;
  close(): Promise<void>;
}

export async function startHandshakes(word: string): Promise<Handshakes> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    hooks.asked += 1;
    const right = !hooks.refuse && searchParams.get("hub.verify_token") === word;
    response.writeHead(right ? 200 : 401).end(right ? searchParams.get("hub.challenge") : "no");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const hooks: Handshakes = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    refuse: false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return hooks;
}
