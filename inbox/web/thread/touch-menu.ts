// The long-press menu of a message. Only fingers need it, so only touch screens load it.
import { shallowRef, type Component, type FunctionalComponent } from "vue";

const menu = shallowRef<Component>();
let asked = false;

/** The menu around a message on touch screens; until it is loaded, and for a mouse, the message alone. */
export function touchMenu(wanted: boolean): Component {
  if (wanted && !asked) {
    asked = true;
    void import("../../../ui/kit/MenuContext.vue").then((file) => (menu.value = file.default));
  }
  return (wanted && menu.value) || MessageAlone;
}

const MessageAlone: FunctionalComponent = (_props, { slots }) => slots["default"]?.();
MessageAlone.inheritAttrs = false;
