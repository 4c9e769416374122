// Entries of the menus that several places offer: who, when, which tags.
import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { UserRoundX, UsersRound, X } from "@lucide/vue";
import { formatDateTime } from "../../../ui/format.ts";
import { translate } from "../../../ui/i18n.ts";
import type { MenuEntry } from "../../../ui/kit/menu.ts";
import { session } from "../../../ui/session.ts";
import { useNow } from "../../../ui/use-now.ts";
import type { Conversation, Staff } from "../types.ts";
import { assignable, directory, hueOfTag, photoOf } from "../store/directory.ts";

/** One entry for each, and which is chosen. */
export function peopleEntries(
  people: Staff[],
  current: string | undefined,
  choose: (id: string) => void,
): MenuEntry[] {
  const me = session.value?.me.id;
  return people.map(({ id, name, photoFileId }) => ({
    id,
    label: id === me ? translate("inbox.thread.me", { name }) : name,
    avatar: { name, photo: photoOf(photoFileId) },
    checked: id === current,
    run: () => choose(id),
  }));
}

function assigneeEntries(
  channelId: string,
  current: string | undefined,
  choose: (id: string | null) => void,
): MenuEntry[] {
  const people = peopleEntries(assignable(channelId), current, choose);
  const nobody = {
    id: "nobody",
    label: translate("inbox.thread.nobody"),
    icon: UserRoundX,
    checked: current === undefined,
    run: () => choose(null),
  };
  return [...people, { kind: "line", id: "line" }, nobody];
}

export interface SnoozeChoice {
  id: string;
  until: Date | null;
}

export interface AssignMenu {
  conversation: Pick<Conversation, "channelId"> & {
    assigneeId?: string | undefined;
    teamId?: string | undefined;
  };
  assign: (id: string | null) => void;
  assignTeam: (id: string | null) => void;
}

/** Who a conversation can be given to: people, and below them the teams where there are any. */
export function assignEntries({ conversation, assign, assignTeam }: AssignMenu): MenuEntry[] {
  const people = assigneeEntries(conversation.channelId, conversation.assigneeId, assign);
  if (directory.teams.value.length === 0) return people;
  return [
    { kind: "heading", id: "people", label: translate("inbox.thread.people") },
    ...people,
    { kind: "heading", id: "teams", label: translate("inbox.thread.teams") },
    ...teamEntries(conversation.teamId, assignTeam),
  ];
}

export function teamEntries(current: string | undefined, choose: (id: string | null) => void): MenuEntry[] {
  return [
    ...directory.teams.value.map(({ id, name }) => ({
      id,
      label: name,
      icon: UsersRound,
      checked: id === current,
      run: () => choose(id),
    })),
    ...(current
      ? [{ id: "no-team", label: translate("inbox.thread.noTeam"), icon: X, run: () => choose(null) }]
      : []),
  ];
}

/** Later today, tomorrow and next week in the morning, or until the customer writes. */
export function snoozeChoices(now = new Date()): SnoozeChoice[] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const evening = at(0, 18);
  return [
    { id: "hour", until: new Date(now.getTime() + 3_600_000) },
    { id: "threeHours", until: new Date(now.getTime() + 10_800_000) },
    ...(evening.getTime() - now.getTime() > 3_600_000 ? [{ id: "evening", until: evening }] : []),
    { id: "tomorrow", until: at(1, 9) },
    ...(toMonday > 1 ? [{ id: "monday", until: at(toMonday, 9) }] : []),
    { id: "untilMessage", until: null },
  ];
}

/** The times go on while the menu's screen stays open, minute by minute. */
export function useSnoozeEntries(
  choose: (until: Date | null) => void,
  custom: () => void,
): ComputedRef<MenuEntry[]> {
  const now = useNow();
  const minute = computed(() => Math.floor(now.value / 60_000));
  return computed(() => {
    const choices = snoozeChoices(new Date(minute.value * 60_000)).map(({ id, until }) => ({
      id,
      label: translate(`inbox.snooze.${id}`),
      ...(until ? { hint: formatDateTime(until) } : {}),
      run: () => choose(until),
    }));
    return [
      ...choices,
      { kind: "line", id: "line" },
      { id: "custom", label: translate("inbox.snooze.custom"), run: custom },
    ];
  });
}

/** Tags to tick; the menu stays open for several. */
export function useTagEntries(
  chosen: () => string[],
  toggle: (name: string) => void,
): ComputedRef<MenuEntry[]> {
  const { t } = useI18n();
  return computed(() => {
    const names = [...new Set([...chosen(), ...directory.tags.value.map((tag) => tag.name)])];
    if (names.length === 0) return [{ id: "none", label: t("inbox.tags.none"), disabled: true }];
    return names.map((name) => ({
      id: name,
      label: name,
      tagHue: hueOfTag(name) ?? 0,
      checked: chosen().includes(name),
      keepOpen: true,
      run: () => toggle(name),
    }));
  });
}
