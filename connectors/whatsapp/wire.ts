/** The fields of a delivery that are used: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks */
import { z } from "zod";

/** What is there in another shape than expected counts as absent. */
const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined);
const text = optional(z.string());
const id = z.string().min(1).max(512);

export const delivery = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.unknown()).min(1),
});

export const entry = z.object({
  id: id,
  time: optional(z.number()),
  changes: z.array(z.unknown()).min(1),
});

export const change = z.object({ field: z.string(), value: z.record(z.string(), z.unknown()) });

const contact = z.object({
  wa_id: text,
  user_id: text,
  profile: optional(z.object({ name: text, username: text })),
});
export type WireContact = z.infer<typeof contact>;

export const value = z.object({
  metadata: z.object({ phone_number_id: id }),
  contacts: z.array(contact.catch({})).catch([]),
  messages: optional(z.array(z.unknown())),
  message_echoes: optional(z.array(z.unknown())),
  statuses: optional(z.array(z.unknown())),
  calls: optional(z.array(z.unknown())),
  user_id_update: optional(z.array(z.unknown())),
  errors: optional(z.array(z.unknown())),
});
export type WireValue = z.infer<typeof value>;

const file = z.object({
  id: id,
  mime_type: text,
  caption: text,
  filename: text,
  voice: optional(z.boolean()),
});
export type WireFile = z.infer<typeof file>;

const reply = z.object({ id: text, title: text, description: text });

/** What a message says, whether it is new or the new version of one. */
const said = {
  type: z.string(),
  text: optional(z.object({ body: z.string() })),
  image: optional(file),
  video: optional(file),
  audio: optional(file),
  voice: optional(file),
  document: optional(file),
  sticker: optional(file),
  location: optional(
    z.object({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: text,
      address: text,
    }),
  ),
  contacts: optional(
    z.array(
      z.object({
        name: optional(z.object({ formatted_name: text, first_name: text })),
        phones: optional(z.array(z.object({ phone: text, wa_id: text }))),
        emails: optional(z.array(z.object({ email: text }))),
      }),
    ),
  ),
  button: optional(z.object({ payload: text, text: text })),
  interactive: optional(
    z.object({
      type: z.string(),
      button_reply: optional(reply),
      list_reply: optional(reply),
      nfm_reply: optional(z.object({ name: text, body: text, response_json: text })),
      call_permission_reply: optional(z.object({ response: z.string() })),
    }),
  ),
  order: optional(
    z.object({
      text: text,
      product_items: z.array(
        z.object({
          product_retailer_id: z.string(),
          quantity: z.number(),
          item_price: z.number(),
          currency: text,
        }),
      ),
    }),
  ),
  unsupported: optional(z.object({ type: text })),
  errors: optional(z.array(z.object({ title: text }))),
  context: optional(
    z.object({
      id: text,
      forwarded: optional(z.boolean()),
      frequently_forwarded: optional(z.boolean()),
      referred_product: optional(z.object({ product_retailer_id: text })),
    }),
  ),
};
const saidShape = z.object(said);
export type WireSaid = z.infer<typeof saidShape>;

export const message = z.object({
  ...said,
  id: id,
  from: text,
  from_user_id: text,
  to: text,
  to_user_id: text,
  timestamp: text,
  group_id: text,
  reaction: optional(z.object({ message_id: id, emoji: text })),
  edit: optional(z.object({ original_message_id: id, message: saidShape })),
  revoke: optional(z.object({ original_message_id: id })),
  system: optional(z.object({ type: z.string(), wa_id: text, user_id: text, body: text })),
  referral: optional(
    z.object({ source_url: text, source_id: text, source_type: text, headline: text, body: text }),
  ),
});
export type WireMessage = z.infer<typeof message>;

export const status = z.object({
  id: id,
  status: z.enum(["sent", "delivered", "read", "played", "failed"]),
  timestamp: text,
  recipient_id: text,
  recipient_user_id: text,
  recipient_type: text,
  biz_opaque_callback_data: text,
  errors: optional(
    z.array(
      z.object({
        code: z.number(),
        title: text,
        error_data: optional(z.object({ details: text })),
      }),
    ),
  ),
});

export const call = z.object({
  id: id,
  from: text,
  from_user_id: text,
  event: z.literal("connect"),
  direction: z.literal("USER_INITIATED"),
  timestamp: text,
});

export const userIdUpdate = z.object({
  wa_id: text,
  user_id: z.object({ previous: id, current: id }),
  timestamp: text,
});
