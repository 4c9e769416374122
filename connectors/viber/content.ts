/** What a message says, in canonical form. */
import type { InboundAttachment, InboundContent, MediaKind } from "../contract.ts";
import { pressed } from "./keyboard.ts";
import { said, type WireSaid } from "./wire.ts";

/** What this version cannot show is named; undefined when there is no message at all. */
export function contentOf(raw: unknown): InboundContent | undefined {
  const { data } = said.safeParse(raw);
  if (!data) return undefined;
  const text = data.text?.slice(0, 20_000);
  if (data.type === "text" && text) return spoken(text, data.tracking_data);
  if (data.type === "url" && data.media) return { text: data.media.slice(0, 20_000) };
  const attachment = attachmentOf(data);
  if (!attachment) return { ...(text && { text }), unsupported: { nativeType: data.type.slice(0, 60) } };
  return { ...(text && { text }), attachments: [attachment] };
}

function spoken(text: string, trackingData: string | undefined): InboundContent {
  const value = pressed(text, trackingData);
  return value === undefined ? { text } : { action: { title: text, value } };
}

function attachmentOf(data: WireSaid): InboundAttachment | undefined {
  const { location, contact } = data;
  switch (data.type) {
    case "picture":
      return mediaOf("image", data);
    case "video":
      return mediaOf("video", data);
    case "file":
      return mediaOf("document", data);
    case "sticker":
      return mediaOf("sticker", data);
    case "location":
      return location && { kind: "location", latitude: location.lat, longitude: location.lon };
    case "contact":
      return (
        contact && {
          kind: "contact",
          name: (contact.name ?? contact.phone_number).slice(0, 255),
          phones: [contact.phone_number.slice(0, 40)],
        }
      );
    default:
      return undefined;
  }
}

function mediaOf(kind: MediaKind, data: WireSaid): InboundAttachment | undefined {
  const { media: value, file_name: fileName, duration } = data;
  if (!value || !URL.canParse(value)) return undefined;
  const size = data.file_size ?? data.size;
  return {
    kind: kind as "image",
    media: {
      state: "pending",
      ...(size !== undefined && { size }),
      ...(fileName !== undefined && { fileName: fileName.slice(0, 255) }),
      // Seconds by the documentation; its own example counts milliseconds.
      ...(duration && { durationMs: duration > 1000 ? duration : duration * 1000 }),
    },
    source: { type: "url", value },
  };
}
