import { translate } from "../../ui/i18n.ts";

const kinds = [
  "image",
  "video",
  "animation",
  "audio",
  "voice",
  "video_note",
  "document",
  "sticker",
  "location",
  "contact",
  "service",
  "deleted",
];

/** The beginning of a message; one without words is named by what it brings. */
export function previewText(text: string, kind: string | undefined): string {
  if (text !== "") return text;
  return translate(`workspace.kinds.${kind !== undefined && kinds.includes(kind) ? kind : "other"}`);
}
