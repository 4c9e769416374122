/** A conversation goes on in another messenger by the link that the hub made for it: one account of each, one customer of the site. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { ViberSimulator, type ViberBot } from "../../demo/simulators/viber.ts";
import { WhatsappSimulator, type SimNumber } from "../../demo/simulators/whatsapp.ts";
import { acrossWorkspaces, toObjectId, type ObjectId } from "../../core/db.ts";
import { ConversationModel, mintLinkToken } from "../../inbox/index.ts";
import { conversationSaying, startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { pageCredentials, raiseMeta, type MetaStage } from "../support/messenger.ts";
import { newNumber, whatsappCredentials } from "../support/whatsapp.ts";
import { botToken, messageWhere, threadOf } from "../support/world.ts";

const address = "https://hub.example";
const viberToken = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
let hub: TestHub;
let owner: Person;
let telegram: TelegramSimulator;
let bot: SimBot;
let meta: MetaStage;
let whatsapp: WhatsappSimulator;
let viber: ViberSimulator;
let number: SimNumber;
let account: ViberBot;
let closing: (() => Promise<unknown>)[];
const channels: Record<string, string> = {};

beforeAll(async () => {
  const reach = (url: string): string => url.replace(address, hub.url);
  meta = await raiseMeta(reach);
  whatsapp = new WhatsappSimulator({ reach });
  viber = new ViberSimulator({
    fetch: ((url: string | URL, init?: RequestInit) => fetch(reach(String(url)), init)) as typeof fetch,
  });
  telegram = new TelegramSimulator();
  const servers = await Promise.all([whatsapp.listen(), viber.listen(), telegram.listen()]);
  const [numbers, publics, bots] = servers;
  closing = [...servers, meta].map(({ close }) => close);
  number = newNumber(whatsapp);
  account = viber.addBot({ token: viberToken, id: "pa:1", name: "Clay & Co", uri: "clayandco" });
  bot = await telegram.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  hub = await startHub({
    PUBLIC_URL: address,
    TELEGRAM_API_ROOT: bots.url,
    API_ROOTS: `whatsapp=${numbers.url},viber=${publics.url},facebook=${meta.url}`,
  });
  owner = await hub.owner();
  const given = {
    telegram: { token: botToken, mode: "polling" },
    whatsapp: whatsappCredentials,
    viber: { token: viberToken },
    facebook: pageCredentials,
  };
  for (const [kind, credentials] of Object.entries(given))
    channels[kind] = (await owner.post<{ id: string }>("/channels", { kind, credentials })).id;
  await waitFor(() => whatsapp.overrides.get(number.accountId) && account.webhook, "the webhooks");
});
afterAll(async () => {
  owner?.leave();
  await hub?.stop();
  for (const close of closing) await close();
});

/** Somebody who follows the messenger's link with this token, and writes there; gives what their phone shows then. */
const travellers: Record<string, (token: string, name: string) => Promise<() => (string | undefined)[]>> = {
  async viber(token, name) {
    const customer = viber.addCustomer(account, name);
    await customer.open(token);
    await customer.say(`${name} is here`);
    return () => customer.read;
  },
  facebook(token, name) {
    const customer = meta.simulator.customer(meta.page, meta.simulator.addPerson({ name }));
    customer.openLink(token);
    customer.say(`${name} is here`);
    return Promise.resolve(() => customer.received.map(({ text }) => text));
  },
  whatsapp(code, name) {
    const phone = `4477009${Math.floor(10_000 + Math.random() * 89_999)}`;
    const customer = whatsapp.addCustomer({ name, phone });
    customer.say(number, `👋 #${code}`);
    customer.say(number, `${name} is here`);
    const texts = () =>
      customer
        .chat(number)
        .messages.filter(({ by }) => by === "business")
        .map(({ body }) => (body["text"] as { body?: string } | undefined)?.body);
    return Promise.resolve(texts);
  },
};

it.each(Object.keys(travellers))("goes on by %s, once, and is answered there", async (kind) => {
  const visitor = await telegram.addCustomer({ name: `Visitor of ${kind}` });
  visitor.say("I have to run", { bot });
  const { id } = await waitFor(
    async () =>
      (await owner.get("/conversations?view=all&limit=100")).items.find(
        (one: any) => one.contact.name === `Visitor of ${kind}`,
      ),
    "the conversation",
  );
  const _id = toObjectId(id) as ObjectId;
  const { workspaceId } = await acrossWorkspaces(ConversationModel.findOne({ _id })).orFail().lean();
  const to = { workspaceId, conversationId: _id, origin: "clay.example/mugs" };
  const channelId = toObjectId(channels[kind]!) as ObjectId;
  const token = await mintLinkToken({ ...to, channelId }, 10, kind === "whatsapp" ? "short" : undefined);
  const shown = await travellers[kind]!(token, `Lena by ${kind}`);
  await messageWhere(owner, id, ({ content }) => content.text === `Lena by ${kind} is here`);
  expect((await threadOf(owner, id))[0].content.text).toBe("I have to run");

  const reply = await owner.reply(id, "Hello again");
  await messageWhere(owner, id, (one) => one.id === reply.id && /sent|delivered/.test(one.delivery.state));
  expect(shown().at(-1)).toBe("Hello again");

  await travellers[kind]!(token, `Thief by ${kind}`);
  const own = await conversationSaying(owner, `Thief by ${kind} is here`);
  expect(own.id).not.toBe(id);
});
