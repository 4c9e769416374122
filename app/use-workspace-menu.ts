import { CircleHelp, House, Keyboard, ListChecks, PanelLeft, Settings } from "@lucide/vue";
import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { useRouter } from "vue-router";
import type { MenuEntry } from "../ui/kit/menu.ts";
import { savePreferences } from "../ui/preferences.ts";
import { session } from "../ui/session.ts";
import { changeWorkspace } from "./account.ts";
import { shell, toggleSideBar } from "../ui/shell.ts";

/** The menu under the workspace's name. */
export function useWorkspaceMenu(): ComputedRef<MenuEntry[]> {
  const { t } = useI18n();
  const router = useRouter();

  /** Brings back the checklist that was hidden on the home screen. */
  function setupEntry(): MenuEntry[] {
    if (!session.value?.preferences.hideSetup || session.value.me.role === "employee") return [];
    const run = () => void savePreferences({ hideSetup: false }).then(() => router.push("/"));
    return [{ id: "setup", label: t("app.menu.setup"), icon: ListChecks, run }];
  }

  /** Only for those who work in several. */
  function workspaceEntries(): MenuEntry[] {
    const all = session.value?.workspaces ?? [];
    if (all.length < 2) return [];
    const here = session.value?.workspace.id;
    return [
      { kind: "heading", id: "workspaces", label: t("app.menu.workspaces") },
      ...all.map(({ id, name }) => ({
        id: `workspace-${id}`,
        label: name,
        checked: id === here,
        run: () => void (id !== here && changeWorkspace(id)),
      })),
      { kind: "line", id: "line-workspaces" },
    ];
  }

  return computed<MenuEntry[]>(() => [
    ...workspaceEntries(),
    { id: "home", label: t("app.menu.home"), icon: House, keys: "G H", run: () => void router.push("/") },
    {
      id: "settings",
      label: t("app.settings.title"),
      icon: Settings,
      keys: "G S",
      run: () => void router.push("/settings"),
    },
    ...setupEntry(),
    { kind: "line", id: "line" },
    {
      id: "keys",
      label: t("app.menu.keys"),
      icon: Keyboard,
      keys: "?",
      run: () => void (shell.cheatSheetOpen = true),
    },
    { id: "side-bar", label: t("app.menu.hideSideBar"), icon: PanelLeft, keys: "[", run: toggleSideBar },
    {
      id: "api",
      label: t("app.menu.api"),
      icon: CircleHelp,
      run: () => void window.open("/docs", "_blank", "noopener"),
    },
  ]);
}
