// Who is signed in. Without a connection the person of the last visit goes on with what this browser keeps.
import { api, ApiError } from "../ui/api.ts";
import { startSession, type Session } from "../ui/session.ts";
import { onConnected } from "../ui/socket.ts";

const key = "last-session";

/** Null when nobody is signed in. */
export async function findSession(): Promise<Session | null> {
  try {
    return remember(await api.get<Session>("/session"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.code === "network" ? goOnOffline() : forget();
  }
}

/** The token for writing is asked for with the first connection; until then nothing can be written anyway. */
function goOnOffline(): Session | null {
  const stored = localStorage.getItem(key);
  if (!stored) return null;
  const stop = onConnected(() => {
    stop();
    void api.get<Session>("/session").then(async (fresh) => startSession(remember(fresh)));
  });
  return { ...(JSON.parse(stored) as Session), csrfToken: "" };
}

function remember(found: Session): Session {
  localStorage.setItem(key, JSON.stringify({ ...found, csrfToken: "" }));
  return found;
}

function forget(): null {
  localStorage.removeItem(key);
  return null;
}
