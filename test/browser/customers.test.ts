/** In a real browser: the page on which the demo's customers are played, beside the hub in which they are answered. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemo, type Demo } from "../../demo/start.ts";
import { findings, looks } from "../support/axe.ts";
import { launchBrowser, openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import type { Conversation, Message } from "../../inbox/schema.ts";

let demo: Demo;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  demo = await startDemo();
  browser = await launchBrowser({ fakeMedia: true });
  context = await openContext(browser, demo.customersUrl, undefined);
  page = await openPage(context, demo.customersUrl);
});
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

async function openPage(within: BrowserContext, address: string): Promise<Page> {
  const opened = await within.newPage();
  opened.on("pageerror", (error) => void faults.push(error.message));
  opened.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()))
      faults.push(message.text());
  });
  await opened.goto(address);
  return opened;
}

const messages = () => page.getByRole("log");
const field = () => page.getByRole("textbox", { name: "Message", exact: true });
const customers = () => page.getByRole("navigation", { name: "Customers" });

async function choose(messenger: string, name: string): Promise<void> {
  await page.getByRole("button", { name: messenger, exact: true }).click();
  await customers().getByRole("button", { name }).click();
  await page.getByRole("region", { name }).waitFor();
}

async function say(text: string): Promise<void> {
  await field().fill(text);
  await field().press("Enter");
  await messages().getByText(text).last().waitFor();
}

/** The conversation and the message in it, once they are in the hub. */
async function arrived(
  name: string,
  has: (message: Message) => boolean,
): Promise<{ id: string; message: Message }> {
  return waitFor(async () => {
    const { items } = await demo.people.nina.get<{ items: Conversation[] }>(
      "/conversations?view=all&limit=100",
    );
    const id = items.find(({ contact }) => contact.name === name)?.id;
    const message = id && (await thread(id)).find(has);
    return id && message ? { id, message } : undefined;
  }, `the message of ${name}`);
}

async function thread(id: string): Promise<Message[]> {
  const { nina } = demo.people;
  return (await nina.get<{ items: Message[] }>(`/conversations/${id}/messages?limit=200`)).items;
}

async function answer(id: string, text: string): Promise<string> {
  const clientId = crypto.randomUUID();
  const message = { clientId, type: "outgoing", content: { text } };
  await demo.people.nina.post(`/conversations/${id}/messages`, message);
  return waitFor(
    async () => (await thread(id)).find(({ content }) => content.text === text)?.id,
    "the answer",
  );
}

const ended = (id: string, messageId: string, ...states: string[]): Promise<Message> =>
  waitFor(
    async () =>
      (await thread(id)).find((one) => one.id === messageId && states.includes(one.delivery?.state ?? "")),
    `the answer to be ${states.join(" or ")}`,
  );

const regulars = [
  ["Telegram", "Harriet Boyle"],
  ["WhatsApp", "Wesley Okoro"],
  ["Viber", "Kalina Petrova"],
  ["Messenger", "Delphine Marchand"],
  ["Instagram", "Marlowe Finch"],
  ["E-mail", "Вера Аистова"],
] as const;

describe.each(regulars)("on %s", (messenger, name) => {
  it("what a customer says arrives in the hub, and the answer on the phone", async () => {
    await choose(messenger, name);
    const asked = `A question by ${messenger}?`;
    await say(asked);
    const { id } = await arrived(name, ({ content }) => content.text === asked);
    await answer(id, `An answer by ${messenger}.`);
    await messages().getByText(`An answer by ${messenger}.`).waitFor();
  });

  it("an answer that the messenger refuses says so in the hub, and goes out by Retry", async () => {
    await page.getByRole("button", { name: "Refused for good" }).click();
    await page.getByText("The next answer meets this: Refused for good").waitFor();
    const { id } = await arrived(name, ({ content }) => content.text === `A question by ${messenger}?`);
    const text = `Refused at first by ${messenger}.`;
    const answerId = await answer(id, text);
    await ended(id, answerId, "failed");
    expect(await messages().getByText(text).count()).toBe(0);
    await demo.people.nina.post(`/messages/${answerId}/retry`);
    await messages().getByText(text).waitFor();
    await ended(id, answerId, "sent", "delivered");
  });
});

describe("what a customer does besides writing", () => {
  it("a picture with words is sent as one message where the messenger has that", async () => {
    await choose("WhatsApp", "Wesley Okoro");
    await field().fill("Like this one");
    await page.locator("[data-file=photo] input").setInputFiles({
      name: "bowl.png",
      mimeType: "image/png",
      buffer: await picture(320, 200),
    });
    await messages().getByText("Like this one").waitFor();
    const { message } = await arrived("Wesley Okoro", ({ content }) => content.text === "Like this one");
    expect(message.content.attachments?.[0]?.kind).toBe("image");
  });

  it.each(regulars)("a file by %s keeps its name and kind", async (messenger, name) => {
    await choose(messenger, name);
    const input = page.locator("[data-file=document] input");
    if (messenger === "Instagram") return expect(await input.isVisible()).toBe(false);
    const file = { name: "sizes.txt", mimeType: "text/plain", buffer: Buffer.from("Cup: 300 ml") };
    await input.setInputFiles(file);
    await messages().getByText("sizes.txt").waitFor();
    const { message } = await arrived(name, ({ content: { attachments = [] } }) =>
      attachments.some(
        (one) => "media" in one && one.media.state === "stored" && one.media.fileName === "sizes.txt",
      ),
    );
    expect(message.content.attachments?.[0]).toMatchObject({
      kind: "document",
      media: { mime: "text/plain" },
    });
  });

  it("a sticker and a place arrive as what they are", async () => {
    await choose("Viber", "Kalina Petrova");
    await page.getByRole("button", { name: "Sticker", exact: true }).click();
    await page.getByRole("button", { name: "🎉" }).click();
    await page.getByRole("button", { name: "Location", exact: true }).click();
    for (const kind of ["sticker", "location"])
      await arrived("Kalina Petrova", ({ content }) => content.attachments?.[0]?.kind === kind);
  });

  it("a reaction, a change and a message taken back reach the hub", async () => {
    await choose("WhatsApp", "Wesley Okoro");
    const last = (text: string) => messages().locator(".row").filter({ hasText: text }).last();
    const menu = async (text: string, action: string) => {
      await last(text).hover();
      await last(text).getByRole("button", { name: "React, answer and more" }).click();
      await last(text).getByRole("button", { name: action }).click();
    };
    await menu("An answer by WhatsApp.", "React 👍");
    const reacted = await arrived("Wesley Okoro", ({ reactions }) => reactions?.[0]?.emoji === "👍");
    expect(reacted.message.content.text).toBe("An answer by WhatsApp.");
    await menu("A question by WhatsApp?", "Edit");
    await field().fill("A better question?");
    await field().press("Enter");
    await arrived("Wesley Okoro", ({ content }) => content.text === "A better question?");
    await menu("A better question?", "Take back");
    await arrived("Wesley Okoro", ({ deletedAt }) => deletedAt !== undefined);
    await messages().getByText("A better question?").waitFor({ state: "detached" });
  });

  it("what was read is known to have been read", async () => {
    await choose("Viber", "Kalina Petrova");
    await page.getByRole("button", { name: "Read everything" }).click();
    const { message } = await arrived(
      "Kalina Petrova",
      ({ content, delivery }) => content.text === "An answer by Viber." && delivery?.state === "read",
    );
    expect(message.type).toBe("outgoing");
  });

  it("after a day without a word the window is closed; a word opens it", async () => {
    await choose("WhatsApp", "Алла Жданова");
    const { id } = await arrived("Алла Жданова", ({ content }) => content.text !== undefined);
    await page.getByRole("button", { name: "Let a day pass" }).click();
    await page.getByText("a day without a word").waitFor();
    const answerId = await answer(id, "We are coming!");
    const { delivery } = await ended(id, answerId, "failed");
    expect(delivery?.failure?.code).toBe("window_closed");
    await say("Are you there?");
    await arrived("Алла Жданова", ({ content }) => content.text === "Are you there?");
    await demo.people.nina.post(`/messages/${answerId}/retry`);
    await messages().getByText("We are coming!").waitFor();
  });

  it("somebody who blocks the business gets nothing until they unblock it", async () => {
    await choose("Viber", "Kalina Petrova");
    await page.getByRole("button", { name: "Block the business" }).click();
    await page.getByRole("button", { name: "Unblock", exact: true }).first().waitFor();
    const blocked = async (): Promise<boolean | undefined> => {
      const { id } = await arrived("Kalina Petrova", () => true);
      return (await demo.people.nina.get<Conversation>(`/conversations/${id}`)).blocked || undefined;
    };
    await waitFor(blocked, "the block");
    await page.getByRole("button", { name: "Unblock", exact: true }).first().click();
    await field().waitFor();
  });

  it("somebody new is made and writes by keyboard alone", async () => {
    await choose("E-mail", "Вера Аистова");
    await page.getByRole("button", { name: "New customer" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "New customer" }).waitFor();
    await page.keyboard.type("Ilse Vander");
    await page.keyboard.press("Tab");
    await page.keyboard.type("ilse@vander.example");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Ilse Vander" }).waitFor();
    await page.getByRole("textbox", { name: "Subject (empty: the same thread)" }).focus();
    await page.keyboard.type("A vase");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Do you still have it?");
    await page.keyboard.press("Enter");
    const { message } = await arrived(
      "Ilse Vander",
      ({ content }) => content.text === "Do you still have it?",
    );
    expect(message.content.letter?.subject).toBe("A vase");
  });
});

it("an answer of unknown fate waits for a person in the hub, who sends it again on the screen", async () => {
  await choose("Viber", "Kalina Petrova");
  await say("One last thing");
  const { id } = await arrived("Kalina Petrova", ({ content }) => content.text === "One last thing");
  await page.getByRole("button", { name: "An error of the messenger" }).click();
  await page.getByText("The next answer meets this: An error of the messenger").waitFor();
  const answerId = await answer(id, "Through a broken gateway");
  await ended(id, answerId, "unknown");
  const inside = await openContext(browser, demo.url, demo.people.nina.cookie);
  const hub = await openPage(inside, `${demo.url}/inbox/all/${id}`);
  await hub.getByText("Through a broken gateway").last().waitFor();
  await hub
    .getByRole("button", { name: /^(Retry|Send again)/ })
    .last()
    .click();
  await messages().getByText("Through a broken gateway").waitFor();
  await inside.close();
});

it.each(looks)("axe finds nothing in $theme, $locale, $width wide", async (look) => {
  const own = await openContext(browser, demo.customersUrl, undefined, look);
  const opened = await openPage(own, demo.customersUrl);
  await opened.getByRole("navigation").nth(1).getByRole("button").first().waitFor();
  expect(await findings(opened)).toEqual([]);
  for (const { kind, people } of demo.messengers.stages.map((stage) => ({
    kind: stage.kind,
    people: stage.people(),
  }))) {
    const person = people.find(({ last }) => last);
    await opened.goto(`${demo.customersUrl}/#${kind}/${encodeURIComponent(person?.id ?? "")}`);
    await opened.locator(`[data-stage=${kind}] .bubble`).first().waitFor();
    expect(await findings(opened), kind).toEqual([]);
  }
  if (look.width === 390) {
    await opened.locator("#more").click();
    await opened.locator("#closeDesk").waitFor();
    expect(await findings(opened)).toEqual([]);
  }
  await own.close();
});

it("ran without a script error or a violation of its policy", () => {
  expect(faults).toEqual([]);
});
