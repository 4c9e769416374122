/** Says the studio's lines through the simulator's own Bot API, as the hub will later. */
import { readMarkup } from "../../markup.ts";
import type { Supply } from "../../supplies.ts";
import { valueOf, type Beat } from "../play.ts";

const methods: Record<Supply["kind"], [method: string, field: string]> = {
  image: ["sendPhoto", "photo"],
  voice: ["sendVoice", "voice"],
  video: ["sendVideo", "video"],
  video_note: ["sendVideoNote", "video_note"],
  document: ["sendDocument", "document"],
  sticker: ["sendSticker", "sticker"],
};

export class BotDoor {
  readonly #address: string;

  constructor(apiRoot: string, token: string) {
    this.#address = `${apiRoot}/bot${token}`;
  }

  /** Gives the id of the message. */
  async say(chatId: number, { line, text, supply }: Beat, replyTo: number | undefined): Promise<number> {
    const words = readMarkup(text ?? "");
    const common = {
      chat_id: chatId,
      ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo } }),
      ...(line.buttons ? { reply_markup: { inline_keyboard: keyboardOf(line.buttons) } } : {}),
    };
    if (supply) return this.#sendFile(supply, common, words);
    if (line.place) return this.#call("sendVenue", { ...common, address: "", ...line.place });
    return this.#call("sendMessage", { ...common, text: words.text, entities: words.entities });
  }

  async #sendFile(supply: Supply, common: object, words: ReturnType<typeof readMarkup>): Promise<number> {
    const [method, field] = methods[supply.kind];
    const params = words.text ? { ...common, caption: words.text, caption_entities: words.entities } : common;
    const form = new FormData();
    for (const [name, value] of Object.entries(params))
      form.set(name, typeof value === "string" ? value : JSON.stringify(value));
    const bytes = new Uint8Array(await supply.bytes());
    form.set(field, new Blob([bytes], { type: supply.mime }), supply.fileName ?? `${supply.key}.bin`);
    return this.#answer(await fetch(`${this.#address}/${method}`, { method: "POST", body: form }));
  }

  async #call(method: string, params: object): Promise<number> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(params);
    return this.#answer(await fetch(`${this.#address}/${method}`, { method: "POST", headers, body }));
  }

  async #answer(response: Response): Promise<number> {
    const answer = (await response.json()) as { result?: { message_id: number }; description?: string };
    if (!answer.result) throw new Error(`the simulator refused: ${answer.description ?? response.status}`);
    return answer.result.message_id;
  }
}

/** A row for every button. */
function keyboardOf(titles: string[]): { text: string; callback_data: string }[][] {
  return titles.map((text, index) => [{ text, callback_data: valueOf(index) }]);
}
