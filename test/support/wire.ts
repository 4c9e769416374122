/** A network cable between a browser and the hub: it can be cut, with everything on it, and plugged in again. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Wire {
  /** The hub, seen through the cable. */
  url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** What is connected now hears nothing more and is not told so, as after a sleep; new connections work. */
  silence(): void;
  restore(): void;
  close(): Promise<void>;
}

export async function startWire(hubUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(hubUrl);
  const ends = new Set<Socket>();
  const pairs = new Set<[near: Socket, far: Socket]>();
  let whole = true;
  const keep = (socket: Socket): void => {
    ends.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => ends.delete(socket));
  };
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) keep(socket);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on("close", () => pairs.delete(pair));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const destroyAll = (): void => ends.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      whole = false;
      destroyAll();
    },
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    restore: () => void (whole = true),
    async close() {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
