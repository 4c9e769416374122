import { watchEffect } from "vue";
import { useI18n } from "vue-i18n";
import { useRoute } from "vue-router";
import { unreadInTitle } from "../ui/window-title.ts";

/** "(3) Inbox · Switchboard" */
export function useWindowTitle(): void {
  const route = useRoute();
  const { t } = useI18n();
  watchEffect(() => {
    const count = unreadInTitle.value > 0 ? `(${unreadInTitle.value}) ` : "";
    const page = route.meta.title ? `${t(route.meta.title)} · ` : "";
    document.title = `${count}${page}Switchboard`;
  });
}
