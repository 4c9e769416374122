/** Sites of the internet that stand on this machine: what a hub opens by its name ends at one of them, the rest as ever. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";
import { createOutside, reachInternet, type Outside, type Reach } from "../../core/outside.ts";

type Site = (request: IncomingMessage, response: ServerResponse) => void;

export interface Abroad {
  outside: Outside;
  /** Places that were asked for, as often as they were. */
  lookups: string[];
  asked: IncomingMessage[];
  /** The site of one of the names given at the beginning. */
  set(hostname: string, site: Site): void;
  stop(): Promise<void>;
}

/** `strangers`: names that lead here but are in no certificate. */
export async function openAbroad(names: string[], strangers: string[] = []): Promise<Abroad> {
  const sites = new Map<string, Site>();
  const asked: IncomingMessage[] = [];
  const lookups: string[] = [];
  const { private: key, cert } = await generate([{ name: "commonName", value: names[0] ?? "" }], {
    keySize: 2048,
    extensions: [{ name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) }],
  });
  const answer: Site = (request, response) => {
    asked.push(request);
    const site = sites.get((request.headers.host ?? "").replace(/:\d+$/, ""));
    if (site) site(request, response);
    else response.writeHead(404).end();
  };
  const plain = await listen(createServer(answer));
  const secure = await listen(createSecureServer({ key, cert }, answer));
  const internet = reachInternet();
  const reach: Reach = (hostname, port) => {
    lookups.push(`${hostname}:${port}`);
    if (![...names, ...strangers].includes(hostname) || ![80, 443].includes(port))
      return internet(hostname, port);
    return Promise.resolve([{ address: "127.0.0.1", port: portOf(port === 443 ? secure : plain) }]);
  };
  return {
    outside: createOutside(reach, cert),
    asked,
    lookups,
    set: (hostname, site) => void sites.set(hostname, site),
    async stop() {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function listen<T extends Server>(server: T): Promise<T> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
