/** A reverse proxy with TLS of its own in front of the hub, as an installation with a public address has one. */
import { createServer } from "node:https";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { Agent, fetch as undiciFetch, type RequestInit } from "undici";

export interface HttpsFront {
  /** `https://hub.example:<port>`; the name leads here by `fetch` alone. */
  url: string;
  /** Knows the way to the front and trusts nothing but its certificate. */
  fetch: typeof fetch;
  /** Requests that came over TLS. */
  passed(): number;
  close(): Promise<void>;
}

const host = "hub.example";

/** `target` is asked at each request: the hub may start after its front. */
export async function startHttpsFront(target: () => string): Promise<HttpsFront> {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }],
  });
  let passed = 0;
  const server = createServer({ key, cert }, (incoming, response) => {
    passed += 1;
    const { method, headers, url = "/" } = incoming;
    const onward = request(new URL(url, target()), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({
    connect: {
      ca: cert,
      lookup: (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
    },
  });
  return {
    url: `https://${host}:${port}`,
    fetch: ((input: string | URL, init?: globalThis.RequestInit) =>
      undiciFetch(input, { ...(init as RequestInit), dispatcher: agent })) as unknown as typeof fetch,
    passed: () => passed,
    async close() {
      await agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
