/** The files of a line: what the simulated messenger carries and what the hub keeps are the same bytes. */
import { documentOf } from "./documents.ts";
import { pictureOf } from "./pictures.ts";
import { voiceNote, wheelFilm } from "./recordings.ts";
import type { Line } from "./story.ts";

export interface Supply {
  kind: "image" | "voice" | "video" | "video_note" | "document" | "sticker";
  /** The same key is the same file. */
  key: string;
  mime: string;
  /** Only of files that have a name on their platform. */
  fileName?: string;
  durationMs?: number;
  emoji?: string;
  bytes(): Promise<Uint8Array>;
}

const filmSeconds = 3;
const films = { round: { width: 384, height: 384 }, wide: { width: 480, height: 270 } };

export function suppliesOf({ photos = [], voice, video, document, sticker }: Line): Supply[] {
  const supplies: Supply[] = photos.map((name) => ({
    kind: "image",
    key: name,
    mime: "image/jpeg",
    bytes: () => pictureOf(name),
  }));
  if (sticker)
    supplies.push({
      kind: "sticker",
      key: sticker.picture,
      mime: "image/webp",
      emoji: sticker.emoji,
      bytes: () => pictureOf(sticker.picture),
    });
  if (voice !== undefined)
    supplies.push({
      kind: "voice",
      key: `voice-${voice}`,
      mime: "audio/ogg",
      durationMs: voice * 1000,
      bytes: () => voiceNote(voice),
    });
  if (video)
    supplies.push({
      kind: video === "round" ? "video_note" : "video",
      key: `wheel-${video}`,
      mime: "video/webm",
      ...(video === "wide" ? { fileName: "wheel.webm" } : {}),
      durationMs: filmSeconds * 1000,
      bytes: () => wheelFilm(films[video], filmSeconds),
    });
  if (document)
    supplies.push({
      kind: "document",
      key: document,
      mime: documentOf(document).mime,
      fileName: document,
      bytes: () => Promise.resolve(documentOf(document).bytes),
    });
  return supplies;
}
