// What can be done with one message, for the hover bar, the long-press menu and the keyboard alike.
import { Copy, CornerUpLeft, Forward, Pencil, SmilePlus, Trash2 } from "@lucide/vue";
import { translate } from "../../../ui/i18n.ts";
import type { MenuAction } from "../../../ui/kit/menu.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import { session } from "../../../ui/session.ts";
import { tellFailure } from "../store/acts.ts";
import { capabilitiesOf } from "../store/directory.ts";
import { inboxApi } from "../store/inbox-api.ts";
import { discardEntry, retryEntry } from "../store/outbox.ts";
import type { Capabilities, Conversation, ShownMessage } from "../types.ts";

/** What the thread's screen does for a message. */
export interface MessageDoor {
  reply: (message: ShownMessage) => void;
  edit: (message: ShownMessage) => void;
  forward: (message: ShownMessage) => void;
  remove: (message: ShownMessage) => void;
  jump: (messageId: string) => void;
  keepFocus: () => void;
}

type Place = Pick<Conversation, "channelId" | "threadKey">;

/** The acts this message allows: the channel's abilities, who wrote it, and where it stands. */
export function actsFor(message: ShownMessage, where: Place, door: MessageDoor): MenuAction[] {
  const can = capabilitiesOf(where)?.outbound;
  if (message.local) return [copyAct(message)].filter((act) => act !== undefined);
  if (message.deletedAt) return [];
  const acts = [
    can?.reply && arrived(message) && message.type !== "note"
      ? {
          id: "reply",
          label: translate("inbox.message.reply"),
          icon: CornerUpLeft,
          run: () => door.reply(message),
        }
      : undefined,
    can?.forward && arrived(message) && message.type !== "note"
      ? {
          id: "forward",
          label: translate("inbox.message.forward"),
          icon: Forward,
          run: () => door.forward(message),
        }
      : undefined,
    copyAct(message),
    mayEdit(message, can)
      ? { id: "edit", label: translate("inbox.message.edit"), icon: Pencil, run: () => door.edit(message) }
      : undefined,
    mayDelete(message, can)
      ? {
          id: "delete",
          label: translate("inbox.message.delete"),
          icon: Trash2,
          danger: true,
          run: () => door.remove(message),
        }
      : undefined,
  ];
  return acts.filter((act) => act !== undefined);
}

/** Emoji the channel lets us react with to this message. */
export function reactionsFor(message: ShownMessage, where: Place): string[] {
  if (message.local || message.deletedAt || message.type === "note" || !arrived(message)) return [];
  return capabilitiesOf(where)?.outbound.reaction ?? [];
}

export const reactIcon = SmilePlus;

/** Platforms name some emoji without the sign that makes them colourful: ❤ is shown as ❤️. */
export function colourful(emoji: string): string {
  return /^\P{Emoji_Presentation}$/u.test(emoji) ? `${emoji}\uFE0F` : emoji;
}

/** One reaction of ours; the same again takes it away. */
export function react(message: ShownMessage, emoji: string): void {
  const own = message.reactions?.find((one) => one.by === "staff")?.emoji;
  void inboxApi.react(message.id, own === emoji ? null : emoji).catch(tellFailure);
}

export function mayEdit(message: ShownMessage, can: Capabilities["outbound"] | undefined): boolean {
  if (message.deletedAt || message.sender.kind !== "staff" || message.sender.id !== session.value?.me.id)
    return false;
  if (message.content.buttons?.length) return false;
  if (message.type === "note") return true;
  if (message.type !== "outgoing" || !arrived(message)) return false;
  const captioned = (message.content.attachments?.length ?? 0) > 0;
  return captioned ? can?.editCaption === true : can?.edit === true;
}

function mayDelete(message: ShownMessage, can: Capabilities["outbound"] | undefined): boolean {
  if (message.type === "note") return message.sender.id === session.value?.me.id;
  return message.type === "outgoing" && arrived(message) && can?.delete === true;
}

/** Known to the platform: incoming, or sent. */
function arrived(message: ShownMessage): boolean {
  const state = message.delivery?.state;
  return message.type !== "outgoing" || state === "sent" || state === "delivered" || state === "read";
}

function copyAct(message: ShownMessage): MenuAction | undefined {
  const text = message.content.text;
  return text
    ? { id: "copy", label: translate("inbox.message.copy"), icon: Copy, run: () => void copyText(text) }
    : undefined;
}

export async function copyText(text: string): Promise<void> {
  if ("clipboard" in navigator) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
  showToast({ title: translate("ui.copied") });
}

/** Over plain http a page has no clipboard of its own. */
function copyBySelection(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Again, wherever it got stuck: before the server or after it. */
export function retryMessage(message: ShownMessage): void {
  if (message.local) void retryEntry(message.id);
  else void inboxApi.retryMessage(message.id).catch(tellFailure);
}

export function discardMessage(message: ShownMessage): void {
  if (message.local) void discardEntry(message.id);
  else void inboxApi.discardMessage(message.id).catch(tellFailure);
}
