/** People who write, their labels, saved addresses. */
import { z } from "zod";
import { id, isoDate, tagName, tagPatch, text } from "./common.ts";
import { conversationState, preview } from "./conversations.ts";

export const contact = z
  .object({
    id,
    name: z.string(),
    givenName: z.string().describe("as the platform told it; name is what the team calls them"),
    avatarFileId: z.string().optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
    company: z.string().optional(),
    city: z.string().optional(),
    languages: z.string().optional(),
    timeZone: z.string().optional().describe("IANA name"),
    about: z.string().optional(),
    tags: z.array(z.string()),
    blockedAt: isoDate.optional(),
    createdAt: isoDate,
    aliases: z.array(
      z.object({
        channelKind: z.string(),
        scheme: z.string(),
        value: z.string(),
        label: z.string().describe("what people read; the value where the messenger tells nothing better"),
      }),
    ),
    conversations: z
      .array(
        z.object({
          id,
          channelId: id,
          state: conversationState,
          title: z.string().describe("beginning of the newest message's text, or its kind where it has none"),
          preview: preview.optional(),
          lastActivityAt: isoDate,
        }),
      )
      .describe("the latest ten that the asker may see"),
    merges: z
      .array(z.object({ id, otherName: z.string(), byName: z.string(), at: isoDate }))
      .describe("contacts that this one stands for, newest first; each can be told apart again"),
  })
  .meta({ id: "Contact" });
export type Contact = z.infer<typeof contact>;

/** A place where the contact can be written to. */
export const contactThread = z
  .object({
    id,
    channelId: id,
    blocked: z.boolean().describe("the customer has blocked the account"),
    lastActivityAt: isoDate,
    conversationId: id.optional().describe("where a message goes; without it a new conversation begins"),
  })
  .meta({ id: "ContactThread" });
export type ContactThread = z.infer<typeof contactThread>;

/** Three digits at least, with the signs people write between them, and an extension: "+7 (495) 700-80-90 ext. 12". */
const phone = z
  .string()
  .trim()
  .max(40)
  .regex(/^(?=(?:\D*\d){3})[-+\d\s().\/–—*#]+(?:(?:ext|x|доб|вн)[.:]?\s*\d+)?$/i);

/** An empty string clears a field. */
export const contactPatch = z
  .object({
    name: text(120).min(1),
    phone: z.union([z.literal(""), phone]),
    email: z.union([z.literal(""), z.email().max(254)]),
    company: text(120),
    city: text(120),
    languages: text(120),
    timeZone: text(60),
    about: text(2000),
    ...tagPatch,
  })
  .partial()
  .meta({ id: "ContactPatch" });
export type ContactPatch = z.infer<typeof contactPatch>;

export const newContact = contactPatch
  .pick({ phone: true, email: true, company: true, city: true, languages: true, about: true, tags: true })
  .extend({ name: text(120).min(1) })
  .meta({ id: "NewContact" });
export const contactQuery = z.object({
  q: z.string().trim().max(200).optional(),
  channelId: id.optional(),
  tag: tagName.optional(),
  responsibleId: id.optional(),
  days: z.coerce.number().int().min(1).max(3650).optional().describe("active within the last days"),
  cursor: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const contactTableQuery = contactQuery.omit({ cursor: true, limit: true }).extend({
  separator: z
    .enum([",", ";"])
    .default(",")
    .describe("between cells; Russian spreadsheets take the semicolon"),
});
export const contactRow = z
  .object({
    id,
    name: z.string(),
    label: z.string().describe("phone, user name or e-mail"),
    avatarFileId: z.string().optional(),
    channelIds: z.array(id).describe("where they have written, as far as the asker may see"),
    tags: z.array(z.string()),
    responsibleId: id.optional(),
    lastActivityAt: isoDate,
    conversationId: id.optional().describe("the latest that the asker may see"),
  })
  .meta({ id: "ContactRow" });
export type ContactRow = z.infer<typeof contactRow>;

export const mergeSuggestion = z
  .object({
    id,
    reason: z.enum(["phone", "email"]),
    value: z.string(),
    contacts: z.array(contact).length(2),
  })
  .meta({ id: "MergeSuggestion" });
export type MergeSuggestion = z.infer<typeof mergeSuggestion>;
export const mergeRequest = z
  .object({
    keptId: id,
    otherId: id,
    fromOther: z
      .array(z.enum(["name", "phone", "email", "company", "city", "languages", "timeZone", "about"]))
      .max(8)
      .describe("fields taken from the other one; what the kept one lacks is taken anyway"),
  })
  .meta({ id: "MergeRequest" });
export const merge = z
  .object({ id, keptId: id, otherId: id, otherName: z.string(), byName: z.string(), at: isoDate })
  .meta({ id: "Merge" });
export type Merge = z.infer<typeof merge>;

export const tag = z.object({ name: tagName, hue: z.number().int().min(0).max(359) }).meta({ id: "Tag" });
export type Tag = z.infer<typeof tag>;
export const tagRename = z.object({ name: z.string().max(40), to: tagName }).meta({ id: "TagRename" });

export const savedAddress = z
  .object({ id, title: z.string(), address: z.string(), latitude: z.number(), longitude: z.number() })
  .meta({ id: "SavedAddress" });
export type SavedAddress = z.infer<typeof savedAddress>;
export const savedAddressRequest = z.object({
  title: text(80).min(1),
  address: text(300),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
