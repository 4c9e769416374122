import { computed, ref } from "vue";

/** Rows picked for a bulk act; a range goes from the row picked last. */
export function useSelection(order: () => string[]) {
  const picked = ref(new Set<string>());
  let anchor = "";
  const selected = computed(() => order().filter((id) => picked.value.has(id)));

  function toggle(id: string, range = false): void {
    const next = new Set(picked.value);
    if (range && anchor) between(anchor, id).forEach((one) => next.add(one));
    else if (!next.delete(id)) next.add(id);
    anchor = id;
    picked.value = next;
  }

  function between(from: string, to: string): string[] {
    const [start = 0, end = 0] = [order().indexOf(from), order().indexOf(to)].sort((a, b) => a - b);
    return order().slice(Math.max(0, start), end + 1);
  }

  const clear = () => void (picked.value = new Set());
  return { picked, selected, toggle, clear };
}
