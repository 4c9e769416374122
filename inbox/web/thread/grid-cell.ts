import type { MediaAttachment } from "../types.ts";

/** One picture of a grid, which may come from several messages of an album. */
export interface GridCell {
  messageId: string;
  /** Place among the message's attachments. */
  index: number;
  attachment: MediaAttachment;
}
