import { ref } from "vue";

/** How many unread things the tab's title and icon tell of; a feature sets it. */
export const unreadInTitle = ref(0);
