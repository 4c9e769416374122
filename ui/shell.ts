// What screens may ask of the frame around them.
import { reactive } from "vue";

export const shell = reactive({
  paletteOpen: false,
  cheatSheetOpen: false,
  /** The wide side bar; a narrow rail stays when it is away. */
  sideBarOpen: localStorage.getItem("side-bar") !== "closed",
  /** Phones: a screen that fills everything hides the bottom tabs. */
  tabsHidden: false,
});

export function toggleSideBar(): void {
  shell.sideBarOpen = !shell.sideBarOpen;
  localStorage.setItem("side-bar", shell.sideBarOpen ? "open" : "closed");
}
