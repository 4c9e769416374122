import { ref, shallowRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { startSession } from "../../../ui/session.ts";
import type { SessionInfo } from "../types.ts";

/** Sends a form that opens a session; with one, the page asked for before opens. */
export function useEntryForm(send: () => Promise<SessionInfo>) {
  const route = useRoute();
  const router = useRouter();
  const busy = ref(false);
  const error = shallowRef<unknown>();

  async function submit(): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    error.value = undefined;
    try {
      await startSession(await send());
      await router.replace(nextPath(route.query["next"]));
    } catch (failure) {
      error.value = failure;
    } finally {
      busy.value = false;
    }
  }

  return { busy, error, submit };
}

/** Only a path of this site: the address comes from outside. */
export function nextPath(next: unknown): string {
  const path = typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : "/";
  return path.startsWith("/sign-in") ? "/" : path;
}

/** The e-mail is looked at only coarsely here; the server decides. */
export function looksLikeEmail(text: string): boolean {
  return /^\S+@\S+\.\S+$/.test(text.trim());
}
