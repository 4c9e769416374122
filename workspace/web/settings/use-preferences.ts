// Settings of the signed-in person: shown at once, stored in order, taken back when the server refuses.
import { computed, ref } from "vue";
import { session, updateSession, type Preferences } from "../../../ui/session.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import { problemText } from "../problem.ts";
import { workspaceApi } from "../workspace-api.ts";

const saving = ref(0);
let queue: Promise<void> = Promise.resolve();

export const isSaving = computed(() => saving.value > 0);

export function usePreferences() {
  const preferences = computed(() => session.value?.preferences);
  return { preferences, save: savePreferences };
}

export function savePreferences(change: Partial<Preferences>): void {
  const before = session.value?.preferences;
  if (!before) return;
  void updateSession({ preferences: { ...before, ...change } });
  queue = queue.then(() => store(change, before));
}

async function store(change: Partial<Preferences>, before: Preferences): Promise<void> {
  saving.value += 1;
  try {
    await workspaceApi.patchPreferences(change);
  } catch (error) {
    await updateSession({ preferences: before });
    showToast({ tone: "bad", title: problemText(error) });
  } finally {
    saving.value -= 1;
  }
}
