/** On a phone the panel ends where the keyboard begins, also where the page does not say `interactive-widget`. */
import { onUnmounted, ref, type Ref } from "vue";

const phone = 480;
/** Bars of the browser that come and go are lower than any keyboard. */
const least = 60;

/** Inline style for the panel: what is seen of the page, when that is less than the page. */
export function useKeyboard(): Ref<Record<string, string>> {
  const style = ref<Record<string, string>>({});
  const view = window.visualViewport;
  const measure = (): void => {
    const covered = view && innerWidth < phone && view.height * view.scale < innerHeight - least;
    style.value = covered
      ? { height: `${view.height}px`, transform: `translateY(${view.offsetTop}px)` } // iOS moves the page up
      : {};
  };
  for (const event of ["resize", "scroll"]) view?.addEventListener(event, measure);
  onUnmounted(() => {
    for (const event of ["resize", "scroll"]) view?.removeEventListener(event, measure);
  });
  return style;
}
