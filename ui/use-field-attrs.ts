import { computed, useAttrs } from "vue";

/** A field's class belongs to its frame, everything else to the input inside. */
export function useFieldAttrs() {
  const attrs = useAttrs();
  const frameClass = computed(() => attrs["class"]);
  const inputAttrs = computed(() => {
    const { class: _frame, ...rest } = attrs;
    return rest;
  });
  return { frameClass, inputAttrs };
}
