// The one live connection of this tab. It reconnects on its own clock, so that the screen can say when and offer "now".
import { readonly, ref } from "vue";
import type { Socket } from "socket.io-client";

const connected = ref(false);
const downSince = ref<Date | null>(null);
const nextRetryAt = ref<Date | null>(null);

type Handler = (payload: unknown) => void;
const handlers = new Map<string, Set<Handler>>();
const connectHandlers = new Set<() => void>();

/** Whoever waits for an answer should not wait long for the line once it is back. */
const longestPauseMs = 8000;

let socket: Socket | null = null;
let wanted = false;
let attempt = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** State of the connection for screens: `downSince` is null until the first loss. */
export const socketState = {
  connected: readonly(connected),
  downSince: readonly(downSince),
  nextRetryAt: readonly(nextRetryAt),
};

/** Connects (once); call it after sign-in. The client library is loaded only then. */
export async function connectSocket(): Promise<void> {
  if (wanted) return;
  wanted = true;
  const { io } = await import("socket.io-client");
  if (!wanted) return;
  socket = io({
    path: "/socket.io",
    reconnection: false,
    transports: ["websocket", "polling"],
    withCredentials: true,
  });
  socket.on("connect", opened);
  socket.on("disconnect", lost);
  socket.on("connect_error", refused);
  socket.onAny(tell);
  window.addEventListener("online", retryNow);
}

/** Closes for good, as on sign-out. */
export function closeSocket(): void {
  wanted = false;
  clearTimeout(timer);
  window.removeEventListener("online", retryNow);
  socket?.close();
  socket = null;
  connected.value = false;
  downSince.value = nextRetryAt.value = null;
}

/** Tries at once instead of at `nextRetryAt`. */
export function retryNow(): void {
  clearTimeout(timer);
  nextRetryAt.value = null;
  if (socket && !socket.connected) socket.connect();
}

/** Listens until the returned function is called; survives reconnects. */
export function onLive<T>(event: string, handler: (payload: T) => void): () => void {
  const set = handlers.get(event) ?? new Set<Handler>();
  const listener: Handler = (payload) => handler(payload as T); // the server's own events, typed by its schema
  handlers.set(event, set.add(listener));
  return () => void set.delete(listener);
}

/** Runs after every connect, the first one too: the place to join rooms and catch up. */
export function onConnected(handler: () => void): () => void {
  connectHandlers.add(handler);
  if (connected.value) handler();
  return () => void connectHandlers.delete(handler);
}

/** Says something without waiting; lost when there is no connection (typing, viewing). */
export function sayLive(event: string, payload: unknown): void {
  if (socket?.connected) socket.emit(event, payload);
}

function tell(event: string, payload?: unknown): void {
  handlers.get(event)?.forEach((handler) => handler(payload));
}

/** A session that ended while there was no connection is told of by the refusal. */
function refused(error: Error): void {
  lost();
  if (error.message === "unauthenticated") tell("session_ended");
}

function opened(): void {
  attempt = 0;
  connected.value = true;
  downSince.value = nextRetryAt.value = null;
  connectHandlers.forEach((handler) => handler());
}

function lost(): void {
  if (!wanted) return;
  connected.value = false;
  downSince.value ??= new Date();
  clearTimeout(timer);
  const delay = Math.min(longestPauseMs, 1000 * 2 ** attempt++) * (0.8 + Math.random() * 0.4);
  nextRetryAt.value = new Date(Date.now() + delay);
  timer = setTimeout(retryNow, delay);
}
