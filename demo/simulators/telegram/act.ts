/** What the page or a program may have a customer do, as JSON. */
import { z } from "zod";
import type { ReactionTypeEmoji } from "grammy/types";
import type { SimBot } from "./chat.ts";
import type { TelegramCustomer } from "./customer.ts";
import type { NewFile } from "./files.ts";
import { voiceOf } from "./voice.ts";

const messageId = z.number().int();

export const action = z.discriminatedUnion("do", [
  z.object({ do: z.literal("start"), payload: z.string().max(64).optional() }),
  z.object({ do: z.literal("say"), text: z.string().min(1).max(4096), replyTo: messageId.optional() }),
  z.object({ do: z.literal("edit"), messageId, text: z.string().min(1) }),
  z.object({ do: z.literal("react"), messageId, emojis: z.array(z.custom<ReactionTypeEmoji["emoji"]>()) }),
  z.object({ do: z.literal("press"), messageId, button: z.number().int().min(0) }),
  z.object({ do: z.literal("location"), latitude: z.number(), longitude: z.number() }),
  z.object({ do: z.literal("contact"), phone: z.string(), own: z.boolean().default(true) }),
  z.object({ do: z.literal("forward"), from: z.string(), text: z.string() }),
  z.object({ do: z.literal("block") }),
  z.object({ do: z.literal("unblock") }),
]);

export function act(customer: TelegramCustomer, bot: SimBot, wanted: z.infer<typeof action>): void {
  switch (wanted.do) {
    case "start":
      return void customer.start(bot, wanted.payload);
    case "say":
      return void customer.say(wanted.text, { bot, ...replyOf(wanted.replyTo) });
    case "edit":
      return void customer.edit(wanted.messageId, wanted.text, { bot });
    case "react":
      return customer.react(wanted.messageId, wanted.emojis, { bot });
    case "press":
      return void customer.press(wanted.messageId, wanted.button, { bot });
    case "location":
      return void customer.sendLocation(wanted.latitude, wanted.longitude, { bot });
    case "contact":
      return void customer.sendContact({ ...wanted, name: customer.name }, { bot });
    case "forward":
      return void customer.forward(wanted.from, wanted.text, { bot });
    case "block":
      return customer.block(bot);
    case "unblock":
      return customer.unblock(bot);
  }
}

export const upload = z.object({
  kind: z.enum(["photo", "video", "voice", "video_note", "audio", "document", "sticker"]),
  name: z.string().max(255).optional(),
  caption: z.string().max(1024).optional(),
  emoji: z.string().optional(),
  replyTo: z.coerce.number().int().optional(),
  duration: z.coerce.number().int().optional(),
});

export async function sendFile(
  customer: TelegramCustomer,
  bot: SimBot,
  { kind, name, caption, emoji, replyTo, duration = 1 }: z.infer<typeof upload>,
  bytes: Uint8Array,
): Promise<void> {
  const file: NewFile = { bytes, ...(name !== undefined && { name }) };
  const extra = { bot, ...(caption && { caption }), ...replyOf(replyTo) };
  switch (kind) {
    case "photo":
      return void (await customer.sendPhoto(bytes, extra));
    case "video":
      return void customer.sendVideo(file, extra);
    case "voice":
      return void customer.sendVoice({ bytes: await voiceOf(bytes) }, { ...extra, duration });
    case "video_note":
      return void customer.sendVideoNote(file, extra);
    case "audio":
      return void customer.sendAudio(file, extra);
    case "document":
      return void customer.sendDocument(file, extra);
    case "sticker":
      return void customer.sendSticker(file, { ...extra, ...(emoji !== undefined && { emoji }) });
  }
}

function replyOf(replyTo: number | undefined): { replyTo?: number } {
  return replyTo === undefined ? {} : { replyTo };
}
