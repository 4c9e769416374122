/** The fields of webhooks that the hub reads: https://developers.facebook.com/docs/messenger-platform/reference/webhook-events */
import { z } from "zod";

/** A part that is there and readable, or not at all: one odd field does not cost the message. */
const part = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);
const id = z.union([z.string().min(1).max(200), z.number().int().transform(String)]);
const words = part(z.string());

export const delivery = z.looseObject({
  object: z.string(),
  entry: z.array(z.unknown()).min(1),
});

export const entry = z.looseObject({
  id,
  time: part(z.number()),
  messaging: part(z.array(z.unknown())),
  standby: part(z.array(z.unknown())),
});

const referral = z.looseObject({ ref: words, source: words, type: words });

const attachment = z.looseObject({
  type: z.string(),
  title: words,
  url: words,
  payload: part(
    z.looseObject({
      url: words,
      title: words,
      sticker_id: part(id),
      reel_video_id: part(id),
      coordinates: part(z.object({ lat: z.number().min(-90).max(90), long: z.number().min(-180).max(180) })),
    }),
  ),
});
export type WireAttachment = z.infer<typeof attachment>;

export const message = z.looseObject({
  mid: z.string().min(1).max(500),
  text: words,
  quick_reply: part(z.object({ payload: z.string() })),
  attachments: part(z.array(attachment)),
  reply_to: part(z.looseObject({ mid: words, story: part(z.looseObject({ url: words, id: part(id) })) })),
  referral: part(
    referral.extend({
      product: part(z.object({ id: part(id) })),
      ads_context_data: part(z.looseObject({ ad_title: words })),
    }),
  ),
  is_echo: part(z.boolean()),
  is_deleted: part(z.boolean()),
  is_unsupported: part(z.boolean()),
  app_id: part(id),
  metadata: words,
  sticker_id: part(id),
});
export type WireMessage = z.infer<typeof message>;

export const item = z.looseObject({
  sender: part(z.object({ id })),
  recipient: part(z.object({ id })),
  timestamp: part(z.number()),
  message: part(message),
  message_edit: part(
    z.object({ mid: z.string().min(1).max(500), text: z.string(), num_edit: part(z.coerce.number()) }),
  ),
  reaction: part(
    z.object({
      mid: z.string().min(1).max(500),
      action: z.enum(["react", "unreact"]),
      emoji: words,
      reaction: words,
    }),
  ),
  delivery: part(z.object({ mids: part(z.array(z.string().min(1).max(500))), watermark: part(z.number()) })),
  read: part(z.object({ mid: words, watermark: part(z.number()) })),
  postback: part(z.looseObject({ mid: words, title: words, payload: words, referral: part(referral) })),
  referral: part(referral),
  optin: part(z.looseObject({ ref: words, type: words, payload: words })),
});
export type WireItem = z.infer<typeof item>;
