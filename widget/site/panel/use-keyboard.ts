/** On a phone the panel ends where the keyboard begins, also where the page does not say `interactive-widget`. */
import { onUnmounted, ref, type Ref } from "vue";

export function useKeyboard(): { height: Ref<number> } {
  const height = ref(0);
  const view = window.visualViewport;
  const measure = (): void => {
    height.value = view && innerWidth < 480 && view.height < innerHeight - 60 ? view.height : 0;
  };
  view?.addEventListener("resize", measure);
  onUnmounted(() => view?.removeEventListener("resize", measure));
  return { height };
}
