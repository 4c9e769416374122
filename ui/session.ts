// Who is signed in, for every feature. The shape is the part of the API's SessionInfo that the frame and features read.
import { computed, shallowRef } from "vue";
import { setCsrfToken } from "./api.ts";
import { setLocale, type Locale } from "./i18n.ts";
import { closeSocket, connectSocket } from "./socket.ts";
import { singleKeys } from "./use-hotkeys.ts";
import { useTheme, type Accent, type Density, type Theme } from "./use-theme.ts";

export type NotificationKind = "assigned" | "message" | "unassigned" | "mention";

export interface Preferences {
  locale: Locale;
  theme: Theme;
  accent: Accent;
  density: Density;
  sendKey: "enter" | "ctrl_enter";
  singleKeyShortcuts: boolean;
  afterClose: "next" | "previous" | "list";
  notifications: Record<NotificationKind, { sound: boolean; desktop: boolean }>;
  quietHours: { on: boolean; from: string; to: string; allDay: number[] };
  hideSetup: boolean;
}

export interface Me {
  id: string;
  name: string;
  displayName: string;
  position: string;
  role: "super_administrator" | "administrator" | "employee";
  email: string;
  photoFileId?: string | undefined;
  channelIds: "all" | string[];
  active: boolean;
  presence: "online" | "away" | "offline";
}

export interface Session {
  csrfToken: string;
  me: Me;
  workspace: { id: string; name: string; reopenDays: number; createdAt: string };
  /** Those that the person works in; missing in what an older page has kept. */
  workspaces?: { id: string; name: string }[];
  preferences: Preferences;
  version: string;
}

const current = shallowRef<Session | null>(null);

/** Null until somebody is signed in. */
export const session = computed(() => current.value);

/** Takes what GET or POST /session answered: remembers it, wears the person's settings, opens the live connection. */
export async function startSession(next: Session): Promise<void> {
  setCsrfToken(next.csrfToken);
  current.value = next;
  await wearPreferences(next.preferences);
  await connectSocket();
}

/** Nobody is signed in any more. */
export function endSession(): void {
  current.value = null;
  setCsrfToken("");
  closeSocket();
}

/** After a change of the profile, the workspace or the preferences. */
export async function updateSession(change: Partial<Omit<Session, "csrfToken">>): Promise<void> {
  if (!current.value) return;
  current.value = { ...current.value, ...change };
  if (change.preferences) await wearPreferences(change.preferences);
}

async function wearPreferences(preferences: Preferences): Promise<void> {
  const look = useTheme();
  look.theme.value = preferences.theme;
  look.accent.value = preferences.accent;
  look.density.value = preferences.density;
  singleKeys.value = preferences.singleKeyShortcuts;
  await setLocale(preferences.locale);
}
