// Who is signed in. Without a connection the person of the last visit goes on with what this browser keeps.
import { watch } from "vue";
import { api, ApiError } from "../ui/api.ts";
import { session, startSession, type Session } from "../ui/session.ts";
import { onConnected } from "../ui/socket.ts";

const key = "last-session";
const pauseMs = 3000;

/** Null when nobody is signed in. A server that is starting again, or a proxy before it, is no sign-out. */
export async function findSession(): Promise<Session | null> {
  try {
    return await api.get<Session>("/session");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 401 ? forget() : goOnOffline();
  }
}

/** Keeps who is signed in for a start without a connection; called once. */
export function rememberSession(): void {
  watch(session, (now) => now && localStorage.setItem(key, JSON.stringify({ ...now, csrfToken: "" })), {
    immediate: true,
  });
}

/** The token for writing is asked for with the first connection; until then nothing can be written anyway. */
function goOnOffline(): Session | null {
  const stored = localStorage.getItem(key);
  if (!stored) return null;
  const last = { ...(JSON.parse(stored) as Session), csrfToken: "" };
  const stop = onConnected(() => void renew(last, stop));
  return last;
}

/** Somebody else may have signed in meanwhile: then a whole new page begins. */
async function renew(last: Session, done: () => void): Promise<void> {
  try {
    const fresh = await api.get<Session>("/session");
    done();
    if (fresh.me.id !== last.me.id) return location.reload();
    await startSession(fresh);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 401) setTimeout(() => void renew(last, done), pauseMs);
  }
}

function forget(): null {
  localStorage.removeItem(key);
  return null;
}
