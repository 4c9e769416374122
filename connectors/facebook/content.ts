/** What a message says, in canonical form. */
import { attachmentsMax, card } from "../contract.ts";
import type { Card, InboundAttachment, InboundContent, MediaKind } from "../contract.ts";
import type { WireAttachment, WireMessage } from "./wire.ts";

/** A thumb of the three sizes that Messenger sends for its like button. */
const likes = new Set(["369239263222822", "369239343222814", "369239383222810"]);

/** `words` says what stands in the text already; undefined is what this version cannot show. */
type Part = InboundAttachment | Card | "words" | undefined;

/** Never empty: what cannot be shown is `unsupported` under its native name. */
export function contentOf(message: WireMessage): InboundContent {
  const { attachments: given = [], is_unsupported, quick_reply } = message;
  const text = message.text?.slice(0, 20_000);
  if (quick_reply)
    return { action: { value: quick_reply.payload.slice(0, 2000), ...(text ? { title: text } : {}) } };
  const parts = given.map((one) => partOf(one, message));
  const attachments = parts.filter(isAttachment).slice(0, attachmentsMax);
  const shown = answeredStory(message) ?? parts.find(isCard);
  const unreadable = given.find((_one, index) => !parts[index]);
  const words = text ?? likeOf(message);
  const content: InboundContent = {
    ...(words ? { text: words } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(shown ? { card: shown } : {}),
  };
  const says = Object.keys(content).length > 0;
  if (says && !is_unsupported && !unreadable) return content;
  const nativeType = unreadable?.type ?? (is_unsupported ? "unsupported" : "message");
  return { ...content, unsupported: { nativeType: nativeType.slice(0, 100) } };
}

function isAttachment(part: Part): part is InboundAttachment {
  return typeof part === "object" && "kind" in part;
}

function isCard(part: Part): part is Card {
  return typeof part === "object" && "what" in part;
}

function likeOf(message: WireMessage): string | undefined {
  if (isLike(message)) return "👍";
  return message.attachments?.some(({ type }) => type === "like_heart") ? "❤️" : undefined;
}

function isLike({ sticker_id, attachments = [] }: WireMessage): boolean {
  return likes.has(sticker_id ?? attachments[0]?.payload?.sticker_id ?? "");
}

function partOf(attachment: WireAttachment, message: WireMessage): Part {
  const { type, payload } = attachment;
  const url = payload?.url ?? attachment.url;
  const title = (payload?.title ?? attachment.title)?.slice(0, 300);
  switch (type) {
    case "image":
      if (isLike(message)) return "words";
      return fileOf(payload?.sticker_id || message.sticker_id ? "sticker" : "image", url);
    case "sticker":
      return isLike(message) ? "words" : fileOf("sticker", url);
    case "like_heart":
      return "words";
    case "video":
    case "audio":
      return fileOf(type, url);
    case "file":
      return fileOf("document", url);
    case "location":
      return placeOf(attachment);
    case "ig_reel":
    case "reel":
      return cardOf("reel", title, url);
    case "story_mention":
      return { what: "story_mention", ...linkOf(url) };
    case "share":
    case "post":
    case "ig_post":
      return cardOf("post", title, url);
    case "fallback":
      return cardOf("link", title, url);
    default:
      return undefined;
  }
}

/** Links of the platform's files live for days: the bytes are fetched at once. */
function fileOf(kind: MediaKind, url: string | undefined): InboundAttachment {
  const path = url && url.length <= 8000 && URL.canParse(url) ? new URL(url).pathname : undefined;
  if (url === undefined || path === undefined) return { kind, media: { state: "failed" } };
  const name = kind === "document" ? path.split("/").at(-1)?.slice(0, 255) : undefined;
  return {
    kind,
    media: { state: "pending", ...(name ? { fileName: decoded(name) } : {}) },
    source: { type: "url", value: url },
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return name;
    throw error;
  }
}

function placeOf({ title, payload }: WireAttachment): InboundAttachment | undefined {
  const place = payload?.coordinates;
  if (!place) return undefined;
  const name = title?.slice(0, 255);
  return { kind: "location", latitude: place.lat, longitude: place.long, ...(name ? { name } : {}) };
}

function cardOf(what: string, title: string | undefined, url: string | undefined): Card | undefined {
  const link = linkOf(url);
  if (!title && !link.url) return undefined;
  return { what, ...(title ? { title } : {}), ...link };
}

/** An answer to a story of the business; to which one, the link tells while the story lives. */
function answeredStory({ reply_to }: WireMessage): Card | undefined {
  return reply_to?.story && { what: "story_reply", ...linkOf(reply_to.story.url) };
}

function linkOf(url: string | undefined): { url?: string } {
  const { data } = card.shape.url.safeParse(url);
  return data === undefined ? {} : { url: data };
}
