import { computed } from "vue";
import { savePreferences } from "../../../ui/preferences.ts";
import { session, type Preferences } from "../../../ui/session.ts";

/** The settings of the signed-in person; `save` shows a change at once. */
export function usePreferences() {
  const preferences = computed(() => session.value?.preferences);
  const save = (change: Partial<Preferences>) => void savePreferences(change);
  return { preferences, save };
}
