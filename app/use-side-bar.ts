import { computed, toValue } from "vue";
import { useRoute } from "vue-router";
import type { SideBarLink } from "../ui/feature.ts";
import { sideBarItems } from "./features.ts";

/** The links that this person may see, with what is open now and what is counted. */
export function useSideBar() {
  const route = useRoute();
  const items = computed(() =>
    sideBarItems.filter((item) => item.kind === "block" || item.visible?.() !== false),
  );
  const links = computed(() => items.value.filter((item) => item.kind === "link"));
  const isOpen = (link: SideBarLink) =>
    link.match === "/" ? route.path === "/" : route.path.startsWith(link.match);
  const countOf = (link: SideBarLink) => toValue(link.badge) ?? 0;
  return { items, links, isOpen, countOf };
}
