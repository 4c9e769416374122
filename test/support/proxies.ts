/** Two outgoing proxies that count what goes through them: HTTP (CONNECT) and SOCKS5 with a password. */
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface TestProxy {
  url: string;
  /** Targets asked for, as host:port. */
  targets: string[];
  close(): Promise<void>;
}

export async function startHttpProxy(): Promise<TestProxy> {
  const targets: string[] = [];
  const server = createHttpServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request, client: Socket) => {
    targets.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    join(client, Number(port), host ?? "", () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
  });
  return listen(server, targets, "http://");
}

/** RFC 1928 and 1929: user name and password, CONNECT to a name or an IPv4 address. */
export async function startSocksProxy(user: string, password: string): Promise<TestProxy> {
  const targets: string[] = [];
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", () => {
      client.write(Buffer.from([5, 2]));
      client.once("data", (login) => {
        const name = login.subarray(2, 2 + (login[1] ?? 0)).toString();
        const secret = login.subarray(3 + (login[1] ?? 0)).toString();
        if (name !== user || secret !== password) {
          client.end(Buffer.from([1, 1]));
          return;
        }
        client.write(Buffer.from([1, 0]));
        client.once("data", (request) => {
          const target = readTarget(request);
          targets.push(`${target.host}:${target.port}`);
          join(client, target.port, target.host, () =>
            client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])),
          );
        });
      });
    });
  });
  return listen(server, targets, `socks5://${user}:${password}@`);
}

function readTarget(request: Buffer): { host: string; port: number } {
  const named = request[3] === 3;
  const end = named ? 5 + (request[4] ?? 0) : 8;
  const host = named ? request.subarray(5, end).toString() : [...request.subarray(4, 8)].join(".");
  return { host, port: request.readUInt16BE(end) };
}

function join(client: Socket, port: number, host: string, ready: () => void): void {
  const upstream = connect(port, host, () => {
    ready();
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", () => client.destroy());
  client.on("error", () => upstream.destroy());
}

async function listen(server: Server, targets: string[], prefix: string): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${prefix}127.0.0.1:${port}`,
    targets,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
