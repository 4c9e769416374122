/** A hub, its owner, and what the owner does and sees in a real browser. */
import { type Locator, type Page } from "playwright-core";
import { launchBrowser, openContext } from "./browser.ts";
import { startHub, waitFor, type Person, type TestHub } from "./hub.ts";
import { picture } from "./pictures.ts";

export interface Screen {
  hub: TestHub;
  owner: Person;
  page: Page;
  /** Script errors, and violations of the page's policy. */
  faults: string[];
  goto(path: string): Promise<void>;
  /** Every step of connecting has its green mark. */
  stepsDone(): Promise<void>;
  /** Opens the conversation with somebody, and gives its messages. */
  talkWith(name: string): Promise<Locator>;
  /** A message that says this. */
  bubble(text: string | RegExp): Locator;
  /** A message that holds this: a picture, a player. */
  holding(what: Locator): Locator;
  write(text: string): Promise<void>;
  /** A picture, a video, a sound and a document at once, or some of them, with a text. */
  sendFiles(text: string, wanted?: FileName[]): Promise<void>;
  sendVoice(): Promise<void>;
  sendPlace(point: string, name: string): Promise<void>;
  sendWithButton(text: string, title: string): Promise<void>;
  /** Answers a message with a quote of it. */
  answer(quoted: string, text: string): Promise<void>;
  react(to: string, emoji: string): Promise<void>;
  /** Deletes a message, at the customer's too. */
  remove(text: string): Promise<void>;
  /** Presses Retry under a message that did not go out, and waits until it has gone. */
  retry(text: string): Promise<void>;
  close(): Promise<void>;
}

const mp3Head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0, 0xff, 0xfb, 0x90, 0]);
const files = {
  "bowl.png": { mimeType: "image/png", buffer: () => picture(640, 420) },
  "wheel.mp4": { mimeType: "video/mp4", buffer: () => Buffer.from("\0\0\0\u0018ftypmp42\0\0\0\0mp42isom") },
  "kiln.mp3": { mimeType: "audio/mpeg", buffer: () => Buffer.concat([mp3Head, Buffer.alloc(417)]) },
  "prices.pdf": { mimeType: "application/pdf", buffer: () => Buffer.from("%PDF-1.4\n%%EOF\n") },
};
export type FileName = keyof typeof files;
const allFiles: FileName[] = ["bowl.png", "wheel.mp4", "kiln.mp3", "prices.pdf"];

export async function startScreen(environment: Record<string, string>): Promise<Screen> {
  const hub = await startHub(environment);
  const owner = await hub.owner();
  const browser = await launchBrowser({ fakeMedia: true });
  const context = await openContext(browser, hub.url, owner.cookie);
  await context.grantPermissions(["microphone"], { origin: hub.url });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught|\[Vue warn\]/.test(message.text()))
      faults.push(message.text());
  });
  return {
    hub,
    owner,
    page,
    faults,
    async close() {
      await browser.close();
      owner.leave();
      await hub.stop();
    },
    ...actsOn(page, hub),
  };
}

function actsOn(page: Page, hub: TestHub): Omit<Screen, "hub" | "owner" | "page" | "faults" | "close"> {
  const log = page.getByRole("log");
  const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole("button", { name }).first();
  const bubble = (text: string | RegExp): Locator =>
    log.getByRole("article").filter({ hasText: text }).last();
  const goto = async (path: string): Promise<void> => void (await page.goto(`${hub.url}${path}`));
  const type = async (text: string): Promise<void> => {
    await page.getByRole("textbox", { name: "Reply", exact: true }).click();
    await page.keyboard.type(text);
  };
  const more = async (entry: string): Promise<void> => {
    await button("Location, buttons").click();
    await page.getByRole("menuitem", { name: entry }).click();
  };
  const write = async (text: string): Promise<void> => {
    await type(text);
    await page.keyboard.press("Enter");
    await bubble(text).waitFor();
  };
  const steps = page.locator("ol > li:has(h2)");
  const allDone = async (): Promise<boolean> =>
    (await steps.getByText("done", { exact: true }).count()) === (await steps.count());
  return {
    goto,
    stepsDone: async () => void (await waitFor(allDone, "every step to be done")),
    bubble,
    write,
    holding: (what) => log.getByRole("article").filter({ has: what }).last(),
    async talkWith(name) {
      await page.mouse.move(0, 0); // a list under the pointer holds still, and shows nobody new
      await goto("/inbox/all");
      await page.locator("[data-conversation]").filter({ hasText: name }).first().click();
      await page
        .getByRole("textbox", { name: "Reply", exact: true })
        .or(page.getByRole("status"))
        .first()
        .waitFor();
      return log;
    },
    async sendFiles(text, wanted = allFiles) {
      const given = wanted.map(async (name) => {
        const { mimeType, buffer } = files[name];
        return { name, mimeType, buffer: await buffer() };
      });
      await page
        .locator('input[type="file"]')
        .first()
        .setInputFiles(await Promise.all(given));
      for (const name of wanted) await page.getByText(name, { exact: true }).first().waitFor();
      await type(text);
      await button(/^Send$|^Send /).click();
      await bubble(wanted.at(-1) ?? text).waitFor();
    },
    async sendVoice() {
      await button("Record a voice message").click();
      await page
        .getByRole("timer")
        .filter({ hasText: /0:0[1-9]/ })
        .waitFor();
      await button("Stop").click();
      await button("Send", page.getByRole("group", { name: "Record a voice message" })).click();
    },
    async sendPlace(point, name) {
      await more("Send a location");
      await page.getByLabel("Coordinates or a map link").fill(point);
      await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
      await button("Send the location").click();
      await bubble(name).waitFor();
    },
    async sendWithButton(text, title) {
      await more("Buttons");
      await page.getByLabel("Text on the button").fill(title);
      await write(text);
      await bubble(text).getByText(title, { exact: true }).waitFor();
    },
    async answer(quoted, text) {
      await bubble(quoted).hover();
      await button("Reply", bubble(quoted)).click();
      await write(text);
      await bubble(text).getByText(quoted).waitFor();
    },
    async react(to, emoji) {
      await bubble(to).hover();
      await button("React", bubble(to)).click();
      await page.getByRole("dialog").getByRole("button", { name: emoji }).click();
      await bubble(to)
        .getByRole("button", { name: `Reactions: ${emoji}` })
        .waitFor();
    },
    async remove(text) {
      await bubble(text).hover();
      await button("Delete", bubble(text)).click();
      await button("Delete the message").click();
    },
    async retry(text) {
      await bubble(text).getByText("Not sent").waitFor();
      await button("Retry", bubble(text)).click();
      await bubble(text)
        .getByText(/^(Sent|Delivered|Read)$/)
        .waitFor();
    },
  };
}
