/** What the widget says to who hears it, and to who reads it on a phone, in Russian. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launcher, startShop, type Shop } from "../support/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
  const { world, widget } = shop;
  const { owner, channelId } = world;
  const { draft, rev } = await owner.get(`/widgets/${widget.id}`);
  const bots = ["clay_and_co_bot", "clay_fair_bot"].map((handle) => ({
    ...{ id: handle, kind: "telegram", channelId, title: "Telegram", handle, on: true },
  }));
  const links = [...draft.links.filter(({ kind }: any) => kind === "chat"), ...bots];
  await owner.put(`/widgets/${widget.id}/draft?rev=${rev}`, { ...draft, links });
  await owner.post(`/widgets/${widget.id}/publish`);
});
afterAll(async () => {
  await shop?.close();
  expect(shop.faults).toEqual([]);
});

const inPanel = (page: Page, selector: string) => page.locator(`[data-switchboard] ${selector}`);
const visit = async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const { context, page } = await shop.visit({ ...phone, locale: "ru-RU" });
  await page.goto(shop.url);
  await launcher(page).waitFor();
  return { context, page };
};

/** Begins a chat with these words, and gives its conversation. */
async function begin(page: Page, text: string): Promise<any> {
  await launcher(page).click();
  await inPanel(page, "[data-first]").click();
  await inPanel(page, "textarea").fill(text);
  await page.getByRole("button", { name: "Отправить", exact: true }).click();
  return shop.findByText(text);
}

it("names the launcher with how much is unread, and says who said what", async () => {
  const { owner } = shop.world;
  const { context, page } = await visit();
  const conversation = await begin(page, "Есть ли глазурь темнее?");
  const cdp = await context.newCDPSession(page);
  const heard = async (): Promise<string[]> => {
    const { nodes } = await cdp.send("Accessibility.getFullAXTree");
    return nodes.map(({ name }) => String(name?.value));
  };
  expect(await heard()).toContain("Вы: ");
  await page.getByRole("button", { name: "Закрыть", exact: true }).click();
  await page.getByRole("button", { name: "Открыть чат", exact: true }).waitFor();
  await owner.reply(conversation.id, "Да");
  await page.getByRole("button", { name: "Открыть чат, 1 непрочитанное сообщение", exact: true }).waitFor();
  await owner.reply(conversation.id, "Железо и мох");
  await page.getByRole("button", { name: "Открыть чат, 2 непрочитанных сообщения", exact: true }).waitFor();
  await context.close();
});

it("tells two accounts of one messenger apart", async () => {
  const { context, page } = await visit();
  await begin(page, "Куда ещё можно написать?");
  await page.getByRole("button", { name: "Ещё", exact: true }).click();
  await page.getByRole("button", { name: /^Продолжить: Telegram ?clay_fair_bot$/ }).waitFor();
  await page.getByRole("button", { name: /^Продолжить: Telegram ?clay_and_co_bot$/ }).click();
  await page.getByRole("button", { name: "Telegram clay_fair_bot" }).waitFor();
  await context.close();
});

it("shows the whole question beside the stars on a phone", async () => {
  const { owner } = shop.world;
  const { context, page } = await visit();
  const conversation = await begin(page, "Спасибо!");
  await owner.reply(conversation.id, "Пожалуйста");
  await owner.patch(`/conversations/${conversation.id}`, { state: "resolved" });
  await inPanel(page, ".stars label").nth(3).click();
  const fits = await inPanel(page, ".card input[placeholder]").evaluate((field) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    const canvas = document.createElement("canvas").getContext("2d")!;
    canvas.font = font;
    const { width } = canvas.measureText((field as HTMLInputElement).placeholder);
    return width <= field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  });
  expect(fits).toBe(true);
  await context.close();
});

it("tells one time while nobody is there: when an answer comes, by the visitor's own clock", async () => {
  const { owner } = shop.world;
  const tomorrow = new Date(Date.now() + 36 * 3_600_000);
  const week = Array.from({ length: 7 }, (_, day) =>
    day === (tomorrow.getUTCDay() + 6) % 7 ? [{ from: "10:00", to: "18:00" }] : [],
  );
  await owner.put("/hours", { timeZone: "Asia/Tokyo", week, holidays: [] });
  const { context, page } = await visit();
  await launcher(page).click();
  await inPanel(page, "[data-first]").click();
  await inPanel(page, ".form").waitFor();
  const text = await page.getByRole("dialog").innerText();
  expect(text).toContain("Оставьте сообщение, ответим, как вернёмся.");
  expect(text.match(/\d?\d:\d\d/g)).toHaveLength(1);
  await context.close();
});
