/**
 * An account of every messenger that calls by webhook, on its simulator, connected to a hub that may be killed. What the
 * customers say is made here and posted by the test itself: proven, as often and in the order that the test wants.
 */
import { createHmac } from "node:crypto";
import { MessengerSimulator, type SimPage } from "../../demo/simulators/messenger.ts";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { callbackOf } from "../../demo/simulators/viber/world.ts";
import { ViberSimulator } from "../../demo/simulators/viber.ts";
import { WhatsappSimulator } from "../../demo/simulators/whatsapp.ts";
import { waitFor, type Person } from "./hub.ts";
import { app, pageCredentials, pageToken } from "./messenger.ts";
import { newNumber, whatsappCredentials } from "./whatsapp.ts";
import { botToken } from "./world.ts";

export interface Arrived {
  text: string;
  externalId: string;
}

/** Somebody who writes to the account. */
export interface Customer {
  /** The delivery of their n-th message. */
  message(n: number, text: string): string;
  /** The delivery of what became of a message of the business; undefined where the messenger does not tell. */
  status(state: "sent" | "delivered" | "read", message: Arrived & { ownKey: string }): string | undefined;
  /** What the business wrote, oldest first. */
  arrived(): Arrived[];
}

export interface Line {
  kind: string;
  customers: Customer[];
  /** Connects the account; what follows posts to it. */
  connect(owner: Person): Promise<void>;
  /** Posts a delivery as the messenger does. */
  post(hubUrl: string, body: string): Promise<Response>;
}

/** The simulators' addresses, for the hub's environment; a road may lead to each of them. */
export interface Lines {
  all: Line[];
  environment: Record<string, string>;
  close(): Promise<void>;
}

export const publicUrl = "https://hub.example";

export interface LinesOptions {
  /** Customers of each account. */
  customers: number;
  /** Where the hub is reached. What became of messages is told by the test alone. */
  hubUrl: () => string;
  /** Leads the calls of a kind somewhere else than to the simulator itself. */
  road?: (kind: string, url: string) => Promise<string>;
}

/** Seconds of the first message; each customer's next one is a third of a second later, so that some share a second. */
const begin = Math.floor(Date.now() / 1000) - 7200;
const secondOf = (n: number): number => begin + Math.floor(n / 3);

export async function openLines(options: LinesOptions): Promise<Lines> {
  const { road = (_kind: string, url: string) => Promise.resolve(url) } = options;
  const raised = await Promise.all([
    raiseTelegram(options),
    raiseWhatsapp(options),
    raiseMessenger(options),
    raiseViber(options),
  ]);
  const roots: string[] = [];
  let telegramRoot = "";
  for (const { url, lines } of raised)
    for (const { kind } of lines)
      if (kind === "telegram") telegramRoot = await road(kind, url);
      else roots.push(`${kind}=${await road(kind, url)}`);
  return {
    all: raised.flatMap(({ lines }) => lines),
    environment: {
      TELEGRAM_API_ROOT: telegramRoot,
      API_ROOTS: roots.join(","),
      PUBLIC_URL: publicUrl,
      LOG_LEVEL: "info",
    },
    async close() {
      for (const { close } of raised) await close();
    },
  };
}

interface Raised {
  url: string;
  lines: Line[];
  close(): Promise<void>;
}

type Sign = (body: string) => Record<string, string>;

function lineOf(
  kind: string,
  customers: Customer[],
  credentials: object,
  signFor: (owner: Person) => Promise<Sign>,
): Line {
  let channelId = "";
  let sign: Sign = () => ({});
  return {
    kind,
    customers,
    async connect(owner) {
      channelId = (await owner.post<{ id: string }>("/channels", { kind, credentials })).id;
      sign = await signFor(owner);
    },
    post: (hubUrl, body) =>
      fetch(`${hubUrl}/webhooks/${kind}/${channelId}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...sign(body) },
        body,
      }),
  };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function raiseTelegram({ customers }: LinesOptions): Promise<Raised> {
  const simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  const bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  let nextUpdate = 1_000_000;
  const people = await Promise.all(
    numbers(customers).map(async (index): Promise<Customer> => {
      const person = await simulator.addCustomer({ name: `Telegram ${index}` });
      const chat = simulator.chat(bot, person);
      chat.started = true;
      return {
        message: (n, text) =>
          JSON.stringify({
            update_id: (nextUpdate += 1),
            message: {
              message_id: 100_000 + n,
              date: secondOf(n),
              chat: { id: person.id, type: "private", first_name: person.name },
              from: person.user,
              text,
            },
          }),
        status: () => undefined,
        arrived: () =>
          chat.botMessages.map(({ id, message }) => ({ text: message.text ?? "", externalId: String(id) })),
      };
    }),
  );
  const line = lineOf("telegram", people, { token: botToken, mode: "webhook" }, async () => {
    const secret = await waitFor(
      () => simulator.callsOf("setWebhook")[0]?.params["secret_token"] as string | undefined,
      "the webhook",
    );
    return () => ({ "x-telegram-bot-api-secret-token": secret });
  });
  return { url, lines: [line], close };
}

function hmac(secret: string, body: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

async function raiseWhatsapp({ customers, hubUrl }: LinesOptions): Promise<Raised> {
  const simulator = new WhatsappSimulator({ reach: (url) => url.replace(publicUrl, hubUrl()) });
  simulator.reach = "accepted";
  const number = newNumber(simulator);
  const { url, close } = await simulator.listen();
  const delivery = (what: object): string => {
    const value = {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: number.id },
      ...what,
    };
    const entry = [{ id: number.accountId, changes: [{ value, field: "messages" }] }];
    return JSON.stringify({ object: "whatsapp_business_account", entry });
  };
  const people = numbers(customers).map((index): Customer => {
    const phone = String(49_151_000_000 + index);
    const person = simulator.addCustomer({ name: `WhatsApp ${index}`, phone });
    const chat = person.chat(number);
    chat.closed = false;
    const contacts = [person.contact];
    return {
      message: (n, text) =>
        delivery({
          contacts,
          messages: [
            {
              from: phone,
              id: `wamid.storm-${phone}-${n}`,
              timestamp: String(secondOf(n)),
              type: "text",
              text: { body: text },
            },
          ],
        }),
      status: (state, { externalId: id, ownKey }) => {
        const timestamp = String(Math.floor(Date.now() / 1000));
        const about = { recipient_id: phone, biz_opaque_callback_data: ownKey };
        return delivery({ contacts, statuses: [{ id, status: state, timestamp, ...about }] });
      },
      arrived: () =>
        chat.messages
          .filter(({ by }) => by === "business")
          .map(({ id, body }) => ({ text: (body as any).text?.body ?? "", externalId: id })),
    };
  });
  const { appSecret } = whatsappCredentials;
  const line = lineOf("whatsapp", people, whatsappCredentials, () =>
    Promise.resolve((body) => ({ "x-hub-signature-256": `sha256=${hmac(appSecret, body)}` })),
  );
  return { url, lines: [line], close };
}

/** Messenger and Instagram: a page and the account that is linked to it. */
async function raiseMessenger({ customers }: LinesOptions): Promise<Raised> {
  // What the platform tells by itself leads nowhere: the test tells it.
  const simulator = new MessengerSimulator({ reach: () => "http://127.0.0.1:9/" });
  const { url, close } = await simulator.listen();
  simulator.addApp(app);
  const page = simulator.addPage({
    token: pageToken,
    app,
    id: "104729885512340",
    name: "Clay & Co, ceramics studio",
    username: "clay.and.co",
    instagram: { id: "17841405822304914", username: "clay.and.co", name: "Clay & Co" },
  });
  const lines = (["facebook", "instagram"] as const).map((kind) =>
    lineOf(
      kind,
      numbers(customers).map((index) => messengerCustomer(simulator, page, kind, index)),
      pageCredentials,
      () => Promise.resolve((body) => ({ "x-hub-signature-256": `sha256=${hmac(app.secret, body)}` })),
    ),
  );
  return { url, lines, close };
}

function messengerCustomer(
  simulator: MessengerSimulator,
  page: SimPage,
  kind: "facebook" | "instagram",
  index: number,
): Customer {
  const object = kind === "facebook" ? "page" : "instagram";
  const account = kind === "facebook" ? page.id : (page.instagram?.id ?? "");
  const person = simulator.addPerson({ name: `${kind} ${index}` });
  const customer = simulator.customer(page, person, object);
  customer.thread.lastFromCustomer = Date.now();
  const delivery = (from: "customer" | "page", timestamp: number, what: object): string => {
    const ends = [{ id: customer.id }, { id: account }];
    const [sender, recipient] = from === "customer" ? ends : ends.toReversed();
    const messaging = [{ sender, recipient, timestamp, ...what }];
    return JSON.stringify({ object, entry: [{ id: account, time: timestamp, messaging }] });
  };
  return {
    message: (n, text) =>
      delivery("customer", secondOf(n) * 1000, { message: { mid: `m_storm-${kind}-${index}-${n}`, text } }),
    status(state, { externalId: mid, text, ownKey: metadata }) {
      const now = Date.now();
      if (state === "sent") {
        const echo = { mid, text, is_echo: true, app_id: Number(app.id), metadata };
        return delivery("page", now, { message: echo });
      }
      if (kind === "instagram")
        return state === "read" ? delivery("customer", now, { read: { mid } }) : undefined;
      return state === "delivered"
        ? delivery("customer", now, { delivery: { mids: [mid], watermark: now } })
        : delivery("customer", now, { read: { watermark: now } });
    },
    arrived: () => customer.received.map(({ mid, text = "" }) => ({ text, externalId: mid })),
  };
}

const viberToken = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";

async function raiseViber({ customers, hubUrl }: LinesOptions): Promise<Raised> {
  const simulator = new ViberSimulator({
    fetch: (input, init) => fetch((input as string).replace(publicUrl, hubUrl()), init),
  });
  const { url, close } = await simulator.listen();
  const bot = simulator.addBot({ token: viberToken, id: "pa:1", name: "Clay & Co", uri: "clayandco" });
  const people = numbers(customers).map((index): Customer => {
    const customer = simulator.addCustomer(bot, `Viber ${index}`);
    customer.subscribed = true;
    return {
      message: (_n, text) => customer.bodyOf({ type: "text", text }),
      status: (state, { externalId }) =>
        state === "sent"
          ? undefined
          : callbackOf(state === "read" ? "seen" : "delivered", { user_id: customer.id }, externalId),
      arrived: () => customer.messages.map(({ text = "", token }) => ({ text, externalId: token })),
    };
  });
  const line = lineOf("viber", people, { token: viberToken }, async () => {
    await waitFor(() => bot.webhook, "the webhook of Viber");
    return (body) => ({ "x-viber-content-signature": hmac(viberToken, body) });
  });
  return { url, lines: [line], close };
}
