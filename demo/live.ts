/** What happens this minute, through the hub's own doors and the simulated messenger. */
import { randomUUID } from "node:crypto";
import type { Card } from "../cards/schema.ts";
import { bookClass, tapTelegram } from "./card/index.ts";
import type { Messengers } from "./messengers.ts";
import type { People } from "./people.ts";
import { pictureOf } from "./pictures.ts";
import type { Visitor } from "./visitor.ts";

interface Row {
  id: string;
  contact: { name: string };
}

const tags = [
  { name: "wholesale", hue: 250 },
  { name: "delivery", hue: 200 },
  { name: "booking", hue: 150 },
  { name: "repair", hue: 30 },
  { name: "team event", hue: 300 },
  { name: "опт", hue: 255 },
  { name: "доставка", hue: 205 },
  { name: "запись", hue: 155 },
  { name: "сертификат", hue: 95 },
  { name: "брак", hue: 20 },
];
const addresses = [
  {
    title: "Studio and shop",
    address: "Kiln Yard 7, entrance from the yard",
    latitude: 59.9343,
    longitude: 30.3351,
  },
  { title: "Точка выдачи", address: "Гончарная улица, 12", latitude: 59.9302, longitude: 30.3625 },
];

/** The shelf of the house: tags with their colours, places that are sent often. */
export async function furnish({ nina }: People): Promise<void> {
  for (const tag of tags) await nina.put("/tags", tag);
  for (const address of addresses) await nina.post("/addresses", address);
}

/**
 * Two teams that visitors may choose, one for colleagues alone. Only the last has hours: whoever tries the demo at night
 * finds the studio open.
 */
export async function makeTeams({ nina, mark, daria, timur }: People): Promise<void> {
  const team = (name: string, ru: string, members: Visitor[], shown: boolean) =>
    nina.post<{ id: string }>("/teams", {
      name,
      names: { ru },
      memberIds: members.map(({ id }) => id),
      public: shown,
    });
  await team("Orders", "Заказы", [nina, daria], true);
  await team("Classes", "Занятия", [mark, timur], true);
  const wholesale = await team("Wholesale", "Опт", [nina, mark], false);
  const workday = [{ from: "09:00", to: "20:00" }];
  const friday = [
    { from: "09:00", to: "13:00" },
    { from: "14:00", to: "19:00" },
  ];
  await nina.put(`/teams/${wholesale.id}/hours`, {
    timeZone: "Europe/Moscow",
    week: [workday, workday, workday, workday, friday, [{ from: "11:00", to: "17:00" }], []],
    holidays: [
      {
        from: "2026-12-31",
        to: "2026-12-31",
        name: "",
        yearly: true,
        open: [{ from: "11:00", to: "15:00" }],
      },
      { from: "2027-01-01", to: "2027-01-08", name: "New Year holidays", yearly: true },
      { from: "2027-02-12", to: "2027-02-12", name: "Kiln service" },
    ],
  });
}

/**
 * New messages, an answer that is delivered, a note that asks somebody, words not yet sent. Gives the conversation that a
 * colleague is looking at.
 */
export async function liveOn(
  { telegram, bots }: Messengers,
  people: People,
  { card, shopChannelId }: { card: Card; shopChannelId: string },
): Promise<{ watched: string }> {
  const { nina, mark, daria } = people;
  const newcomer = await telegram.addCustomer({
    name: "Noor Haddad",
    username: "noor_h",
    photo: await pictureOf("person-glasses"),
  });
  newcomer.start(bots.shop, await tapTelegram(card, shopChannelId));
  newcomer.say("Hello! I saw this one in your window. Is it still there?");
  await newcomer.sendPhoto(await pictureOf("vase"));
  await bookClass(card);
  customerOf(telegram, "Priya Raman").say("Sunday would be fine as well", { bot: bots.classes });
  const rows = await listed(people, ["Noor Haddad", "Алина Сорокина"]);
  await reply(daria, rowOf(rows, "Jonas Pfeiffer"), "Bis bald! We write when the courier has it.");
  await note(mark, rowOf(rows, "Гость с выставки"), "@Nina у нас осталась одна такая, отложить?", [nina.id]);
  await draft(nina, rowOf(rows, "Ольга Третьякова"), "Нет, оставьте себе: из неё получится ");
  await draft(nina, rowOf(rows, "Beatriz Moura"), "Hello Beatriz! On Thursday at six Timur");
  return { watched: rowOf(rows, "Harriet Boyle") };
}

function customerOf({ customers }: Messengers["telegram"], name: string) {
  const found = customers.find((customer) => customer.name === name);
  if (!found) throw new Error(`${name} is in no story`);
  return found;
}

function rowOf(rows: Row[], name: string): string {
  const row = rows.find(({ contact }) => contact.name === name);
  if (!row) throw new Error(`${name} is not in the list`);
  return row.id;
}

/** The open conversations, once these names are among them. */
async function listed({ nina }: People, names: string[]): Promise<Row[]> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { items } = await nina.get<{ items: Row[] }>("/conversations?view=all&limit=100");
    if (names.every((name) => items.some(({ contact }) => contact.name === name))) return items;
    if (Date.now() > deadline) throw new Error(`${names.join(", ")} did not arrive`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function reply(who: People["nina"], conversationId: string, text: string): Promise<void> {
  const message = { clientId: randomUUID(), type: "outgoing", content: { text } };
  await who.post(`/conversations/${conversationId}/messages`, message);
}

async function note(
  who: People["nina"],
  conversationId: string,
  text: string,
  mentions: string[],
): Promise<void> {
  const message = { clientId: randomUUID(), type: "note", content: { text }, mentions };
  await who.post(`/conversations/${conversationId}/messages`, message);
}

async function draft(who: People["nina"], conversationId: string, text: string): Promise<void> {
  await who.put(`/conversations/${conversationId}/drafts/reply`, { content: { text } });
}
