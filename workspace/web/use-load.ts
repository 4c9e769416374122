import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

export interface Loaded<T> {
  data: ShallowRef<T | undefined>;
  error: ShallowRef<unknown>;
  busy: Ref<boolean>;
  reload: () => Promise<void>;
}

/** Asks at once and again on `reload`; what was there stays on screen meanwhile, and a late older answer is dropped. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const error = shallowRef<unknown>();
  const busy = ref(false);
  let asked = 0;
  async function reload(): Promise<void> {
    const turn = ++asked;
    busy.value = true;
    try {
      const loaded = await load();
      if (turn === asked) [data.value, error.value] = [loaded, undefined];
    } catch (failure) {
      if (turn === asked) error.value = failure;
    } finally {
      if (turn === asked) busy.value = false;
    }
  }
  void reload();
  return { data, error, busy, reload };
}
