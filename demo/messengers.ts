/** The simulated messengers with the studio's accounts on them, and how the hub comes to know these. */
import type { Phones } from "./history/play.ts";
import { BotDoor } from "./history/phones/bot-door.ts";
import { telegramPhone } from "./history/phones/telegram.ts";
import { whatsappPhone } from "./history/phones/whatsapp.ts";
import type { People } from "./people.ts";
import { pictureOf } from "./pictures.ts";
import type { Stage } from "./simulators/stage.ts";
import { TelegramSimulator, type SimBot } from "./simulators/telegram.ts";
import { telegramStage } from "./simulators/telegram/stage.ts";
import { WhatsappSimulator, type SimNumber } from "./simulators/whatsapp.ts";
import { whatsappStage } from "./simulators/whatsapp/stage.ts";
import { kindOf, type Desk } from "./story.ts";
import { templates } from "./templates.ts";

/** Where messengers reach the hub. It exists on this machine alone: the simulators know the way. */
export const webhookUrl = "https://hub.clay.example";

/** Of no account anywhere: the simulators alone know them. */
const tokens = {
  shop: "5550100001:AAdemo-shop-of-clay-and-co-00000001",
  classes: "5550100002:AAdemo-classes-of-clay-and-co-0001",
  whatsapp: "EAAdemoWhatsappOfClayAndCo0001",
};
const metaApp = { id: "550100010010001", secret: "0c1a7d5e0fc1a75a6dc0de00550100aa", name: "Clay hub" };

export interface Messengers {
  telegram: TelegramSimulator;
  bots: { shop: SimBot; classes: SimBot };
  whatsapp: WhatsappSimulator;
  number: SimNumber;
  /** For the customers' page. */
  stages: Stage[];
  phones: Phones;
  /** `API_ROOTS` of a hub that lives among them. */
  apiRoots: Record<string, string>;
  /** Leads the webhooks to the hub. */
  lead(hubUrl: string): void;
  /** Lets the hub know nothing of what was played so far. */
  hush(): void;
  close(): Promise<void>;
}

export async function raiseMessengers(): Promise<Messengers> {
  const hub = { url: "" };
  const reach = (url: string): string => url.replace(webhookUrl, hub.url);
  const { telegram, bots, doors, ...onTelegram } = await raiseTelegram();
  const { whatsapp, number, ...onWhatsapp } = await raiseWhatsapp(reach);
  return {
    telegram,
    bots,
    whatsapp,
    number,
    stages: [telegramStage(telegram), whatsappStage(whatsapp)],
    phones: {
      shop: (story) => telegramPhone(telegram, bots.shop, doors.shop, story),
      classes: (story) => telegramPhone(telegram, bots.classes, doors.classes, story),
      whatsapp: (story) => whatsappPhone(whatsapp, number, story),
    },
    apiRoots: { telegram: onTelegram.url, whatsapp: onWhatsapp.url },
    lead: (url) => void (hub.url = url),
    hush() {
      for (const bot of telegram.bots) bot.queue.dropPending();
    },
    async close() {
      await Promise.all([onTelegram.close(), onWhatsapp.close()]);
    },
  };
}

async function raiseTelegram() {
  const telegram = new TelegramSimulator();
  const server = await telegram.listen();
  const shop = await telegram.addBot({
    token: tokens.shop,
    username: "clay_and_co_bot",
    name: "Clay & Co",
    avatar: await pictureOf("sign-shop"),
  });
  const classes = await telegram.addBot({
    token: tokens.classes,
    username: "glina_i_ko_bot",
    name: "Глина и Ко: занятия",
    avatar: await pictureOf("sign-classes"),
  });
  const { url } = server;
  const doors = { shop: new BotDoor(url, tokens.shop), classes: new BotDoor(url, tokens.classes) };
  return { telegram, bots: { shop, classes }, doors, ...server };
}

async function raiseWhatsapp(reach: (url: string) => string) {
  const whatsapp = new WhatsappSimulator({ reach });
  whatsapp.templates.push(...templates);
  const number = whatsapp.addNumber({
    accountId: "550100020020002",
    id: "550100020020102",
    display: "+44 7700 900142",
    name: "Clay & Co",
    token: tokens.whatsapp,
    app: metaApp,
  });
  return { whatsapp, number, ...(await whatsapp.listen()) };
}

/** Connects every account through the hub's own door. Gives the channels' ids. */
export async function connectAll({ nina }: People, { number }: Messengers): Promise<Record<Desk, string>> {
  const { secret: appSecret } = metaApp;
  const credentials: Record<Desk, object> = {
    // The webhooks' address is there for the others; these have always been asked for their messages.
    shop: { token: tokens.shop, mode: "polling" },
    classes: { token: tokens.classes, mode: "polling" },
    whatsapp: {
      phoneNumberId: number.id,
      businessAccountId: number.accountId,
      accessToken: tokens.whatsapp,
      appSecret,
    },
  };
  const desks = Object.keys(kindOf) as Desk[];
  const ids = await Promise.all(
    desks.map(async (desk) => {
      const body = { kind: kindOf[desk], credentials: credentials[desk] };
      return [desk, (await nina.post<{ id: string }>("/channels", body)).id] as const;
    }),
  );
  return Object.fromEntries(ids) as Record<Desk, string>;
}
