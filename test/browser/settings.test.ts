/** Teams and business hours on their settings pages, in a real browser, by pointer and by keyboard. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { launchBrowser, openContext } from "../support/browser.ts";
import { Person, waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let employee: Person;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];
const teams = async (): Promise<any[]> => (await world.owner.get("/teams")).items;
const hours = async (path = "/hours"): Promise<any> => (await world.owner.get(path)).hours;

beforeAll(async () => {
  world = await startWorld();
  employee = await world.owner.invite("oleg@clay.example");
  browser = await launchBrowser();
  context = await openContext(browser, world.hub.url, world.owner.cookie);
  page = await context.newPage();
  page.on("pageerror", (error) => void faults.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});
beforeEach(() => void faults.splice(0));

it("makes teams, puts them into another order, changes and deletes them", async () => {
  await page.goto(`${world.hub.url}/settings/teams`);
  for (const name of ["Orders", "Studio"]) {
    await page.getByRole("button", { name: "New team" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New team" });
    if (name === "Orders") {
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("A team needs a name").waitFor();
    }
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    await dialog.getByLabel("Russian").fill(name === "Orders" ? "Заказы" : "");
    await dialog.getByLabel("oleg").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
  expect(await teams()).toMatchObject([
    { name: "Orders", names: { ru: "Заказы" }, memberIds: [employee.id], public: true },
    { name: "Studio", names: {} },
  ]);
  await page.getByRole("button", { name: "Move up: Studio" }).click();
  await waitFor(async () => (await teams())[0].name === "Studio", "the new order");
  await page.getByRole("button", { name: "Edit: Studio" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit: Studio" });
  await dialog.getByRole("switch", { name: /Visitors may choose it/ }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Only for colleagues").waitFor();
  await page.getByRole("button", { name: "Edit: Studio" }).click();
  await page.getByRole("button", { name: "Delete the team" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Delete the team" })
    .last()
    .click();
  await waitFor(async () => (await teams()).length === 1, "the team to go");
  expect(faults).toEqual([]);
});

it("sets the hours of the business by keyboard, pointer and fields, and says what they mean", async () => {
  await page.goto(`${world.hub.url}/settings/hours`);
  await page.getByText("Open always").waitFor();
  await page.getByRole("button", { name: "Set hours" }).click();
  const opens = page.getByRole("slider", { name: "Monday: opens" });
  await opens.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("PageUp");
  expect(await opens.getAttribute("aria-valuetext")).toBe("10:15");

  const closes = page.getByRole("slider", { name: "Monday: closes" });
  const box = await closes.boundingBox();
  const week = page.getByRole("list", { name: "Business hours" });
  const track = await week.getByRole("listitem").first().locator(".bg-sunken").boundingBox();
  if (!box || !track) throw new Error("the bar is not drawn");
  await page.mouse.move(box.x + box.width / 2, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(track.x + (track.width * 20) / 24, box.y + 5, { steps: 6 });
  await page.mouse.up();
  expect(await closes.getAttribute("aria-valuetext")).toBe("20:00");

  await page.getByRole("button", { name: "One more interval: Monday" }).click();
  await page.getByRole("button", { name: /Monday, 21:00 to 23:00/ }).click();
  await page.getByLabel("To", { exact: true }).fill("00:00");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /Monday, 21:00 to 24:00/ }).waitFor();
  await page.getByRole("button", { name: "Take over from Monday" }).click();
  await page.getByRole("menuitem", { name: "Tuesday" }).click();
  await page.getByRole("switch", { name: "Open on Wednesday" }).click();

  await page.getByRole("combobox", { name: "Time zone" }).click();
  await page.getByRole("option", { name: /Asia\/Almaty/ }).click();
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await page.getByRole("menuitem", { name: "Public holidays of Russia" }).click();
  await page.getByText("New Year holidays").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The hours are saved").waitFor();
  const day = [
    { from: "10:15", to: "20:00" },
    { from: "21:00", to: "24:00" },
  ];
  const stored = await hours();
  expect(stored.timeZone).toBe("Asia/Almaty");
  expect(stored.week.slice(0, 4)).toEqual([day, day, [], [{ from: "09:00", to: "18:00" }]]);
  expect(stored.holidays).toHaveLength(7);
  await page.getByText(/^(Open now, closes|Closed now, opens)/).waitFor();
  expect(faults).toEqual([]);
});

it("adds a day with other hours, and refuses one that ends before it begins", async () => {
  await page.goto(`${world.hub.url}/settings/hours`);
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await page.getByRole("menuitem", { name: "A day or several" }).click();
  const dialog = page.getByRole("dialog", { name: "A day or several" });
  await dialog.getByLabel("Name").fill("Kiln service");
  await dialog.getByLabel("First day").fill("2027-02-12");
  await dialog.getByLabel("Last day").fill("2027-02-11");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Not before the first day").waitFor();
  await dialog.getByLabel("Last day").fill("2027-02-13");
  await dialog.getByRole("switch", { name: "Open for other hours" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Kiln service · 11:00–15:00").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The hours are saved").waitFor();
  expect((await hours()).holidays).toContainEqual({
    from: "2027-02-12",
    to: "2027-02-13",
    name: "Kiln service",
    open: [{ from: "11:00", to: "15:00" }],
  });
});

it("gives a team hours of its own, and takes them back", async () => {
  const [orders] = await teams();
  await page.goto(`${world.hub.url}/settings/teams`);
  await page.getByRole("link", { name: "Hours of the business" }).click();
  await page.getByText("As the business").waitFor();
  await page.getByRole("button", { name: "Set own hours" }).click();
  await page.getByRole("switch", { name: "Open on Saturday" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The hours are saved").waitFor();
  expect((await hours(`/teams/${orders.id}/hours`)).week[5]).toEqual([{ from: "09:00", to: "18:00" }]);
  expect((await hours()).week[5]).toEqual([]);
  await page.getByRole("button", { name: "As the business" }).click();
  await page.getByRole("button", { name: "Set own hours" }).waitFor();
  expect((await world.owner.get(`/teams/${orders.id}/hours`)).own).toBe(false);
  expect(faults).toEqual([]);
});

it("shows an employee the hours without a way to change them", async () => {
  const own = await openContext(browser, world.hub.url, employee.cookie);
  const theirs = await own.newPage();
  await theirs.goto(`${world.hub.url}/settings/hours`);
  await theirs.getByRole("button", { name: /Monday, 10:15 to 20:00/ }).waitFor();
  expect(await theirs.getByRole("slider").count()).toBe(0);
  expect(await theirs.getByRole("button", { name: "Save" }).count()).toBe(0);
  await theirs.goto(`${world.hub.url}/settings/teams`);
  await theirs.getByText("Orders").waitFor();
  expect(await theirs.getByRole("button", { name: /New team|Edit/ }).count()).toBe(0);
  expect(await theirs.getByRole("link", { name: "Business hours" }).count()).toBe(0);
  await own.close();
});

it("renames a label on what carries it, and keeps the palette from opening over the dialog", async () => {
  const { owner } = world;
  await owner.put("/tags", { name: "Broken", hue: 12 });
  await owner.put("/tags", { name: "Order", hue: 200 });
  await page.goto(`${world.hub.url}/settings/labels`);
  const open = page.getByRole("button", { name: "Rename Broken" });
  await open.click();
  const dialog = page.getByRole("dialog", { name: "Rename the label" });
  const name = dialog.getByLabel("Name");
  await name.fill("Order");
  await dialog.getByText("There is a label of this name already").waitFor();
  await name.fill("Damaged");
  await page.keyboard.press("Control+KeyK");
  await page.keyboard.type("?!");
  expect(await page.getByRole("dialog").count()).toBe(1);
  expect(await name.inputValue()).toBe("Damaged?!");
  await name.fill("Damaged");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Rename Damaged" }).waitFor();
  expect((await owner.get("/tags")).items.map((tag: any) => tag.name)).toEqual(["Damaged", "Order"]);
  await page.keyboard.press("Control+KeyK");
  await page.getByRole("dialog", { name: "Search" }).waitFor();
  await page.keyboard.press("Control+KeyK");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  expect(faults).toEqual([]);
});

it("invites somebody to some channels alone, by pointer and by touch", async () => {
  const own = await openContext(browser, world.hub.url, world.owner.cookie, { width: 390 });
  for (const [view, press] of [
    [page, "click"],
    [await own.newPage(), "tap"],
  ] as const) {
    const email = `${press}@clay.example`;
    await view.goto(`${world.hub.url}/settings/team`);
    await view
      .getByRole("button", { name: /^Invite/ })
      .first()
      [press]();
    const dialog = view.getByRole("dialog", { name: "Invite a colleague" });
    await dialog.getByLabel("E-mail").fill(email);
    await dialog.getByRole("button", { name: /^Channels: / })[press]();
    await view.getByRole("menuitemcheckbox", { name: /clay_and_co_bot/ })[press]();
    await view.keyboard.press("Escape");
    await view.getByRole("menu").waitFor({ state: "hidden" });
    expect(await dialog.getByLabel("E-mail").inputValue()).toBe(email);
    await dialog.getByRole("button", { name: "Make the link" })[press]();
    await view.getByRole("dialog", { name: "The link is ready" }).waitFor();
    const sent = (await world.owner.get("/invitations")).items.find((one: any) => one.email === email);
    expect(sent.channelIds).toEqual([]);
  }
  await own.close();
  expect(faults).toEqual([]);
});

it("leaves the keys near the session that was ended and the colleague who was deactivated", async () => {
  const leaver = await world.owner.invite("leaver@clay.example");
  const elsewhere = new Person(world.hub.url);
  const credentials = { email: "anna@clay.example", password: "a kiln at 1240 degrees" };
  for (let times = 0; times < 2; times++) await elsewhere.enter("/session", credentials);
  await page.goto(`${world.hub.url}/settings/sessions`);
  const ends = page.getByRole("button", { name: /^Sign out: / });
  await ends.first().waitFor();
  const before = await ends.count();
  await ends.first().focus();
  await page.keyboard.press("Enter");
  await waitFor(async () => (await ends.count()) === before - 1, "one session less");
  const inList = () => page.evaluate(() => document.activeElement?.closest("main ul") !== null);
  await waitFor(inList, "the keys in the list of sessions");
  await page.goto(`${world.hub.url}/settings/team`);
  const row = page.locator("li[data-person]").filter({ hasText: "leaver@clay.example" });
  await row.getByRole("button", { name: "Deactivate" }).press("Enter");
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Deactivate" })
    .press("Enter");
  await row.getByText("Deactivated").waitFor();
  const inRow = () => row.evaluate((one) => one.contains(document.activeElement));
  await waitFor(inRow, "the keys in the row of the colleague");
  leaver.leave();
  expect(faults).toEqual([]);
});
