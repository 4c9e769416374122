import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

export interface Loaded<T> {
  data: ShallowRef<T | undefined>;
  error: ShallowRef<unknown>;
  busy: Ref<boolean>;
  reload: () => Promise<void>;
}

/** Asks at once and again on `reload`; what was there stays on screen meanwhile. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const error = shallowRef<unknown>();
  const busy = ref(false);
  async function reload(): Promise<void> {
    busy.value = true;
    try {
      data.value = await load();
      error.value = undefined;
    } catch (failure) {
      error.value = failure;
    } finally {
      busy.value = false;
    }
  }
  void reload();
  return { data, error, busy, reload };
}
