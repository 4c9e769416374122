/** A hub with an account of every messenger, each of them talking: for screens that have to be looked at. */
import { MailSimulator } from "../../demo/simulators/mail.ts";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { ViberSimulator } from "../../demo/simulators/viber.ts";
import { WhatsappSimulator } from "../../demo/simulators/whatsapp.ts";
import { startHub, waitFor, type Person, type TestHub } from "./hub.ts";
import { app, pageCredentials, raiseMeta } from "./messenger.ts";
import { picture } from "./pictures.ts";
import { newNumber, whatsappCredentials } from "./whatsapp.ts";
import { servePage } from "./whatsapp-page.ts";
import { botToken } from "./world.ts";

export const kinds = [
  "telegram",
  "whatsapp",
  "whatsapp-web",
  "facebook",
  "instagram",
  "viber",
  "email",
] as const;
export type Kind = (typeof kinds)[number];

export interface EveryChannel {
  hub: TestHub;
  owner: Person;
  /** Ids of the accounts. */
  channels: Record<Kind, string>;
  /** Ids of the conversations, by the customer's name. */
  conversations: Map<string, string>;
  close(): Promise<void>;
}

const address = "https://hub.example";
const viberToken = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";

export async function startEveryChannel(): Promise<EveryChannel> {
  const place = { url: "" };
  const reach = (url: string): string => url.replace(address, place.url);
  const telegram = new TelegramSimulator();
  const whatsapp = new WhatsappSimulator({ reach });
  const viber = new ViberSimulator({
    fetch: ((url: string | URL, init?: RequestInit) => fetch(reach(String(url)), init)) as typeof fetch,
  });
  const mail = new MailSimulator();
  const [meta, web, ...servers] = await Promise.all([
    raiseMeta(reach),
    servePage(),
    telegram.listen(),
    whatsapp.listen(),
    viber.listen(),
    mail.listen(),
  ]);
  const [bots, numbers, publics, letters] = servers;
  const bot = await telegram.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  const number = newNumber(whatsapp);
  const account = viber.addBot({ token: viberToken, id: "pa:1", name: "Clay & Co", uri: "clayandco" });
  mail.addMailbox("hello@clay.example", "an app password");
  const hub = await startHub({
    PUBLIC_URL: address,
    TELEGRAM_API_ROOT: bots.url,
    API_ROOTS: `whatsapp=${numbers.url},whatsapp-web=${web.root},viber=${publics.url},email=${letters.url},facebook=${meta.url},instagram=${meta.url}`,
  });
  place.url = hub.url;
  const owner = await hub.owner();
  const mailServers = { imapHost: letters.imap, smtpHost: letters.smtp };
  const credentials: Record<Kind, Record<string, string>> = {
    telegram: { token: botToken, mode: "polling" },
    whatsapp: whatsappCredentials,
    "whatsapp-web": {},
    facebook: pageCredentials,
    instagram: pageCredentials,
    viber: { token: viberToken },
    email: { address: "hello@clay.example", password: "an app password", ...mailServers },
  };
  const channels = {} as Record<Kind, string>;
  for (const kind of kinds) {
    const body = {
      kind,
      credentials: credentials[kind],
      ...(kind === "whatsapp-web" ? { consent: true } : {}),
    };
    channels[kind] = (await owner.post<{ id: string }>("/channels", body)).id;
  }
  const { webhook } = await owner.get(`/channels/${channels.instagram}`);
  await meta.simulator.pasteCallback(app, "instagram", webhook.url, webhook.verifyToken);

  await waitFor(() => meta.simulator.callbackOf(app, "page"), "Messenger's webhook");
  await waitFor(() => whatsapp.overrides.get(number.accountId), "WhatsApp's webhook");
  await waitFor(() => account.webhook, "Viber's webhook");
  const maria = await telegram.addCustomer({ name: "Maria Sokolova" });
  maria.start(bot);
  maria.say("Is there a place left on the Saturday course?");
  const kate = whatsapp.addCustomer({ name: "Kate Winslow", phone: "447700900123" });
  kate.say(number, "Is the glaze food safe?");
  const items = [
    { product_retailer_id: "MUG-BLUE-7", quantity: 2, item_price: 18, currency: "EUR" },
    { product_retailer_id: "PLATE-24", quantity: 1, item_price: 32, currency: "EUR" },
  ];
  kate.send(number, "order", {
    order: { catalog_id: "1", text: "For Friday, please", product_items: items },
  });
  const longAgo = String(Math.floor(Date.now() / 1000) - 26 * 3600);
  whatsapp
    .addCustomer({ name: "Vera Lind", phone: "447700900555" })
    .say(number, "Do you still have the blue one?", { timestamp: longAgo });
  meta.kate.say("Do you glaze on Sundays?");
  const lena = meta.simulator.customer(
    meta.page,
    meta.simulator.addPerson({ name: "Lena Fischer" }),
    "instagram",
  );
  lena.send({
    attachments: [{ type: "story_mention", payload: { url: "https://lookaside.fbsbx.com/s/1" } }],
  });
  lena.send({
    attachments: [{ type: "share", payload: { title: "A vase", url: "https://www.instagram.com/p/1" } }],
  });
  await viber.addCustomer(account, "Noor Haddad").say("Where is my parcel?");
  await waitFor(
    async () => (await owner.get(`/channels/${channels.email}`)).health.state === "connected",
    "the mailbox",
  );
  await mail.deliver({
    from: { name: "Olga Petrova", address: "olga@example.com" },
    to: "hello@clay.example",
    cc: "office@example.com",
    subject: "A bowl for salad",
    html: "<p>Do you still make the <b>large</b> ones? I need:</p><ul><li>two in celadon</li><li>one in white</li></ul><blockquote>On Sun, 1 Mar 2026, Clay &amp; Co wrote: thank you for your visit.</blockquote>",
    attachments: [
      { filename: "bowl.png", contentType: "image/png", content: await picture(320, 200) },
      { filename: "plan.pdf", contentType: "application/pdf", content: Buffer.from("%PDF-1.4\n%%EOF\n") },
    ],
  });
  const names = [
    "Maria Sokolova",
    "Kate Winslow",
    "Vera Lind",
    "Lena Fischer",
    "Noor Haddad",
    "Olga Petrova",
  ];
  const found = await waitFor(async () => {
    const all = (await owner.get("/conversations?limit=100")).items.filter((one: any) => one.preview);
    return names.every((name) => all.some((one: any) => one.contact.name === name)) && all;
  }, "everybody's conversation");
  return {
    hub,
    owner,
    channels,
    conversations: new Map(found.map((one: any) => [one.contact.name, one.id])),
    async close() {
      owner.leave();
      await hub.stop();
      await Promise.all([meta.close(), web.close(), ...servers.map((server) => server.close())]);
    },
  };
}
