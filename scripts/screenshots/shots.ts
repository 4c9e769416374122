/** Every screen that is pictured, and how to get it there. */
import type { Page } from "playwright-core";
import { cardShots } from "./card-shots.ts";
import { until, type Places } from "./places.ts";
import { fresh, inDemo, nina, type Shot } from "./shot.ts";

const conversation =
  (name: string, view = "all") =>
  ({ demo, conversations }: Places): string =>
    `${demo.url}/inbox/${view}/${conversations.get(name) ?? ""}`;

const press =
  (...keys: string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

/** The network is gone, and has been for longer than the line about it waits. */
async function goOffline(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page
    .getByRole("status")
    .filter({ hasText: /No connection|Нет связи/ })
    .waitFor();
}

/** A slow line and a file large enough to be seen on its way. */
async function upload(page: Page): Promise<void> {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 1_000_000,
  });
  await page.locator("input[type=file]").setInputFiles([
    {
      name: "kiln-schedule.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.alloc(5_000_000, "%PDF-1.7 "),
    },
  ]);
  const bar = page.getByRole("progressbar");
  await until(
    async () => Number(await bar.getAttribute("aria-valuenow")) > 1_000_000,
    "the upload to get under way",
  );
}

async function record(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /Record a voice|Записать голосовое/ })
    .first()
    .click();
  await page.getByRole("timer").filter({ hasText: "0:02" }).waitFor();
}

async function recordAndListen(page: Page): Promise<void> {
  await record(page);
  await page.getByRole("button", { name: /^(Stop|Стоп)/ }).click();
  await page.locator("audio[controls]").waitFor();
}

/** A finger that has drawn the first row aside and rests. */
async function swipe(page: Page): Promise<void> {
  const box = await page.locator("[data-conversation]").nth(1).boundingBox();
  if (!box) throw new Error("the list has no second row");
  const touch = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width - 40, box.y + box.height / 2];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
  for (let moved = 20; moved <= 180; moved += 20)
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x - moved, y }] });
}

/** Opens the dialog in which one writes first, and chooses whom. */
function beginWith(name?: string) {
  return async (page: Page): Promise<void> => {
    await page
      .getByRole("button", { name: /^(New conversation|Новый диалог)/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("option").first().waitFor();
    if (!name) return;
    await dialog.getByRole("option", { name: new RegExp(name) }).click();
    await dialog.getByRole("radio").first().waitFor();
    await dialog.getByRole("textbox").fill("The glaze tests came out of the kiln this morning.");
  };
}

/** The phone of a customer of the demo. */
const phoneOf =
  (kind: string, name: string) =>
  ({ demo }: Places): string => {
    const stage = demo.messengers.stages.find((one) => one.kind === kind);
    const person = stage?.people().find((one) => one.name === name);
    if (!person) throw new Error(`${name} is not on ${kind}`);
    return `${demo.customersUrl}/#${kind}/${encodeURIComponent(person.id)}`;
  };

/** The page of the customers goes on listening, so that its network never rests. */
async function answered(page: Page): Promise<void> {
  await page.locator(".bubble").last().waitFor();
}

const widgetSections = ["look", "channels", "triggers", "hours", "texts", "forms", "install"];

/** The widget in the preview has drawn itself. */
async function previewed(page: Page): Promise<void> {
  if ((await page.locator("iframe").count()) === 0) return;
  const widget = page.frameLocator("iframe").locator("[data-switchboard]");
  await widget.locator("[role=dialog], .g").first().waitFor();
}

/** Somebody opens the studio's site in a window of their own. */
async function visitShop(page: Page, { demo }: Places): Promise<void> {
  const shop = await page.context().newPage();
  await shop.goto(demo.shopUrl);
  await page.bringToFront();
  await page.locator("[data-visitor]").first().waitFor();
}

const settings = [
  "profile",
  "notifications",
  "appearance",
  "keyboard",
  "sessions",
  "general",
  "team",
  "teams",
  "hours",
  "labels",
  "addresses",
];

/** Somebody else for each look: three letters in a quarter of an hour go to one address. */
const forgetful = ["lena", "olga", "ivan", "anna", "petr", "rita", "egor", "vera"];

/** From the sign-in page over the letter to the new password. */
let asked = 0;
const passwordShots: Shot[] = [
  { name: "password-forgotten", address: ({ host }) => `${host.url}/new-password` },
  {
    name: "password-sent",
    address: ({ host }) => `${host.url}/new-password`,
    async act(page) {
      await page.getByRole("textbox").fill(`${forgetful[asked++ % forgetful.length]!}@clay.example`);
      await page.getByRole("textbox").press("Enter");
      await page.getByRole("heading", { name: /mailbox|почту/ }).waitFor();
    },
  },
  { name: "password-new", address: ({ host }) => host.passwordLink() },
  { name: "password-link-spent", address: ({ host }) => `${host.url}/new-password#used-already` },
  { name: "password-no-mail", address: async ({ untouched }) => `${(await untouched()).url}/new-password` },
];

export const shots: Shot[] = [
  { name: "sign-in", address: inDemo("/sign-in") },
  {
    name: "first-run",
    async address(places) {
      const { url, setupToken } = await places.untouched();
      return `${url}/first-run#${setupToken}`;
    },
  },
  {
    name: "first-run-expired",
    address: async ({ untouched }) => `${(await untouched()).url}/first-run#used-already`,
  },
  ...passwordShots,
  { name: "invitation", address: ({ invitation }) => invitation },
  { name: "home-checklist", who: fresh, address: (places) => `${places.fresh.url}/` },
  { name: "home", who: nina, address: inDemo("/") },
  { name: "channels", who: nina, address: inDemo("/channels") },
  ...widgetSections.map((section) => ({
    name: `widget-${section}`,
    who: nina,
    address: inDemo(`/widget/${section}`),
    act: previewed,
  })),
  {
    name: "widget-preview",
    who: nina,
    address: inDemo("/widget/look"),
    async act(page) {
      await page.getByRole("button", { name: /^(Preview|Просмотр)$/ }).click();
      await previewed(page);
    },
    phoneOnly: true,
  },
  { name: "widget-none", who: fresh, address: (places) => `${places.fresh.url}/widget` },
  ...cardShots,
  { name: "sign-up", address: ({ host }) => `${host.url}/sign-up` },
  { name: "contacts", who: nina, address: inDemo("/contacts") },
  {
    name: "contacts-none-found",
    who: nina,
    address: inDemo("/contacts"),
    act: async (page) => {
      await page.getByRole("searchbox").first().fill("zzzz");
      await page.getByText(/Nobody fits|Никто не подходит/).waitFor();
    },
  },
  {
    name: "contact-merge",
    who: nina,
    address: inDemo("/contacts"),
    act: (page) =>
      page
        .getByRole("button", { name: /Compare|Сравнить/ })
        .first()
        .click(),
  },
  { name: "visitors", who: nina, address: inDemo("/visitors"), act: visitShop },
  { name: "visitors-none", who: fresh, address: (places) => `${places.fresh.url}/visitors` },
  { name: "channels-empty", who: fresh, address: (places) => `${places.fresh.url}/channels` },
  { name: "connect", who: nina, address: inDemo("/channels/connect") },
  ...["telegram", "whatsapp", "whatsapp-web", "facebook", "instagram", "viber", "email"].map((kind) => ({
    name: `connect-${kind}`,
    who: nina,
    address: inDemo(`/channels/connect/${kind}`),
  })),
  {
    name: "channel-working",
    who: nina,
    address: ({ demo }) => `${demo.url}/channels/${demo.channelIds.shop}`,
  },
  ...(["whatsapp", "facebook", "instagram", "viber", "mail"] as const).map((desk) => ({
    name: `channel-${desk}`,
    who: nina,
    address: ({ demo }: Places) => `${demo.url}/channels/${demo.channelIds[desk]}`,
  })),
  {
    name: "channel-error",
    who: nina,
    address: ({ demo, brokenChannelId }) => `${demo.url}/channels/${brokenChannelId}`,
  },
  { name: "inbox-list", who: nina, address: inDemo("/inbox/all") },
  { name: "inbox-mine", who: nina, address: inDemo("/inbox/mine") },
  { name: "inbox-empty", who: fresh, address: (places) => `${places.fresh.url}/inbox/all` },
  { name: "inbox-snoozed", who: nina, address: inDemo("/inbox/snoozed") },
  { name: "thread", who: nina, address: conversation("Harriet Boyle") },
  { name: "thread-ru", who: nina, address: conversation("Ольга Третьякова") },
  { name: "thread-buttons", who: nina, address: conversation("Teodor Lindqvist") },
  { name: "thread-card-sticker", who: nina, address: conversation("Jonas Pfeiffer") },
  { name: "thread-whatsapp", who: nina, address: conversation("Wesley Okoro") },
  { name: "thread-instagram", who: nina, address: conversation("Соня Белкина") },
  { name: "thread-email", who: nina, address: conversation("Cornelius Wade", "resolved") },
  { name: "thread-voice", who: nina, address: conversation("Priya Raman") },
  { name: "thread-video", who: nina, address: conversation("Светлана Рябинина") },
  { name: "thread-failed", who: nina, address: conversation("Павел Щукин") },
  { name: "thread-unknown", who: nina, address: conversation("Colm Gallagher") },
  { name: "thread-resolved", who: nina, address: conversation("Moira Sinclair", "resolved") },
  { name: "thread-offline", who: nina, address: conversation("Harriet Boyle"), act: goOffline },
  { name: "thread-upload", who: nina, address: conversation("Teodor Lindqvist"), act: upload },
  { name: "thread-recording", who: nina, address: conversation("Teodor Lindqvist"), act: record },
  { name: "thread-recorded", who: nina, address: conversation("Teodor Lindqvist"), act: recordAndListen },
  { name: "inbox-swipe", who: nina, address: inDemo("/inbox/all"), act: swipe, phoneOnly: true },
  { name: "note", who: nina, address: conversation("Harriet Boyle"), act: press("n"), desktopOnly: true },
  {
    name: "palette",
    who: nina,
    address: conversation("Harriet Boyle"),
    act: press("Control+k"),
    desktopOnly: true,
  },
  {
    name: "palette-search",
    who: nina,
    address: conversation("Harriet Boyle"),
    async act(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("glaze");
      await page.getByRole("option", { name: /glaze/i }).first().waitFor();
    },
    desktopOnly: true,
  },
  { name: "begin", who: nina, address: inDemo("/inbox/all"), act: beginWith() },
  { name: "begin-write", who: nina, address: inDemo("/inbox/all"), act: beginWith("Harriet") },
  {
    name: "cheat-sheet",
    who: nina,
    address: conversation("Harriet Boyle"),
    act: press("Shift+Slash"),
    desktopOnly: true,
  },
  {
    name: "snooze-menu",
    who: nina,
    address: conversation("Harriet Boyle"),
    act: press("h"),
    desktopOnly: true,
  },
  {
    name: "assign-menu",
    who: nina,
    address: conversation("Harriet Boyle"),
    act: press("a"),
    desktopOnly: true,
  },
  {
    name: "label-menu",
    who: nina,
    address: conversation("Harriet Boyle"),
    act: press("l"),
    desktopOnly: true,
  },
  {
    name: "bulk",
    who: nina,
    address: inDemo("/inbox/all"),
    act: press("j", "x", "j", "x", "j", "x"),
    desktopOnly: true,
  },
  {
    name: "contact",
    who: nina,
    address: (places) => `${conversation("Harriet Boyle")(places)}?panel=contact`,
  },
  {
    name: "light-box",
    who: nina,
    address: conversation("Ольга Третьякова"),
    async act(page) {
      await page.getByRole("log").locator("button:has(img)").first().click();
      await page.getByRole("dialog").locator("img").first().waitFor();
    },
  },
  ...settings.map((page) => ({ name: `settings-${page}`, who: nina, address: inDemo(`/settings/${page}`) })),
  {
    name: "settings-team-hours",
    who: nina,
    address: inDemo("/settings/teams"),
    async act(page) {
      await page.getByRole("link", { name: /^(Own hours|Свои часы)$/ }).click();
      await page.getByRole("slider").first().waitFor();
    },
  },
  {
    name: "settings-team-dialog",
    who: nina,
    address: inDemo("/settings/teams"),
    async act(page) {
      await page.getByRole("button", { name: /^(Edit|Изменить): Orders/ }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "customers", address: ({ demo }) => demo.customersUrl },
  { name: "customers-telegram", address: phoneOf("telegram", "Harriet Boyle"), act: answered },
  { name: "customers-whatsapp", address: phoneOf("whatsapp", "Wesley Okoro"), act: answered },
  { name: "customers-viber", address: phoneOf("viber", "Radka Dimitrova"), act: answered },
  { name: "customers-messenger", address: phoneOf("facebook", "Роман Чернов"), act: answered },
  { name: "customers-instagram", address: phoneOf("instagram", "Соня Белкина"), act: answered },
  { name: "customers-email", address: phoneOf("email", "Freya Lindholm"), act: answered },
  {
    name: "customers-trouble",
    address: phoneOf("whatsapp", "Wesley Okoro"),
    async act(page) {
      await answered(page);
      await page.locator("#more").click();
    },
    phoneOnly: true,
  },
  { name: "settings", who: nina, address: inDemo("/settings"), phoneOnly: true },
  { name: "not-found", who: nina, address: inDemo("/no/such/page") },
  { name: "kit", address: ({ kitUrl }) => kitUrl },
  { name: "kit-states", address: ({ kitUrl }) => `${kitUrl}#states` },
];
