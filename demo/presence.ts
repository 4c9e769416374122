/** Colleagues who have the hub open: they are online, and one is looking at a conversation. */
import { io, type Socket } from "socket.io-client";
import type { People } from "./people.ts";

/** Resolves when both are there; call what it gives to let them go. */
export async function beThere({ mark, daria }: People, watched: string): Promise<() => Promise<void>> {
  const sockets = await Promise.all([mark, daria].map(connect));
  sockets.at(-1)?.emit("view", { conversationId: watched, replying: false });
  return () => {
    for (const socket of sockets) socket.disconnect();
    return Promise.resolve();
  };
}

function connect({ url, cookie }: People["mark"]): Promise<Socket> {
  const socket = io(url, {
    path: "/socket.io",
    transports: ["websocket"],
    extraHeaders: { cookie, origin: url },
  });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
  });
}
