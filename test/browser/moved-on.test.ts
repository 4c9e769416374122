/** What an agent is told, and what stays with its customer, when the agent looks elsewhere or has gone on. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useDesk } from "../support/desk.ts";
import { conversationSaying, waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";

const desk = useDesk();
const { openPage, show, composer, rows, shownTo, talk, write, hold, refuse } = desk;

/** A page that is not looked at and may show notifications; they are written down. */
async function openUnseen(): Promise<Page> {
  const page = await openPage();
  await page.addInitScript(() => {
    const told: string[] = [];
    class Noted {
      static permission = "granted";
      onclick: unknown;
      constructor(title: string, { body }: { body: string }) {
        told.push(`${title}: ${body}`);
      }
    }
    document.hasFocus = () => false;
    Object.assign(window, { Notification: Noted, told });
  });
  return page;
}
const toldTo = (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);

describe("who looks elsewhere", () => {
  it("is notified of each new message and mention once, and of no change of an old one", async () => {
    const { owner } = desk.world;
    const colleague = await owner.invite("nina@clay.example");
    const { customer, id } = await talk("Quiet Quentin", "Hello");
    const page = await openUnseen();
    await show(page, "/contacts");
    await page.getByRole("heading", { name: "Contacts" }).first().waitFor();
    await settle(page);
    const first = customer.say("Is the kiln free?");
    await waitFor(async () => (await toldTo(page)).length === 1, "the message to be told");
    customer.edit(first.message.message_id, "Is the big kiln free?");
    await conversationSaying(owner, "Is the big kiln free?");
    const { displayName } = (await owner.get("/staff")).items.find((one: any) => one.id === owner.id);
    await colleague.post(`/conversations/${id}/messages`, {
      clientId: crypto.randomUUID(),
      type: "note",
      content: { text: `@${displayName} please look` },
      mentions: [owner.id],
    });
    await waitFor(async () => (await toldTo(page)).length === 2, "the mention to be told");
    customer.say("And tomorrow?");
    await waitFor(async () => (await toldTo(page)).length === 3, "the next one to be told");
    expect(await toldTo(page)).toEqual([
      "Quiet Quentin: Is the kiln free?",
      `Mentioned by nina: @${displayName} please look`,
      "Quiet Quentin: And tomorrow?",
    ]);
  });

  it("hears what the open conversation's customer says", async () => {
    const { customer, id } = await talk("Spoken Sara", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await settle(page);
    customer.say("Are you there?");
    await page.locator("p[aria-live=polite]", { hasText: "Spoken Sara: Are you there?" }).waitFor({
      state: "attached",
    });
  });
});

describe("who has gone on", () => {
  it("is told of a reply that was refused, finds it marked in the list, and comes back to it", async () => {
    const { id } = await talk("Refused Rita", "Hello");
    const other = await talk("Next Ned", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const sending = await hold(page, `**/conversations/${id}/messages`, "POST");
    await write(page, "We close at six");
    await page.keyboard.press("Enter");
    await sending.some();
    await rows(page, "Next Ned").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await sending.fail();
    await page.getByRole("alert").getByText("Not sent: Refused Rita").waitFor();
    await page.locator(`[data-conversation="${id}"]`).getByRole("img", { name: "Not sent" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    await page.getByRole("button", { name: "Retry" }).waitFor();
  });

  it("is not shown as looking at what was left", async () => {
    const { owner } = desk.world;
    const colleague = await owner.invite("olga@clay.example");
    const ear = await colleague.listen();
    const { id } = await talk("Left Lena", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const looks = (there: boolean) =>
      ear.wait(
        "viewers",
        (told: any) =>
          told.conversationId === id && told.viewers.some((one: any) => one.staffId === owner.id) === there,
      );
    await looks(true);
    await page.getByRole("link", { name: "Contacts" }).click();
    await page.getByRole("heading", { name: "Contacts" }).first().waitFor();
    await looks(false);
    expect((ear.heard as any[]).findLast(({ name }) => name === "viewers").data.viewers).toEqual([]);
  });

  it("leaves the dialog of the last customer behind", async () => {
    const { id } = await talk("Snoozed Sam", "Hello");
    const other = await talk("Other Oscar", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${other.id}`);
    await composer(page).waitFor();
    await rows(page, "Snoozed Sam").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    await page.getByRole("region", { name: "Snoozed Sam" }).first().waitFor();
    await composer(page).waitFor();
    await page.keyboard.press("h");
    await page.getByRole("menuitem", { name: "Another time…" }).click();
    await page.getByRole("dialog").waitFor();
    await page.goBack();
    await page.getByRole("region", { name: "Other Oscar" }).first().waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  it("goes on writing after the palette was closed", async () => {
    const { id } = await talk("Palette Paula", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await write(page, "Half ");
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByPlaceholder(/command/).waitFor();
    await page.keyboard.press("Escape");
    await page.getByPlaceholder(/command/).waitFor({ state: "detached" });
    await waitFor(
      () => page.evaluate(() => document.activeElement?.getAttribute("role") === "textbox"),
      "the box to have the focus",
    );
    await page.keyboard.type("open");
    expect(await composer(page).textContent()).toBe("Half open");
  });
});

describe("a reply that did not go out", () => {
  it("is a draft again by Edit, above what is being written, and is kept when the agent goes on", async () => {
    const { id, customer } = await talk("Edited Edda", "Hello");
    const other = await talk("Later Lars", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await refuse(page, `**/conversations/${id}/messages`, "POST");
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("a plan") });
    await page.getByText("plan.txt").first().waitFor();
    await write(page, "Here is the plan");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Retry" }).waitFor();
    await write(page, "And one thing more");
    await page.getByRole("alert").getByRole("button", { name: "Edit" }).click();
    await rows(page, "Later Lars").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await waitFor(async () => {
      const [draft] = (await desk.world.owner.get(`/conversations/${id}/drafts`)).items;
      return (
        draft?.content.text === "Here is the plan\n\nAnd one thing more" &&
        draft.content.attachments?.length === 1
      );
    }, "the whole draft");
    await page.unroute(`**/conversations/${id}/messages`);
    await rows(page, "Edited Edda").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(id));
    await page.getByText("plan.txt").first().waitFor();
    await composer(page).click();
    await page.keyboard.press("Enter");
    await waitFor(
      () => shownTo(customer).includes("Here is the plan\n\nAnd one thing more"),
      "the customer to see it",
    );
  });
});
