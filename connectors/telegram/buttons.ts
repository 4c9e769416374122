import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { ConnectorError } from "../contract.ts";
import type { Button } from "../contract.ts";

const callbackDataBytes = 64;

/** Buttons below a message: https://core.telegram.org/bots/api#inlinekeyboardmarkup */
export function keyboardOf(rows: Button[][] | undefined): { reply_markup?: InlineKeyboardMarkup } {
  const filled = rows?.filter((row) => row.length > 0) ?? [];
  if (filled.length === 0) return {};
  return { reply_markup: { inline_keyboard: filled.map((row) => row.map(toButton)) } };
}

function toButton({ title, url, value }: Button): InlineKeyboardButton {
  if (url !== undefined) return { text: title, url };
  const data = value ?? title;
  if (Buffer.byteLength(data) > callbackDataBytes)
    throw new ConnectorError("unsupported", "button_too_long", "a button's value may have 64 bytes");
  return { text: title, callback_data: data };
}
