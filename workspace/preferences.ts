import { preferences, type Locale, type Preferences } from "./schema.ts";

export function defaultPreferences(locale: Locale): Preferences {
  const on = { sound: true, desktop: true };
  return {
    locale,
    theme: "auto",
    accent: "indigo",
    density: "comfortable",
    sendKey: "enter",
    singleKeyShortcuts: true,
    afterClose: "next",
    notifications: { assigned: on, message: on, unassigned: { sound: false, desktop: true }, mention: on },
    quietHours: { on: false, from: "20:00", to: "09:00", allDay: [] },
    hideSetup: false,
  };
}

/** What is stored, with defaults for settings that are newer than it. */
export function readPreferences(stored: Record<string, unknown>): Preferences {
  const locale = stored["locale"] === "ru" ? "ru" : "en";
  const merged = preferences.safeParse({ ...defaultPreferences(locale), ...stored });
  return merged.success ? merged.data : defaultPreferences(locale);
}
