/** Who takes an upgrade of a connection: by path. Socket.IO takes its own; what nobody takes is refused at once. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

type Take = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Upgrades {
  add(path: string, take: Take): void;
}

export function createUpgrades(server: Server): Upgrades {
  const takers = new Map<string, Take>();
  server.on("upgrade", (request, socket: Duplex, head: Buffer) => {
    // Node has taken its own listener off: a peer that resets the connection now would end the process.
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?")[0] ?? "";
    if (path.startsWith("/socket.io/")) return;
    const take = takers.get(path);
    if (take) take(request, socket, head);
    else refuseUpgrade(socket, 404, "Not Found");
  });
  return { add: (path, take) => void takers.set(path, take) };
}

/** Answers an upgrade with a plain refusal and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
