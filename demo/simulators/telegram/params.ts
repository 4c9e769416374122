/** The parameters of the methods that are simulated, as https://core.telegram.org/bots/api names them. */
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { z } from "zod";
import { badRequest } from "./refusal.ts";

const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);
const entities = z.array(
  z.custom<MessageEntity>((value) => entity.safeParse(value).success, "can't parse entities"),
);
const entity = z.object({
  type: z.string(),
  offset: z.number().int().min(0),
  length: z.number().int().min(1),
});
const keyboard = z.custom<InlineKeyboardMarkup>(
  (value) => keyboardShape.safeParse(value).success,
  "can't parse inline keyboard button",
);
const keyboardShape = z.object({
  inline_keyboard: z.array(
    z.array(
      z
        .object({ text: z.string().min(1), url: z.string().optional(), callback_data: z.string().optional() })
        .refine(({ url, callback_data }) => url !== undefined || callback_data !== undefined)
        .refine(({ callback_data = "" }) => Buffer.byteLength(callback_data) <= 64),
    ),
  ),
});

/** What every call that names a chat may carry. */
const params = z.object({
  chat_id: z.coerce.number().int(),
  message_id: z.coerce.number().int().optional(),
  message_ids: z.array(z.coerce.number().int()).optional(),
  business_connection_id: z.string().optional(),
  message_thread_id: z.coerce.number().int().optional(),
  from_chat_id: z.coerce.number().int().optional(),
  text: z.string().optional(),
  entities: entities.optional(),
  caption: z.string().optional(),
  caption_entities: entities.optional(),
  has_spoiler: flag.optional(),
  reply_markup: keyboard.optional(),
  reply_parameters: z
    .object({
      message_id: z.coerce.number().int(),
      allow_sending_without_reply: flag.optional(),
      quote: z.string().optional(),
    })
    .optional(),
  latitude: z.coerce.number().optional(),
  longitude: z.coerce.number().optional(),
  live_period: z.coerce.number().int().optional(),
  title: z.string().optional(),
  address: z.string().optional(),
  performer: z.string().optional(),
  phone_number: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  duration: z.coerce.number().int().optional(),
  width: z.coerce.number().int().optional(),
  height: z.coerce.number().int().optional(),
  emoji: z.string().optional(),
  action: z.string().optional(),
  media: z
    .array(
      z.object({
        type: z.enum(["photo", "video", "audio", "document"]),
        media: z.string(),
        caption: z.string().optional(),
        caption_entities: entities.optional(),
        has_spoiler: flag.optional(),
        duration: z.number().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        title: z.string().optional(),
        performer: z.string().optional(),
      }),
    )
    .optional(),
  reaction: z.array(z.object({ type: z.string(), emoji: z.string().optional() })).optional(),
});
export type ChatParams = z.infer<typeof params>;

export function parseChatParams(raw: Record<string, unknown>): ChatParams {
  const parsed = params.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.path[0] === "chat_id") throw badRequest("chat not found");
  throw badRequest(
    issue?.code === "custom" ? issue.message : `wrong parameter ${issue?.path.join(".") ?? ""}`,
  );
}

/** A parameter that the method cannot do without. */
export function need<T>(value: T | undefined, description: string): T {
  if (value === undefined) throw badRequest(description);
  return value;
}
