import { ref } from "vue";

/** Files dragged over an element; `listeners` go onto it. */
export function useFileDrop(take: (files: File[]) => void) {
  const over = ref(false);
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const listeners = {
    dragover: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      over.value = true;
    },
    dragleave: (event: DragEvent) => {
      const { currentTarget, relatedTarget } = event;
      const inside =
        currentTarget instanceof Node &&
        relatedTarget instanceof Node &&
        currentTarget.contains(relatedTarget);
      if (!inside) over.value = false;
    },
    drop: (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      over.value = false;
      take([...(event.dataTransfer?.files ?? [])]);
    },
  };
  return { over, listeners };
}
