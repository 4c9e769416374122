// The swipes of a row. Only fingers need them, so only touch screens load them.
import { shallowRef, type Component, type FunctionalComponent } from "vue";

const row = shallowRef<Component>();
let asked = false;

/** What carries a row under a finger on touch screens; until it is loaded, and for a mouse, the row alone. */
export function swipeRow(wanted: boolean): Component {
  if (wanted && !asked) {
    asked = true;
    void import("./RowSwipe.vue").then((file) => (row.value = file.default));
  }
  return (wanted && row.value) || RowAlone;
}

const RowAlone: FunctionalComponent = (_props, { slots }) => slots["default"]?.();
RowAlone.inheritAttrs = false;
