// Acts of the signed-in person that the frame itself offers.
import { api } from "../ui/api.ts";
import { endSession, session, updateSession, type Preferences } from "../ui/session.ts";

/** Shown at once and kept on the server, for every device. */
export async function savePreferences(change: Partial<Preferences>): Promise<void> {
  const before = session.value?.preferences;
  if (!before) return;
  await updateSession({ preferences: { ...before, ...change } });
  await api.patch("/preferences", change);
}

/** Ends the session and takes what this browser kept of conversations with it; a new page begins. */
export async function signOut(): Promise<void> {
  await api.delete("/session");
  localStorage.removeItem("last-session");
  endSession();
  const stores = await indexedDB.databases();
  for (const { name } of stores) if (name) indexedDB.deleteDatabase(name);
  location.assign("/sign-in");
}
