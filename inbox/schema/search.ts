/** What a search finds. */
import { z } from "zod";
import { id, isoDate } from "./common.ts";

export const searchQuery = z.object({
  q: z.string().trim().min(1).max(200),
  channelId: id.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export const searchResult = z
  .object({
    contacts: z.array(
      z.object({
        id,
        name: z.string(),
        avatarFileId: z.string().optional(),
        label: z.string(),
        conversationId: id.optional(),
      }),
    ),
    messages: z.array(
      z.object({
        messageId: id,
        conversationId: id,
        channelId: id,
        seq: z.number().int(),
        contactName: z.string(),
        senderName: z.string(),
        text: z.string(),
        at: isoDate,
      }),
    ),
  })
  .meta({ id: "SearchResult" });
export type SearchResult = z.infer<typeof searchResult>;
