/** Formatting in both directions. Offsets are UTF-16 code units on both sides, so nothing is recounted. */
import type { MessageEntity } from "grammy/types";
import type { TextEntity } from "../contract.ts";
import type { WireEntity } from "./wire.ts";

const mostEntities = 200;
const longestUrl = 2048;

/** Telegram's entities as canonical ones; what points outside the text is left out. */
export function incomingEntities(text: string, entities: readonly WireEntity[] = []): TextEntity[] {
  return entities
    .filter(({ offset, length }) => offset >= 0 && length > 0 && offset + length <= text.length)
    .slice(0, mostEntities)
    .map(toCanonical);
}

/** Canonical entities as Telegram's. Those it finds by itself (links, mentions, hashtags) are not sent. */
export function outgoingEntities(entities: readonly TextEntity[] = []): MessageEntity[] {
  return entities.flatMap((entity) => toTelegram(entity) ?? []);
}

function toCanonical({ type, offset, length, url, language, user }: WireEntity): TextEntity {
  const link = url ?? (user && `tg://user?id=${user.id}`);
  return {
    type: type.slice(0, 40),
    offset,
    length,
    ...(link !== undefined && link.length <= longestUrl && { url: link }),
    ...(language !== undefined && language !== "" && { language: language.slice(0, 40) }),
  };
}

function toTelegram({ type, offset, length, url, language }: TextEntity): MessageEntity | undefined {
  switch (type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
    case "spoiler":
    case "blockquote":
    case "expandable_blockquote":
    case "code":
      return { type, offset, length };
    case "pre":
      return { type, offset, length, ...(language !== undefined && { language }) };
    case "text_link":
      return url === undefined ? undefined : { type, offset, length, url };
    default:
      return undefined;
  }
}
