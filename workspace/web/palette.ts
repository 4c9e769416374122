// What these screens give to the command palette.
import { ListChecks, Plug, Plus, UserPlus } from "@lucide/vue";
import type { Component } from "vue";
import type { PaletteCommand, PaletteSource } from "../../ui/feature.ts";
import { locales, translate, translateIn } from "../../ui/i18n.ts";
import { goTo } from "../../ui/navigate.ts";
import { savePreferences } from "../../ui/preferences.ts";
import { session } from "../../ui/session.ts";
import { directory, isAdministrator } from "./directory.ts";

const palette: PaletteSource = {
  commands: () => [
    { ...command("channels", "workspace.channels.title", Plug, "/channels"), keys: "G C" },
    ...[...directory.channels.values()].map(({ id, handle, name }) => ({
      id: `channel-${id}`,
      title: handle,
      hint: translate("workspace.channels.title"),
      keywords: name,
      icon: Plug,
      group: "go" as const,
      run: () => goTo(`/channels/${id}`),
    })),
    ...(isAdministrator.value ? forAdministrators() : []),
  ],
};
export default palette;

function forAdministrators(): PaletteCommand[] {
  const setup: PaletteCommand = {
    ...command("setup", "workspace.home.setup.show", ListChecks, "/"),
    run: () => {
      void savePreferences({ hideSetup: false });
      goTo("/");
    },
  };
  return [
    { ...command("connect", "workspace.channels.connect", Plus, "/channels/connect"), group: "create" },
    { ...command("invite", "workspace.settings.team.invite", UserPlus, "/settings/team"), group: "create" },
    ...(session.value?.preferences.hideSetup ? [setup] : []),
  ];
}

function command(id: string, title: string, icon: Component, to: string): PaletteCommand {
  return {
    id: `workspace-${id}`,
    title: translate(title),
    keywords: locales.map((one) => translateIn(one, title)).join(" "),
    icon,
    group: "go",
    run: () => goTo(to),
  };
}
