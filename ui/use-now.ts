import { readonly, ref } from "vue";

const now = ref(Date.now());
setInterval(() => (now.value = Date.now()), 1000);

/** The time, once a second, from one shared timer. */
export function useNow() {
  return readonly(now);
}
