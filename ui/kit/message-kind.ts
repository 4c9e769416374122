// What messages without words are called, and their signs.
import {
  Film,
  Image,
  MapPin,
  Mic,
  MousePointerClick,
  Music,
  Paperclip,
  Sticker,
  UserRound,
  Video,
  CircleQuestionMark,
  Info,
  Trash2,
} from "@lucide/vue";
import type { Component } from "vue";

const icons: Record<string, Component> = {
  image: Image,
  video: Video,
  animation: Film,
  audio: Music,
  voice: Mic,
  video_note: Video,
  document: Paperclip,
  sticker: Sticker,
  location: MapPin,
  contact: UserRound,
  action: MousePointerClick,
  card: Info,
  service: Info,
  deleted: Trash2,
  unsupported: CircleQuestionMark,
};

/** The sign of a kind of message; none for a text. */
export function iconOfKind(kind: string): Component | undefined {
  return kind === "text" ? undefined : (icons[kind] ?? CircleQuestionMark);
}

/** Message key of a kind's name; what the texts have no name for is a message of another kind. */
export function nameKeyOfKind(kind: string): string {
  return `ui.kinds.${kind in icons ? kind : "unsupported"}`;
}
