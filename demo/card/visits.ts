/**
 * Eight weeks of visits to the card, in the hub's own shape, and which conversations began by it: a door counts only what
 * comes through it now.
 */
import { ObjectId, type Db, type Document } from "mongodb";
import type { Card } from "../../cards/schema.ts";
import type { People } from "../people.ts";
import { Seeded } from "../random.ts";

const days = 56;
const dayMs = 86_400_000;
/** Part of all views, by what the statistics tell apart. */
const shares = {
  source: { "?bio": 0.44, "instagram.com": 0.2, "t.me": 0.12, "?qr": 0.09, "google.com": 0.06, "": 0.09 },
  utm: { "instagram / story / autumn": 0.16, "newsletter / email / october": 0.05 },
  device: { iphone: 0.52, android: 0.31, computer: 0.17 },
  country: { RU: 0.46, GB: 0.2, DE: 0.11, PT: 0.06, US: 0.06, KZ: 0.05, "": 0.06 },
} as const;
/** Of all taps; what is left goes to the messengers. */
const links = { shop: 0.24, wheel: 0.17, place: 0.07 };
/** As the page names the messengers of the demo. */
const buttonNames: Record<string, string> = {
  telegram: "Telegram",
  whatsapp: "WhatsApp",
  viber: "Viber",
  messenger: "Messenger",
  instagram: "Instagram",
};
const weekday = [0.8, 0.9, 1, 1, 1.1, 1.5, 1.3];
/** Every third conversation of the messengers on the card began by it. */
const everyWhich = 3;

type Sum = Record<"views" | "taps" | "visitors" | "pressed", number>;

export async function writeVisits(database: Db, { nina }: People, card: Card): Promise<void> {
  const of = { workspaceId: new ObjectId(nina.workspaceId), cardId: new ObjectId(card.id) };
  await database.collection("card_counts").insertMany(countsOf(card).map((count) => ({ ...of, ...count })));
  await noteOrigins(database, of.workspaceId, card);
}

function countsOf(card: Card): Document[] {
  const random = new Seeded(1240);
  const buttons = card.draft.blocks.flatMap((block) =>
    block.type === "messengers" ? block.items.map((item) => `${block.id}/${item.id}`) : [],
  );
  return Array.from({ length: days }, (_, ago) => {
    const date = new Date(Date.now() - (ago + 1) * dayMs);
    const day = date.toISOString().slice(0, 10);
    const busy = (1 - ago / 90) * (weekday[date.getUTCDay()] ?? 1) * random.between(0.8, 1.2);
    return card.draft.languages.flatMap((language, index) => {
      const views = Math.round(busy * (index === 0 ? 70 : 58));
      const visitors = Math.round(views * random.between(0.7, 0.78));
      const taps = Math.round(views * random.between(0.3, 0.4));
      const pressed = Math.round(visitors * random.between(0.13, 0.2));
      const row = (kind: string, key: string, sum: Partial<Sum>): Document => ({
        ...{ day, language, kind, key },
        ...{ views: 0, taps: 0, visitors: 0, pressed: 0, ...sum },
      });
      const parts = Object.entries(shares).flatMap(([kind, part]) =>
        Object.entries(part).map(([key, share]) =>
          row(kind, key, {
            views: Math.round(views * share),
            ...(kind === "source" || kind === "utm" ? {} : { visitors: Math.round(visitors * share) }),
          }),
        ),
      );
      const blocks = Object.entries(links).map(([key, share]) =>
        row("block", key, { taps: Math.round(taps * share) }),
      );
      const rest = taps - blocks.reduce((sum, { ["taps"]: some }) => sum + Number(some), 0);
      const pressedButtons = buttons.map((key, place) =>
        row("block", key, {
          taps: Math.round((rest * 2 * (buttons.length - place)) / (buttons.length * (buttons.length + 1))),
        }),
      );
      const all = row("all", "", { views, visitors, taps, pressed });
      return [all, ...parts, ...blocks, ...pressedButtons, row("bot", "", { views: Math.round(busy * 3) })];
    });
  }).flat();
}

/** As a tap on the card leaves it: whom the statistics count, and what stands beside the conversation. */
async function noteOrigins(database: Db, workspaceId: ObjectId, card: Card): Promise<void> {
  const items = card.draft.blocks.flatMap((block) => (block.type === "messengers" ? block.items : []));
  const buttons = new Map(
    items.map(({ channelId = "", service }) => [channelId, buttonNames[service] ?? service]),
  );
  const channelIds = [...buttons.keys()].filter(Boolean).map((id) => new ObjectId(id));
  const begun = await database
    .collection("conversations")
    .find({ workspaceId, channelId: { $in: channelIds }, referral: { $exists: false } })
    .sort({ createdAt: 1 })
    .toArray();
  for (const [index, { _id, contactName, channelId }] of begun.entries()) {
    if (index % everyWhich > 0) continue;
    const language = /[а-яё]/i.test(String(contactName)) ? "ru" : "en";
    const button = buttons.get(String(channelId));
    const origin = { from: `card:${card.id}:${language}`, referral: `${card.name} · ${button} · bio` };
    await database.collection("conversations").updateOne({ _id }, { $set: origin });
  }
}
