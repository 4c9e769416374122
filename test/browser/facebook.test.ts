/** In a real browser: a page is connected through its screen, its webhook is shown, and somebody is answered. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { waitFor } from "../support/hub.ts";
import { pageToken } from "../support/messenger.ts";
import {
  app,
  closes,
  connect,
  retries,
  showsWhatArrives,
  startMetaScreen,
  talks,
} from "../support/meta-screen.ts";
import type { MetaScreen } from "../support/meta-screen.ts";

let stage: MetaScreen;
beforeAll(async () => {
  stage = await startMetaScreen();
});
afterAll(() => stage?.end());

it("connects Messenger through its screen, and turns its webhook on by itself", async () => {
  await connect(stage, "facebook");
  const { page } = stage.screen;
  await page.getByText("Clay & Co, ceramics studio").first().waitFor();
  await waitFor(() => stage.simulator.callbackOf(app, "page"), "the webhook");
  await page.getByText("message_reads", { exact: true }).waitFor();
  await page.getByText(/Turned on for you/).waitFor();
  await stage.screen.stepsDone();
  await page.getByText("Messenger verified it").waitFor();
  stage.kate.say("Hello");
  for (const line of ["The signature matches", "The first message came", "a message"])
    await page.getByText(line, { exact: true }).waitFor();
  await page.getByText("The first message has come, from Kate Winslow").waitFor();
  expect(await findings(page)).toEqual([]);
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    const { screen, kate, url } = stage;
    await showsWhatArrives(stage, kate);
    kate.sendFile("file", { bytes: Buffer.from("%PDF-1.4"), name: "plan.pdf", mime: "application/pdf" }, url);
    await screen.page.getByRole("log").getByRole("link", { name: "Download" }).first().waitFor();
    kate.send({ attachments: [{ type: "location", payload: { coordinates: { lat: 55.75, long: 37.61 } } }] });
    await screen.bubble("55.75000, 37.61000").waitFor();
    kate.send({
      attachments: [{ type: "fallback", payload: { title: "A shop", url: "https://clay.example/" } }],
    });
    await screen.bubble("A shop").waitFor();
    kate.beAnswered("From the page inbox");
    await screen.bubble("From the page inbox").waitFor();
  });

  it("sends every kind that Messenger takes, and shows it delivered and read", async () => {
    const { screen, kate } = stage;
    await talks(stage, kate, "👍");
    await screen.sendFiles("Our bowls");
    await waitFor(() => kate.received.some(({ text }) => text === "Our bowls"), "the text");
    for (const type of ["image", "video", "audio", "file"])
      await waitFor(() => kate.received.some(({ attachment }) => attachment?.type === type), type);
    await screen.sendVoice();
    await waitFor(
      () => kate.received.filter(({ attachment }) => attachment).length === 5,
      "the voice message",
    );
    await screen.write("That is all.");
    await waitFor(() => kate.received.at(-1)?.text === "That is all.", "the last one");
    kate.receive();
    await screen.bubble("That is all.").getByText("Delivered").waitFor();
  });

  it("tells why a message failed, and sends it again by the button", () => retries(stage, stage.kate));
  it("is answered by a person after a day, and not at all after a week", () => closes(stage, "page"));
});

it("says that its token was cancelled, and takes a new one on its page, which shows neither", async () => {
  const { screen, simulator, page: metaPage, kate } = stage;
  const { page, owner } = screen;
  const [{ id }] = (await owner.get("/channels")).items;
  simulator.graph.revokeToken(pageToken);
  await screen.talkWith("Kate Winslow");
  await screen.write("Written while it was cancelled");
  await screen.bubble("Written while it was cancelled").getByText("Not sent").waitFor();
  await owner.post(`/channels/${id}/reconnect`);
  await screen.goto(`/channels/${id}`);
  await page.getByRole("heading", { name: "Access is withdrawn" }).waitFor();
  await page.getByText("Written while it was cancelled").first().waitFor();
  await page.getByRole("button", { name: "Give new access" }).last().click();
  const dialog = page.getByRole("dialog");
  const field = dialog.getByLabel("Page access token");
  expect(await field.inputValue()).toBe("");
  expect(await findings(page)).toEqual([]);
  const renewed = `${pageToken.slice(0, -6)}NEWONE`;
  await field.fill(pageToken);
  await dialog.getByRole("button", { name: "Check and save" }).click();
  await dialog.getByText("Meta no longer accepts the page’s token").first().waitFor();
  const rights = ["pages_messaging", "pages_manage_metadata", `page:${metaPage.id}`];
  simulator.graph.addToken(renewed, metaPage.app, rights);
  await field.click(); // what was masked shows itself before it is typed over
  await field.fill(renewed);
  await dialog.getByRole("button", { name: "Check and save" }).click();
  await page.getByText("Everything works").waitFor();
  await waitFor(() => kate.received.at(-1)?.text === "Written while it was cancelled", "the held answer");
  const shown = JSON.stringify(await owner.get(`/channels/${id}`)) + (await page.content());
  for (const secret of [renewed, pageToken, app.secret]) expect(shown).not.toContain(secret);
});

it("ran without a script error or a violation of its policy", () => {
  expect(stage.screen.faults).toEqual([]);
});
