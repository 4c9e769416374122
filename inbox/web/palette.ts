// What the inbox gives to the command palette: acts on the open conversation, its views, contacts and messages found.
import {
  AlarmClock,
  Check,
  MessageSquareText,
  Reply,
  RotateCcw,
  SquarePen,
  StickyNote,
  Tag,
  UserRound,
  UserRoundCheck,
  UserRoundPlus,
  UsersRound,
} from "@lucide/vue";
import type { Component } from "vue";
import type { PaletteCommand, PaletteSource } from "../../ui/feature.ts";
import { formatListTime } from "../../ui/format.ts";
import { locales, translate, translateIn } from "../../ui/i18n.ts";
import { goTo } from "../../ui/navigate.ts";
import { session } from "../../ui/session.ts";
import { beginning } from "./begin/begin.ts";
import { openMenus } from "./acts/open-menus.ts";
import { viewIcons } from "./side/view-icons.ts";
import { assignable, directory } from "./store/directory.ts";
import { inboxApi } from "./store/inbox-api.ts";
import { context } from "./use-context.ts";
import { views } from "./use-inbox-route.ts";

const palette: PaletteSource = {
  commands: () => [...contextCommands(), ...viewCommands(), ...teamCommands(), beginCommand()],
  search,
};
export default palette;

function contextCommands(): PaletteCommand[] {
  const open = context.value;
  const one = open?.conversation();
  if (!open || !one) return [];
  const { acts } = open;
  const me = session.value?.me.id ?? null;
  return [
    one.state === "resolved"
      ? command("reopen", "inbox.thread.reopen", RotateCcw, acts.reopen, "E")
      : command("close", "inbox.thread.close", Check, acts.close, "E"),
    ...(one.assigneeId === me
      ? []
      : [command("assign-me", "inbox.palette.assignMe", UserRoundCheck, () => acts.assign(me))]),
    command("assign", "inbox.palette.assignTo", UserRoundPlus, () => void (openMenus.assign = true), "A"),
    command("snooze", "inbox.thread.snooze", AlarmClock, () => void (openMenus.snooze = true), "H"),
    command("tag", "inbox.palette.addTag", Tag, () => void (openMenus.tags = true), "L"),
    command("unread", "inbox.thread.unread", MessageSquareText, acts.markUnread, "U"),
    command("reply", "inbox.palette.reply", Reply, () => open.write("reply"), "R"),
    command("note", "inbox.palette.note", StickyNote, () => open.write("note"), "N"),
    ...assignable(one.channelId)
      .filter(({ id }) => id !== me && id !== one.assigneeId)
      .map(({ id, name }) =>
        named(`assign-${id}`, "assignPerson", name, UserRoundPlus, () => acts.assign(id)),
      ),
    ...directory.tags.value.map(({ name }) =>
      named(`tag-${name}`, one.tags.includes(name) ? "untag" : "tag", name, Tag, () => acts.toggleTag(name)),
    ),
  ];
}

/** A command upon one of many: found by what it does, in any language, and by the name. */
function named(id: string, act: string, name: string, icon: Component, run: () => void): PaletteCommand {
  const key = `inbox.palette.${act}`;
  return { ...command(id, key, icon, run), title: translate(key, { name }), typed: true };
}

function teamCommands(): PaletteCommand[] {
  return directory.teams.value.map(({ id, name }) => ({
    ...command(`team-${id}`, "inbox.list.team", UsersRound, () =>
      goTo({ path: "/inbox/all", query: { team: id } }),
    ),
    title: name,
    hint: translate("inbox.list.team"),
    group: "go",
  }));
}

function beginCommand(): PaletteCommand {
  const begin = () => void (beginning.value = true);
  return { ...command("begin", "inbox.begin", SquarePen, begin, "C"), group: "create" };
}

function viewCommands(): PaletteCommand[] {
  return views.map((view) => ({
    ...command(`view-${view}`, `inbox.views.${view}`, viewIcons[view], () => goTo(`/inbox/${view}`)),
    hint: translate("inbox.title"),
    group: "go",
  }));
}

async function search(words: string, signal: AbortSignal): Promise<PaletteCommand[]> {
  const found = await inboxApi.search(words, signal);
  const contacts = found.contacts.flatMap(({ id, name, label, conversationId }): PaletteCommand[] =>
    conversationId
      ? [
          {
            id: `contact-${id}`,
            title: name,
            hint: label,
            icon: UserRound,
            group: "results",
            run: () => goTo(`/inbox/all/${conversationId}`),
          },
        ]
      : [],
  );
  const messages = found.messages.map((message): PaletteCommand => ({
    id: `message-${message.messageId}`,
    title: excerpt(message.text, words),
    hint: translate("inbox.palette.message", { name: message.contactName, time: formatListTime(message.at) }),
    icon: MessageSquareText,
    group: "results",
    run: () => goTo({ path: `/inbox/all/${message.conversationId}`, query: { seq: String(message.seq) } }),
  }));
  return [...contacts, ...messages];
}

const leadChars = 24;

/** The part of a long text where the words stand, from the beginning of a word. */
export function excerpt(text: string, words: string): string {
  const folded = fold(text);
  const places = fold(words)
    .split(/\s+/)
    .map((word) => folded.indexOf(word))
    .filter((at) => at >= 0);
  const at = Math.min(...places);
  const start = at > leadChars && at < text.length ? wordBefore(text, at) : 0;
  return `${start > 0 ? "…" : ""}${text.slice(start, start + 90)}`;
}

/** Where a word begins a little before this place, at the latest the one that stands here. */
function wordBefore(text: string, at: number): number {
  const gap = text.slice(at - leadChars, at).search(/\s\S/);
  return gap >= 0 ? at - leadChars + gap + 1 : text.slice(0, at).search(/\S*$/);
}

function fold(text: string): string {
  return text.toLocaleLowerCase().replaceAll("ё", "е");
}

function command(id: string, title: string, icon: Component, run: () => void, keys?: string): PaletteCommand {
  const keywords = locales.map((one) => translateIn(one, title)).join(" ");
  return {
    id: `inbox-${id}`,
    title: translate(title),
    keywords,
    icon,
    group: "context",
    run,
    ...(keys ? { keys } : {}),
  };
}
