/** Viber: words, pictures, stickers; a keyboard under the last message. */
import type { ViberBot, ViberCustomer, ViberLine, ViberSimulator } from "../../simulators/viber.ts";
import { pictureOf } from "../../pictures.ts";
import type { Story } from "../../story.ts";
import type { Supply } from "../../supplies.ts";
import { pressed, withText, type Beat, type Phone } from "../play.ts";

export async function viberPhone(
  simulator: ViberSimulator,
  bot: ViberBot,
  { customer: { name, language, picture } }: Story,
): Promise<Phone> {
  const avatar = picture && (await pictureOf(picture));
  const customer = simulator.addCustomer(bot, name, { language, ...(avatar ? { avatar } : {}) });
  return {
    threadKey: customer.id,
    aliases: [{ scheme: "viber_user", scope: bot.id, value: customer.id, label: "" }],
    block: () => void (customer.subscribed = false),
    reach: (read) => (read ? "read" : "delivered"),
    say: async (beat, before) => [await say(simulator, customer, beat, before)],
    hear: async (beat) => keep(simulator, customer, "business", beat, await bodyOf(simulator, beat)),
    settle(beats) {
      for (const { externalId, state } of beats)
        for (const line of customer.lines) if (line.token === externalId && state) line.state = state;
    },
  };
}

async function say(
  simulator: ViberSimulator,
  customer: ViberCustomer,
  beat: Beat,
  before: Beat[],
): Promise<Beat> {
  const { line } = beat;
  if (line.kind === "press") {
    const { content } = pressed(line, before);
    return keep(
      simulator,
      customer,
      "customer",
      { ...beat, content },
      { type: "text", text: line.text ?? "" },
    );
  }
  if (line.kind === "start") {
    const payload = line.text ?? "";
    const service = { what: "start", data: { payload } };
    return { ...beat, content: { service }, externalId: simulator.nextToken() };
  }
  const full = withText(beat);
  return keep(simulator, customer, "customer", full, await bodyOf(simulator, full));
}

function keep(
  simulator: ViberSimulator,
  customer: ViberCustomer,
  by: ViberLine["by"],
  beat: Beat,
  message: ViberLine["message"],
): Beat {
  const token = simulator.nextToken();
  const { media: copy } = message;
  customer.keep({ token, by, at: beat.at, message, copy, state: "sent" });
  const source = by === "customer" && copy ? { type: "url", value: copy } : undefined;
  return { ...beat, externalId: token, ...(source ? { source } : {}) };
}

const kinds: Partial<Record<Supply["kind"], string>> = {
  image: "picture",
  video: "video",
  sticker: "sticker",
};

async function bodyOf(
  simulator: ViberSimulator,
  { line, text = "", supply }: Beat,
): Promise<ViberLine["message"]> {
  if (supply) {
    const { kind, key, mime, fileName = key } = supply;
    const media = simulator.host(await supply.bytes(), mime, fileName);
    return { type: kinds[kind] ?? "file", media, file_name: fileName, ...(text && { text }) };
  }
  if (line.place) {
    const { latitude: lat, longitude: lon } = line.place;
    return { type: "location", location: { lat, lon } };
  }
  if (line.card) return { type: "contact", contact: { name: line.card.name, phone_number: line.card.phone } };
  const Buttons = line.buttons?.map((Text) => ({ Text, ActionType: "reply", ActionBody: Text, Columns: 6 }));
  return { type: "text", text, ...(Buttons && { keyboard: { Buttons } }) };
}
