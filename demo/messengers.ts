/** The simulated messengers with the studio's accounts on them, and how the hub comes to know these. */
import type { Phones } from "./history/play.ts";
import { BotDoor } from "./history/phones/bot-door.ts";
import { fillMailbox, mailPhone, type LastLetters } from "./history/phones/mail.ts";
import { messengerPhone } from "./history/phones/messenger.ts";
import { telegramPhone } from "./history/phones/telegram.ts";
import { viberPhone } from "./history/phones/viber.ts";
import { whatsappPhone } from "./history/phones/whatsapp.ts";
import type { People } from "./people.ts";
import { pictureOf } from "./pictures.ts";
import { MailSimulator, type MailServers } from "./simulators/mail.ts";
import { mailStage } from "./simulators/mail/stage.ts";
import { MessengerSimulator, type SimPage } from "./simulators/messenger.ts";
import { messengerStage } from "./simulators/messenger/stage.ts";
import type { Stage } from "./simulators/stage.ts";
import { TelegramSimulator, type SimBot } from "./simulators/telegram.ts";
import { telegramStage } from "./simulators/telegram/stage.ts";
import { ViberSimulator, type ViberBot } from "./simulators/viber.ts";
import { viberStage } from "./simulators/viber/stage.ts";
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
  viber: "c1a7000000000000-c1a7c1a7c1a7c1a7-0000000000000001",
  page: "EAAdemoPageOfClayAndCo000000001",
};
const mailAddress = "hello@clay.example";
const mailPassword = "a kiln full of letters";
const metaApp = { id: "550100010010001", secret: "0c1a7d5e0fc1a75a6dc0de00550100aa", name: "Clay hub" };

export interface Messengers {
  telegram: TelegramSimulator;
  bots: { shop: SimBot; classes: SimBot };
  whatsapp: WhatsappSimulator;
  number: SimNumber;
  viber: ViberSimulator;
  viberBot: ViberBot;
  /** Messenger and Instagram. */
  meta: MessengerSimulator;
  page: SimPage;
  mail: MailSimulator;
  mailServers: MailServers;
  /** The newest letter of every correspondent. */
  lastLetters: LastLetters;
  /** For the customers' page. */
  stages: Stage[];
  phones: Phones;
  /** `API_ROOTS` of a hub that lives among them. */
  apiRoots: Record<string, string>;
  /** Leads the webhooks to the hub. */
  lead(hubUrl: string): void;
  /** Lets the hub know nothing of what was played so far. */
  hush(): Promise<void>;
  close(): Promise<void>;
}

export async function raiseMessengers(): Promise<Messengers> {
  const hub = { url: "" };
  const reach = (url: string): string => url.replace(webhookUrl, hub.url);
  const get: typeof fetch = (input, init) => fetch(typeof input === "string" ? reach(input) : input, init);
  const [onTelegram, onWhatsapp, onViber, onMeta, onMail] = await Promise.all([
    raiseTelegram(),
    raiseWhatsapp(reach),
    raiseViber(get),
    raiseMeta(reach, get),
    raiseMail(),
  ]);
  const { telegram, bots, doors } = onTelegram;
  const { whatsapp, number } = onWhatsapp;
  const { viber, viberBot } = onViber;
  const { meta, page } = onMeta;
  const { mail, mailServers } = onMail;
  const lastLetters: LastLetters = [];
  return {
    telegram,
    bots,
    whatsapp,
    number,
    viber,
    viberBot,
    meta,
    page,
    mail,
    mailServers,
    lastLetters,
    stages: [
      telegramStage(telegram),
      whatsappStage(whatsapp),
      viberStage(viber),
      messengerStage(meta, "page"),
      messengerStage(meta, "instagram"),
      mailStage(mail),
    ],
    phones: {
      shop: (story) => telegramPhone(telegram, bots.shop, doors.shop, story),
      classes: (story) => telegramPhone(telegram, bots.classes, doors.classes, story),
      whatsapp: (story) => whatsappPhone(whatsapp, number, story),
      viber: (story) => viberPhone(viber, viberBot, story),
      facebook: (story) => messengerPhone(meta, page, "page", story),
      instagram: (story) => messengerPhone(meta, page, "instagram", story),
      mail: (story) => mailPhone(mail, mailAddress, lastLetters, story),
    },
    apiRoots: {
      telegram: onTelegram.url,
      whatsapp: onWhatsapp.url,
      viber: onViber.url,
      facebook: onMeta.url,
      instagram: onMeta.url,
    },
    lead: (url) => void (hub.url = url),
    async hush() {
      for (const bot of telegram.bots) bot.queue.dropPending();
      await fillMailbox(mail, lastLetters);
    },
    async close() {
      const raised = [onTelegram, onWhatsapp, onViber, onMeta, mailServers];
      await Promise.all(raised.map((one) => one.close()));
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
    name: "Clay & Co orders",
    token: tokens.whatsapp,
    app: metaApp,
  });
  return { whatsapp, number, ...(await whatsapp.listen()) };
}

async function raiseViber(get: typeof fetch) {
  const viber = new ViberSimulator({ fetch: get });
  const server = await viber.listen();
  const viberBot = viber.addBot({
    token: tokens.viber,
    id: "pa:550100030030003",
    name: "Глина и Ко",
    uri: "clayandco",
    icon: viber.host(await pictureOf("sign-shop"), "image/jpeg", "icon.jpg"),
  });
  return { viber, viberBot, ...server };
}

async function raiseMeta(reach: (url: string) => string, get: typeof fetch) {
  const meta = new MessengerSimulator({ reach, fetch: get });
  meta.reach = "delivered";
  meta.addApp(metaApp);
  const page = meta.addPage({
    token: tokens.page,
    app: metaApp,
    id: "550100040040004",
    name: "Clay & Co, ceramics studio",
    username: "clay.and.co",
    picture: await pictureOf("sign-shop"),
    instagram: { id: "17841455010004004", username: "clay.and.co", name: "Clay & Co studio" },
  });
  return { meta, page, ...(await meta.listen()) };
}

async function raiseMail() {
  const mail = new MailSimulator();
  mail.addMailbox(mailAddress, mailPassword);
  return { mail, mailServers: await mail.listen() };
}

/** Connects every account through the hub's own door. Gives the channels' ids. */
export async function connectAll({ nina }: People, messengers: Messengers): Promise<Record<Desk, string>> {
  const credentials = credentialsOf(messengers);
  const desks = Object.keys(kindOf) as Desk[];
  const ids = await Promise.all(
    desks.map(async (desk) => {
      const body = { kind: kindOf[desk], credentials: credentials[desk] };
      return [desk, (await nina.post<{ id: string }>("/channels", body)).id] as const;
    }),
  );
  const channels = Object.fromEntries(ids) as Record<Desk, string>;
  const { webhook } = await nina.get<{ webhook: { url: string; verifyToken: string } }>(
    `/channels/${channels.instagram}`,
  );
  // What a person does at Meta: for Instagram no call can do it.
  await messengers.meta.pasteCallback(metaApp, "instagram", webhook.url, webhook.verifyToken);
  return channels;
}

function credentialsOf({ number, mailServers }: Messengers): Record<Desk, object> {
  const { secret: appSecret } = metaApp;
  const page = { pageToken: tokens.page, appSecret };
  return {
    // They need no webhook, and are asked for their messages as on a machine without an address.
    shop: { token: tokens.shop, mode: "polling" },
    classes: { token: tokens.classes, mode: "polling" },
    whatsapp: {
      phoneNumberId: number.id,
      businessAccountId: number.accountId,
      accessToken: tokens.whatsapp,
      appSecret,
    },
    viber: { token: tokens.viber, welcome: "Hello! Write to us, we answer from nine to eight." },
    facebook: page,
    instagram: page,
    mail: {
      address: mailAddress,
      senderName: "Clay & Co, ceramics",
      password: mailPassword,
      imapHost: mailServers.imap,
      smtpHost: mailServers.smtp,
    },
  };
}
