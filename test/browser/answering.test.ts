/** Answering while colleagues, customers and the keyboard come in between, in a real browser: nothing is lost, nothing goes where it was not meant. */
import { describe, expect, it } from "vitest";
import { useDesk } from "../support/desk.ts";
import { waitFor } from "../support/hub.ts";

const desk = useDesk({ fakeMedia: true });
const { openPage, show, composer, rows, shownTo, talk, write } = desk;
const file = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("a plan") };
const stateOf = async (id: string): Promise<string> =>
  (await desk.world.owner.get(`/conversations/${id}`)).state;

describe("a reply", () => {
  it("is held when a colleague has answered since it was begun, and goes out once it is read again", async () => {
    const { customer, id } = await talk("Raced Rita", "Is it free?");
    const daria = await desk.world.owner.invite("daria@clay.example");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Is it free?").waitFor();
    await write(page, "Yes, until Friday");
    await daria.reply(id, "It is sold");
    await page.getByRole("log").getByText("It is sold").waitFor();
    await page.keyboard.press("Enter");
    const notice = page.getByRole("alert").filter({ hasText: "daria answered first" });
    await notice.getByText("It is sold").waitFor();
    await notice.getByRole("button", { name: "Edit" }).click();
    await notice.waitFor({ state: "hidden" });
    await page.keyboard.press("End");
    await page.keyboard.type(", I thought");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Yes, until Friday, I thought"), "the reply");
    expect(shownTo(customer)).not.toContain("Yes, until Friday");
  });

  it("is not held by what was there before its first letter", async () => {
    const { customer, id } = await talk("Calm Cora", "Is it free?");
    const boris = await desk.world.owner.invite("boris@clay.example");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).click();
    await boris.reply(id, "Let me look");
    await page.getByRole("log").getByText("Let me look").waitFor();
    await page.keyboard.type("It is free");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("It is free"), "the reply");
  });

  it("does not become a note while it is written to somebody who blocks the channel", async () => {
    const { customer, id } = await talk("Blocking Bob", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await write(page, "half a rep");
    customer.block(desk.world.bot);
    await page.getByRole("button", { name: "Send", exact: true, disabled: true }).waitFor();
    await page.keyboard.type("ly");
    expect(await composer(page).textContent()).toBe("half a reply");
  });
});

describe("an edit", () => {
  it("keeps a file that was dropped meanwhile for the next message, and without a change does nothing", async () => {
    const { customer, id } = await talk("Edited Ed", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await write(page, "Good dya");
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("Sent").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.getByText("Editing").first().waitFor();
    expect(await page.getByRole("button", { name: "Attach a file" }).isDisabled()).toBe(true);
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await page.getByRole("button", { name: "Remove" }).waitFor();
    let edits = 0;
    page.on("request", (request) => void (edits += request.method() === "PATCH" ? 1 : 0));
    await page.keyboard.press("Enter");
    await page.getByText("Editing").first().waitFor({ state: "hidden" });
    await page.getByText("plan.txt").waitFor();
    await page.keyboard.type("Here is the plan");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Here is the plan"), "the file with its text");
    expect(edits).toBe(0);
  });
});

describe("a voice message that is being recorded", () => {
  it("has the keys, is thrown away by Esc, and is in the draft when its conversation is left", async () => {
    const { id } = await talk("Voiced Vera", "Hello");
    const other = await talk("Voiced Viktor", "Hello");
    const page = await openPage();
    await page.context().grantPermissions(["microphone"]);
    await show(page, `/inbox/all/${id}`);
    const record = page.getByRole("button", { name: "Record a voice message" });
    await record.click();
    const timer = page.getByRole("timer").filter({ hasText: /0:0[1-9]/ });
    await timer.waitFor();
    await page.keyboard.type("ej");
    await page.keyboard.press("Escape");
    await page.getByRole("timer").waitFor({ state: "hidden" });
    await page.keyboard.type("typed on");
    await waitFor(
      async () => (await composer(page).textContent()) === "typed on",
      "the field to have the keys",
    );
    await record.click();
    await timer.waitFor();
    await rows(page, "Voiced Viktor").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await waitFor(
      async () =>
        (await desk.world.owner.get(`/conversations/${id}/drafts`)).items[0]?.content.attachments?.[0]
          ?.kind === "voice",
      "the recording in the draft",
    );
    expect(await stateOf(id)).toBe("open");
  });
});

describe("an act on a conversation", () => {
  it("leaves the labels alone that a colleague gives meanwhile, and so does Undo", async () => {
    const { id } = await talk("Labelled Lea", "Hello");
    const { owner } = desk.world;
    const colleague = await owner.invite("labels@clay.example");
    const tagsOf = async () => (await owner.get(`/conversations/${id}`)).tags.sort().join();
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Hello").waitFor();
    const held = await desk.hold(page, `**/api/v1/conversations/${id}`, "PATCH");
    await page.getByRole("button", { name: "Add label: Conversation's labels" }).click();
    await page.keyboard.type("mine");
    await page.keyboard.press("Enter");
    await held.some();
    await colleague.patch(`/conversations/${id}`, { addTags: ["theirs"] });
    await held.letGo();
    await waitFor(async () => (await tagsOf()) === "mine,theirs", "both labels");
    await page.getByRole("button", { name: "Remove the label: theirs" }).first().waitFor();
    await colleague.patch(`/conversations/${id}`, { addTags: ["later"] });
    await page.getByRole("button", { name: "Undo" }).first().click();
    await waitFor(async () => (await tagsOf()) === "later,theirs", "only the own label to be taken back");
  });

  it("says that the conversation stays open when a message came at that moment", async () => {
    const { id } = await talk("Kept Kay", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("Hello").waitFor();
    await page.route(`**/api/v1/conversations/${id}`, async (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({ json: await desk.world.owner.get(`/conversations/${id}`) })
        : route.fallback(),
    );
    await page.keyboard.press("e");
    await page.getByText("Stays open: a new message came").waitFor();
    expect(await page.getByText("Conversation closed").count()).toBe(0);
  });
});

describe("the composer", () => {
  it.each([1280, 1440, 390])("holds its button for sending, in Russian, %i wide", async (width) => {
    const { id } = await talk(`Narrow Ned ${width}`, "Hello");
    const { owner } = desk.world;
    await owner.patch("/preferences", { locale: "ru" });
    const page = await openPage();
    await page.setViewportSize({ width, height: 800 });
    await show(page, `/inbox/all/${id}`);
    const field = page.getByRole("textbox", { name: "Ответ", exact: true });
    await field.click();
    const [send, box] = [
      page.getByRole("button", { name: "Варианты отправки" }),
      page.locator(".rounded-xl").filter({ has: field }),
    ];
    await send.waitFor();
    const endOf = (one: typeof send) => one.evaluate((shown) => shown.getBoundingClientRect().right);
    expect(await endOf(send)).toBeLessThan(await endOf(box));
    await owner.patch("/preferences", { locale: "en" });
  });
});

describe("what cannot be taken", () => {
  it("a file too large or empty says why, and is not offered to be tried again", async () => {
    const { id } = await talk("Filed Fred", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.evaluate(
      (bytes) => {
        const given = new DataTransfer();
        given.items.add(new File([new Uint8Array(bytes)], "film.zip", { type: "application/zip" }));
        given.items.add(new File([], "nothing.txt", { type: "text/plain" }));
        const input = document.querySelector<HTMLInputElement>('input[type="file"]');
        if (!input) throw new Error("no field for files");
        input.files = given.files;
        input.dispatchEvent(new Event("change"));
      },
      51 * 1024 * 1024,
    );
    await page.getByText("at most 50 MB").waitFor();
    await page.getByText("The file is empty.").waitFor();
    expect(await page.getByRole("button", { name: "Remove" }).count()).toBe(2);
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
  });

  it("a contact's fact stays in its field with the reason beside it, and Escape takes it back", async () => {
    const { id } = await talk("Factual Fay", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    const fact = (name: string, value: string) =>
      page.getByRole("button", { name: `${name}: ${value}. Edit`, exact: true });
    const field = (name: string) => page.getByRole("textbox", { name, exact: true });
    await fact("Phone", "empty").click();
    await field("Phone").fill("tomorrow");
    await page.keyboard.press("Tab");
    await page.getByText("Not a phone number").waitFor();
    expect(await field("Phone").inputValue()).toBe("tomorrow");
    expect(await field("Phone").getAttribute("aria-invalid")).toBe("true");
    await field("Phone").press("Escape");
    const hasKeys = () => fact("Phone", "empty").evaluate((one) => one === document.activeElement);
    await waitFor(hasKeys, "the keys at the fact taken back");
    await fact("E-mail", "empty").click();
    await field("E-mail").fill("fay@");
    await page.keyboard.press("Enter");
    await page.getByText("Not an e-mail address").waitFor();
    await field("E-mail").fill("fay@clay.example");
    await page.keyboard.press("Enter");
    const kept = () => fact("E-mail", "fay@clay.example").evaluate((one) => one === document.activeElement);
    await waitFor(kept, "the keys at the fact that was saved");
    await fact("Time zone", "empty").click();
    const zones = page.locator('datalist option[value="Europe/Lisbon"]');
    await zones.waitFor({ state: "attached" });
  });
});

describe("what was pressed and has gone", () => {
  it("leaves the keys in the field, or gives them back to what opened a dialog", async () => {
    const { id } = await talk("Focused Fay", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.keyboard.type("eto");
    await waitFor(async () => (await composer(page).textContent()) === "eto", "the letters in the field");
    desk.world.simulator.failNext({ method: "send", kind: "400" });
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Retry" }).click();
    await page.keyboard.type("eto");
    await waitFor(async () => (await composer(page).textContent()) === "eto", "the letters after Retry");
    expect(await stateOf(id)).toBe("open");
    const begin = page.getByRole("button", { name: "New conversation" }).first();
    await begin.click();
    await page.getByRole("dialog", { name: "New conversation" }).waitFor();
    await page.keyboard.press("Escape");
    await waitFor(() => begin.evaluate((one) => one === document.activeElement), "the keys at the button");
  });
});

describe("the keyboard", () => {
  it("leads to a message and its acts, and from one to the next", async () => {
    const { id } = await talk("Keyed Kim", "The first", "The second", "The third");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await page.getByRole("log").getByText("The third").waitFor();
    await page.getByRole("log").focus();
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => document.activeElement?.closest("article")?.textContent ?? "");
    expect(await focused()).toContain("The third");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toContain("The second");
    const names: unknown[] = [];
    for (let step = 0; step < 2; step++) {
      await page.keyboard.press("Tab");
      names.push(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute("aria-label") ??
            document.activeElement?.outerHTML.slice(0, 300),
        ),
      );
    }
    expect(names).toEqual(["React", "Reply"]);
    await page.keyboard.press("Enter");
    await page.getByText("Reply to Keyed Kim").waitFor();
    await page.keyboard.type("To the second");
    await page.keyboard.press("Enter");
    await page
      .getByRole("article")
      .filter({ hasText: "To the second" })
      .getByText("The second", { exact: true })
      .waitFor();
  });

  it("does to all that are selected what it does to one", async () => {
    const [one, two, three] = [
      await talk("Bulky Ann", "Hello"),
      await talk("Bulky Bea", "Hello"),
      await talk("Bulky Cat", "Hello"),
    ];
    const page = await openPage();
    await show(page, `/inbox/all/${one.id}?order=newest`);
    await page.getByRole("log").getByText("Hello").waitFor();
    await rows(page, "Bulky Bea").first().waitFor();
    await page.keyboard.press("x");
    await page.keyboard.press("k");
    await page.waitForURL((url) => url.pathname.endsWith(two.id));
    await page.getByRole("log").getByText("Hello").waitFor();
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("a");
    await page.getByRole("menuitemcheckbox", { name: /Anna/ }).click();
    await waitFor(
      async () => (await desk.world.owner.get(`/conversations/${one.id}`)).assigneeId !== undefined,
      "the first to be given",
    );
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.pathname.endsWith(one.id));
    await page.getByRole("log").getByText("Hello").waitFor();
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("e");
    await waitFor(
      async () => (await stateOf(one.id)) === "resolved" && (await stateOf(two.id)) === "resolved",
      "both to be closed",
    );
    expect(await stateOf(three.id)).toBe("open");
  });

  it("snoozes all that are selected, and marks all of them unread", async () => {
    const [one, two, three] = [
      await talk("Sleepy Ann", "Hello"),
      await talk("Sleepy Bea", "Hello"),
      await talk("Sleepy Cat", "Hello"),
    ];
    const page = await openPage();
    await show(page, `/inbox/all/${three.id}?order=newest`);
    await page.getByRole("log").getByText("Hello").waitFor();
    const unreadOf = async (id: string) => (await desk.world.owner.get(`/conversations/${id}`)).unread;
    const pick = async () => {
      for (const name of ["Sleepy Ann", "Sleepy Bea"])
        await page.getByRole("checkbox", { name: new RegExp(name) }).click();
      await page.getByText("2 selected").waitFor();
    };
    for (const { id } of [one, two]) await desk.world.owner.post(`/conversations/${id}/read`, { seq: 1_000 });
    await pick();
    await page.keyboard.press("u");
    await waitFor(async () => (await unreadOf(one.id)) > 0 && (await unreadOf(two.id)) > 0, "both unread");
    await pick();
    await page.keyboard.press("h");
    await page.getByRole("menuitem", { name: "Until the customer writes" }).click();
    await waitFor(
      async () => (await stateOf(one.id)) === "snoozed" && (await stateOf(two.id)) === "snoozed",
      "both to be snoozed",
    );
    expect(await stateOf(three.id)).toBe("open");
  });

  it("goes on to the filter that F opens", async () => {
    const page = await openPage();
    await show(page, "/inbox/all");
    await page.locator("[data-conversation]").first().waitFor();
    await page.keyboard.press("f");
    await waitFor(
      () => page.evaluate(() => document.activeElement?.textContent?.trim() === "Channel"),
      "the keys at the filter",
    );
  });
});
