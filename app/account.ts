// The end of a session: the person's own doing, or the server's.
import { watch } from "vue";
import { api, ApiError } from "../ui/api.ts";
import { problemOf } from "../ui/problem.ts";
import { endSession, session } from "../ui/session.ts";
import { showToast } from "../ui/use-toasts.ts";

/** What this browser remembers of a person beside the look. */
const personal = ["last-session", "palette-recent", "emoji-recent"];
/** Whose signing out the other tabs have to follow, also one that is on its way to another page just now. */
const signedOut = "signed-out";
let leaving = false;

/** Ends the session and takes what this browser kept of conversations with it; a new page begins. */
export async function signOut(): Promise<void> {
  const me = session.value?.me.id;
  if (!me || leaving) return;
  leaving = true;
  try {
    await api.delete("/session");
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) return stay(error);
  }
  endSession();
  for (const key of personal) localStorage.removeItem(key);
  localStorage.setItem(signedOut, me);
  dropCopies(me);
  await dropStores(me);
  location.assign("/sign-in");
}

/** Another workspace of the same person: a whole new page there; what is not sent yet here stays and waits. */
export async function changeWorkspace(workspaceId: string): Promise<void> {
  if (leaving) return;
  leaving = true;
  try {
    await api.post("/session/workspace", { workspaceId });
  } catch (error) {
    return stay(error);
  }
  endSession();
  localStorage.removeItem("last-session");
  location.assign("/");
}

/** Takes away what this tab keeps of somebody who signed out in another one; before anybody's copies are read. */
export function followSignOut(): void {
  dropCopies(localStorage.getItem(signedOut));
  window.addEventListener("storage", ({ key, newValue }) => key === signedOut && dropCopies(newValue));
  watch(
    session,
    (now) => now && now.me.id === localStorage.getItem(signedOut) && localStorage.removeItem(signedOut),
  );
}

function dropCopies(me: string | null): void {
  if (!me) return;
  for (const key of Object.keys(sessionStorage)) if (key.includes(me)) sessionStorage.removeItem(key);
}

/**
 * The server ended the session: a whole new page, so that nothing of the former person stays in memory; drafts and
 * unsent messages are kept. A sign-out hears of its own end too and goes its own way.
 */
export function leave(next: string): void {
  if (leaving || !session.value) return;
  endSession();
  location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}

function stay(error: unknown): void {
  leaving = false;
  showToast({ tone: "bad", title: problemOf(error) });
}

/** Only the person's own: somebody else of this browser may have messages that are not sent yet. */
async function dropStores(me: string): Promise<void> {
  const stores = await indexedDB.databases();
  const own = stores.flatMap(({ name }) => (name?.endsWith(me) ? [name] : []));
  await Promise.all(own.map(drop));
}

function drop(name: string): Promise<void> {
  const request = indexedDB.deleteDatabase(name);
  return new Promise((resolve) => {
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
