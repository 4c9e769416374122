// Settings of the signed-in person: shown at once, stored in order, taken back when the server refuses.
import { computed, ref } from "vue";
import { api } from "./api.ts";
import { problemOf } from "./problem.ts";
import { session, updateSession, type Preferences } from "./session.ts";
import { showToast } from "./use-toasts.ts";

const saving = ref(0);
let queue: Promise<void> = Promise.resolve();

export const isSaving = computed(() => saving.value > 0);

/** Resolves when it is stored, or taken back and said so. */
export function savePreferences(change: Partial<Preferences>): Promise<void> {
  const before = session.value?.preferences;
  if (!before) return queue;
  void updateSession({ preferences: { ...before, ...change } });
  queue = queue.then(() => store(change, before));
  return queue;
}

async function store(change: Partial<Preferences>, before: Preferences): Promise<void> {
  saving.value += 1;
  try {
    await api.patch("/preferences", change);
  } catch (error) {
    await takeBack(change, before);
    showToast({ tone: "bad", title: problemOf(error) });
  } finally {
    saving.value -= 1;
  }
}

/** Only what was refused: other settings may have been changed since. */
async function takeBack(change: Partial<Preferences>, before: Preferences): Promise<void> {
  const now = session.value?.preferences;
  const former = Object.fromEntries(Object.entries(before).filter(([name]) => name in change));
  if (now) await updateSession({ preferences: { ...now, ...former } });
}
