/** The fields of https://developers.viber.com/docs/api/rest-bot-api/#callbacks that the hub reads, and no others. */
import { z } from "zod";

const words = z.string().optional().catch(undefined);
const size = z.number().int().min(0).optional().catch(undefined);

function part<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

const token = z.union([z.string(), z.number().int()]).transform(String);
const person = z.object({ id: z.string().min(1), name: words, language: words });
export type WirePerson = z.infer<typeof person>;

export const callback = z.looseObject({
  event: z.string().min(1),
  timestamp: z.number().catch(0),
  message_token: token,
  user_id: words,
  user: part(person),
  sender: part(person),
  context: words,
  desc: words,
  message: z.unknown().optional(),
});
export type WireCallback = z.infer<typeof callback>;

export const said = z.object({
  type: z.string(),
  text: words,
  media: words,
  file_name: words,
  size,
  file_size: size,
  duration: size,
  sticker_id: part(z.union([z.number(), z.string()]).transform(String)),
  tracking_data: words,
  location: part(z.object({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })),
  contact: part(z.object({ name: words, phone_number: z.string() })),
});
export type WireSaid = z.infer<typeof said>;
