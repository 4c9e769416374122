import { reactive } from "vue";

/** Which of the open conversation's menus is open; its header, shortcuts and the palette open them. */
export const openMenus = reactive({ assign: false, snooze: false, tags: false, customSnooze: false });

export function closeMenus(): void {
  Object.assign(openMenus, { assign: false, snooze: false, tags: false, customSnooze: false });
}
