import { ref, shallowRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { startSession } from "../../../ui/session.ts";
import { nextPath } from "./checks.ts";
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
