/** Drafts and files on their way, in a real browser: answers late, a line that is cut, other devices and conversations. */
import type { Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useDesk } from "../support/desk.ts";
import { gate } from "../support/hold.ts";
import { waitFor } from "../support/hub.ts";
import { settle } from "../support/settle.ts";
import { threadOf } from "../support/world.ts";

const desk = useDesk();
const {
  openPage,
  show,
  composer,
  rows,
  shownTo,
  talk,
  write,
  line,
  openControlled,
  draftsOf,
  copiesIn,
  hold,
} = desk;

describe("a draft", () => {
  it("does not come back when its last saving is slower than the sending", async () => {
    const { customer, id } = await talk("Slow Sven", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const saving = await hold(page, "**/drafts/reply", "PUT");
    await write(page, "Sent before it was saved");
    await saving.some();
    const saved = page.waitForResponse((response) => response.request().method() === "PUT");
    await page.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Sent before it was saved"), "the reply");
    await saving.letGo();
    await saved;
    await waitFor(
      async () => (await desk.world.owner.get(`/conversations/${id}/drafts`)).items.length === 0,
      "no draft",
    );
  });

  it("is kept when the page is left while it is being typed", async () => {
    const { id } = await talk("Quick Queenie", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await write(page, "Half a sen");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "Half a sen", "the draft");
  });

  it("reaches the server when the page is left at once, though a service worker is in charge", async () => {
    const { id } = await talk("Worker Wanda", "Hello");
    const page = await openPage(desk.world.owner, { worker: true });
    await openControlled(page, `${desk.world.hub.url}/inbox/all/${id}`);
    for (const text of ["Half", "Half a", "Half a sen", "Half a sentence", "A sentence"]) {
      await composer(page).click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(text);
      expect(await composer(page).textContent()).toBe(text);
      await page.goto("about:blank");
      await waitFor(async () => (await draftsOf(id)).includes(text), `"${text}" on the server`);
      await show(page, `/inbox/all/${id}`);
      await waitFor(async () => (await composer(page).textContent()) === text, "the draft");
    }
  });

  it("is there again after a reload without a connection, and is saved when there is one", async () => {
    const { id } = await talk("Tunnel Tilda", "Hello");
    const page = await openPage(desk.world.owner, { worker: true });
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the tunnel");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the tunnel", "the draft");
    expect(await draftsOf(id)).toEqual([]);
    await mend();
    await waitFor(async () => (await draftsOf(id)).includes("From the tunnel"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
  });

  it("that was emptied without a connection stays empty over a reload", async () => {
    const { id } = await talk("Empty Emil", "Hello");
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "Not this" } });
    const page = await openPage(desk.world.owner, { worker: true });
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await waitFor(async () => (await composer(page).textContent()) === "Not this", "the draft");
    await cut();
    await composer(page).click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.reload();
    await composer(page).waitFor();
    await mend();
    await waitFor(async () => (await draftsOf(id)).length === 0, "no draft");
    expect(await composer(page).textContent()).toBe("");
  });

  it("that was written here without a connection, and elsewhere meanwhile, keeps both", async () => {
    const { id } = await talk("Both Bea", "Hello");
    const page = await openPage(desk.world.owner, { worker: true });
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the desk");
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "From the phone" } });
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the desk", "the draft");
    await mend();
    const both = "From the phone\n\nFrom the desk";
    await waitFor(async () => (await composer(page).innerText()) === both, "both in the field");
    await waitFor(async () => (await draftsOf(id)).includes(both), "both on the server");
  });

  it("that was left behind is saved when the line is back, though its box has the caret", async () => {
    const { id } = await talk("Caret Carla", "Hello");
    const page = await openPage(desk.world.owner, { worker: true });
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await cut();
    await write(page, "From the lift");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "From the lift", "the draft");
    await composer(page).click();
    await mend();
    await waitFor(async () => (await draftsOf(id)).includes("From the lift"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
  });

  it("stays in its box when it was saved between the question for it and the answer", async () => {
    const { id } = await talk("Early Edith", "Hello");
    const page = await openPage();
    const { url, cut, mend } = await line(page);
    await page.goto(`${url}/inbox/all/${id}`);
    await settle(page);
    await cut();
    await write(page, "From the tunnel");
    await page.getByRole("log").focus();
    const [asked, ask] = gate();
    const [told, tell] = gate();
    const answerLate = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      ask();
      await told;
      await route.fulfill({ response });
    };
    await page.route(`**/conversations/${id}/drafts`, answerLate, { times: 1 });
    const saving = await hold(page, "**/drafts/reply", "PUT");
    await mend();
    await asked;
    await saving.letGo();
    await waitFor(async () => (await draftsOf(id)).includes("From the tunnel"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "the page to know of it");
    tell();
    await settle(page);
    expect(await composer(page).textContent()).toBe("From the tunnel");
  });

  it.each([
    ["before the answer", "typed at once"],
    ["after it", ""],
  ])("keeps what another device wrote when it is written on %s", async (_when, atOnce) => {
    const { id } = await talk(`Slow Sibyl ${atOnce}`, "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await page.route("**/drafts/reply", (route) => route.abort());
    await write(page, "Mine");
    await waitFor(async () => (await copiesIn(page)).length === 1, "a copy in the tab");
    const asking = await hold(page, `**/conversations/${id}/drafts`, "GET");
    await page.reload();
    await asking.some();
    await waitFor(async () => (await composer(page).textContent()) === "Mine", "the draft");
    await composer(page).click();
    await page.keyboard.press("End");
    if (atOnce) await page.keyboard.type(` ${atOnce}`);
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, { content: { text: "Theirs" } });
    await page.unroute("**/drafts/reply");
    await asking.letGo();
    const mine = atOnce ? `Mine ${atOnce}` : "Mine";
    const both = `Theirs\n\n${mine}`;
    await waitFor(async () => (await composer(page).innerText()) === both, "both in the field");
    await page.keyboard.type(", and on");
    await waitFor(async () => (await draftsOf(id)).includes(`${both}, and on`), "both on the server");
  });

  it("that was sent from another device does not come back with an old tab", async () => {
    const { id } = await talk("Late Lotte", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await write(page, "Sent by phone");
    await page.goto(`${desk.world.hub.url}/openapi.json`);
    await waitFor(async () => (await draftsOf(id)).includes("Sent by phone"), "the draft on the server");
    await desk.world.owner.delete(`/conversations/${id}/drafts/reply`);
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 120_000;
    });
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
    expect(await composer(page).textContent()).toBe("");
    expect(await draftsOf(id)).toEqual([]);
  });

  it("that was begun after a message without a connection outlives its sending", async () => {
    const { customer, id } = await talk("Train Tracy", "Hello");
    const page = await openPage(desk.world.owner, { worker: true });
    const { url, cut, mend } = await line(page);
    await openControlled(page, `${url}/inbox/all/${id}`);
    await write(page, "The first");
    await waitFor(async () => (await draftsOf(id)).includes("The first"), "the draft on the server");
    await cut();
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText("The first").waitFor();
    await page.keyboard.type("And the next");
    await page.reload();
    await waitFor(async () => (await composer(page).textContent()) === "And the next", "the draft");
    await mend();
    await waitFor(() => shownTo(customer).includes("The first"), "the first");
    await waitFor(async () => (await draftsOf(id)).includes("And the next"), "the draft on the server");
    await waitFor(async () => (await copiesIn(page)).length === 0, "no copy in the tab");
    expect(await composer(page).textContent()).toBe("And the next");
  });

  it("that another tab has sent is gone from the field, though it has the caret", async () => {
    const { customer, id } = await talk("Twice Tessa", "Hello");
    const [one, other] = [await openPage(), await openPage()];
    for (const page of [one, other]) await show(page, `/inbox/all/${id}`);
    await composer(other).waitFor();
    await write(one, "Only once");
    await waitFor(async () => (await composer(other).textContent()) === "Only once", "it in the other tab");
    await composer(other).click();
    await one.keyboard.press("Enter");
    await waitFor(() => shownTo(customer).includes("Only once"), "the message");
    await waitFor(async () => (await composer(other).textContent()) === "", "an empty field");
  });

  it("that is typed without a pause is saved in between", async () => {
    const { id } = await talk("Steady Stan", "Hello");
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).click();
    const saved = page.waitForRequest(
      (request) => request.method() === "PUT" && /drafts/.test(request.url()),
    );
    let typing = true;
    const typed = (async () => {
      while (typing) await page.keyboard.type("on and on ", { delay: 60 });
    })();
    await saved;
    typing = false;
    await typed;
  });

  it("keeps the message it answers when the thread loads after it", async () => {
    const { id } = await talk("Quoted Quentin", "Which glaze?");
    const [asked] = (await threadOf(desk.world.owner, id)).filter(
      (one) => one.content.text === "Which glaze?",
    );
    await desk.world.owner.put(`/conversations/${id}/drafts/reply`, {
      content: { text: "Blue" },
      replyToMessageId: asked.id,
    });
    const page = await openPage();
    const thread = await hold(page, `**/conversations/${id}/messages?*`, "GET");
    const drafts = page.waitForResponse("**/drafts");
    await show(page, `/inbox/all/${id}`);
    await drafts;
    await thread.some();
    await composer(page).waitFor();
    await thread.letGo();
    await page.getByRole("log").getByText("Which glaze?").waitFor();
    await composer(page).click();
    await page.keyboard.type(" one");
    await waitFor(
      async () =>
        (await desk.world.owner.get(`/conversations/${id}/drafts`)).items[0]?.content.text !== "Blue",
      "the draft to be saved",
    );
    const [draft] = (await desk.world.owner.get(`/conversations/${id}/drafts`)).items;
    expect(draft.replyToMessageId).toBe(asked.id);
  });
});

describe("a file on its way", () => {
  const file = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("a plan") };
  /** Its conversation is open, and the hub has not taken it yet. */
  const attach = async (id: string) => {
    const page = await openPage();
    await show(page, `/inbox/all/${id}`);
    await composer(page).waitFor();
    const upload = await hold(page, "**/api/v1/files", "POST");
    await page.locator('input[type="file"]').first().setInputFiles(file);
    await upload.some();
    return { page, upload };
  };

  it("goes out with its message when another conversation was opened meanwhile", async () => {
    const { customer, id } = await talk("File Fiona", "Hello");
    const other = await talk("Other Olga", "Hello");
    const { page, upload } = await attach(id);
    await write(page, "Here is the plan");
    await page.keyboard.press("Enter");
    await page.getByText("plan.txt").first().waitFor();
    await rows(page, "Other Olga").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await page.getByRole("region", { name: "Other Olga" }).first().waitFor();
    await upload.letGo();
    await waitFor(() => shownTo(customer).includes("Here is the plan"), "the message");
  });

  it("waits with its message for who comes back to write on, and goes out as it is then", async () => {
    const { customer, id } = await talk("File Flora", "Hello");
    const other = await talk("Other Odile", "Hello");
    const { page, upload } = await attach(id);
    await write(page, "Here is the plan");
    await page.keyboard.press("Enter");
    await page.getByText("It goes out when the files are uploaded.").waitFor();
    await rows(page, "Other Odile").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await page.getByRole("region", { name: "Other Odile" }).first().waitFor();
    await waitFor(async () => (await draftsOf(id))[0] === "Here is the plan", "its text in the draft");
    await rows(page, "File Flora").first().click();
    await page.getByText("It goes out when the files are uploaded.").waitFor();
    await composer(page).click();
    await page.keyboard.press("End");
    await page.keyboard.type(", and a word more");
    await upload.letGo();
    await waitFor(() => shownTo(customer).includes("Here is the plan, and a word more"), "the message");
    expect(shownTo(customer).length).toBe(1);
    await waitFor(async () => (await draftsOf(id)).length === 0, "no draft");
  });

  it("is in the draft when it has arrived after another conversation was opened", async () => {
    const { id } = await talk("File Fred", "Hello");
    const other = await talk("Other Otto", "Hello");
    const { page, upload } = await attach(id);
    await rows(page, "Other Otto").first().click();
    await page.waitForURL((url) => url.pathname.endsWith(other.id));
    await page.getByRole("region", { name: "Other Otto" }).first().waitFor();
    await upload.letGo();
    await waitFor(
      async () =>
        (await desk.world.owner.get(`/conversations/${id}/drafts`)).items[0]?.content.attachments?.length ===
        1,
      "the draft with the file",
    );
  });
});
