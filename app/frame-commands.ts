// The palette's commands that belong to no feature: every screen of the side bar, every settings page, the look.
import { Keyboard, Languages, LogOut, PanelLeft, SunMoon } from "@lucide/vue";
import type { PaletteCommand } from "../ui/feature.ts";
import { locale, locales, translate, translateIn } from "../ui/i18n.ts";
import { savePreferences } from "../ui/preferences.ts";
import { shell, toggleSideBar } from "../ui/shell.ts";
import { useTheme } from "../ui/use-theme.ts";
import { signOut } from "./account.ts";
import { settingsPages, sideBarItems } from "./features.ts";
import { goTo } from "../ui/navigate.ts";

export function frameCommands(): PaletteCommand[] {
  return [...screens(), ...settings(), ...look()];
}

/** A title in every loaded language, so that "настройки" finds "Settings". */
export function wordsOf(key: string): string {
  return locales.map((one) => translateIn(one, key)).join(" ");
}

function screens(): PaletteCommand[] {
  return sideBarItems.flatMap((item) => {
    if (item.kind === "block" || item.visible?.() === false) return [];
    return [
      {
        id: `go-${item.id}`,
        title: translate(item.title),
        keywords: wordsOf(item.title),
        icon: item.icon,
        group: "go" as const,
        run: () => goTo(item.to),
      },
    ];
  });
}

function settings(): PaletteCommand[] {
  return settingsPages
    .filter((page) => page.visible?.() !== false)
    .map((page) => ({
      id: `settings-${page.id}`,
      title: translate(page.title),
      hint: translate("app.settings.title"),
      keywords: [page.title, "app.settings.title", ...(page.entries ?? []).map((entry) => entry.title)]
        .map(wordsOf)
        .join(" "),
      icon: page.icon,
      group: "go" as const,
      run: () => goTo(`/settings/${page.id}`),
    }));
}

function look(): PaletteCommand[] {
  const other = locale.value === "en" ? "ru" : "en";
  const theme = useTheme().dark.value ? "light" : "dark";
  return [
    {
      ...command("theme", "app.palette.theme", SunMoon, () => void savePreferences({ theme })),
      keywords: [
        ...["palette.theme", "theme.title", "theme.dark", "theme.light"].map((key) => wordsOf(`app.${key}`)),
        "dark mode ночной режим",
      ].join(" "),
    },
    {
      ...command(
        "language",
        `app.language.${other}`,
        Languages,
        () => void savePreferences({ locale: other }),
      ),
      keywords: "language язык english русский",
    },
    { ...command("side-bar", "app.palette.sideBar", PanelLeft, toggleSideBar), keys: "[" },
    { ...command("keys", "app.menu.keys", Keyboard, () => void (shell.cheatSheetOpen = true)), keys: "?" },
    command("sign-out", "app.signOut", LogOut, () => void signOut()),
  ];
}

function command(
  id: string,
  title: string,
  icon: PaletteCommand["icon"] & object,
  run: () => void,
): PaletteCommand {
  return { id, title: translate(title), keywords: wordsOf(title), icon, group: "appearance", run };
}
