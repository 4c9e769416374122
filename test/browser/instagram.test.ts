/** In a real browser: an Instagram account is connected through its screen, its webhook pasted at Meta, and it talks. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../support/hub.ts";
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

it("connects Instagram through its screen, and waits for what a person pastes at Meta", async () => {
  const { screen, simulator } = stage;
  await connect(stage, "instagram");
  const { page } = screen;
  await page.getByText("Waiting for the first call").waitFor();
  const [{ id }] = (await screen.owner.get("/channels")).items;
  const { webhook } = await screen.owner.get(`/channels/${id}`);
  await page.getByText(webhook.verifyToken).first().waitFor();
  await simulator.pasteCallback(app, "instagram", webhook.url, webhook.verifyToken);
  await page.getByText("Called for the first time").waitFor();
  await stage.screen.stepsDone();
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    const { screen, kateOnInstagram: kate } = stage;
    await showsWhatArrives(stage, kate);
    kate.send({
      attachments: [{ type: "story_mention", payload: { url: "https://lookaside.fbsbx.com/s/1" } }],
    });
    await screen.bubble("Mentioned you in a story").waitFor();
    kate.send({
      attachments: [{ type: "share", payload: { title: "A vase", url: "https://www.instagram.com/p/1" } }],
    });
    await screen.bubble("Shared post").getByText("A vase").waitFor();
    const oops = kate.say("Oops, wrong chat");
    await screen.bubble("Oops, wrong chat").waitFor();
    kate.unsend(oops);
    await screen.bubble("Message deleted").waitFor();
  });

  it("sends every kind that Instagram takes, shows it read, and refuses the others before they are uploaded", async () => {
    const { screen, kateOnInstagram: kate } = stage;
    await talks(stage, kate, "❤️");
    await screen.sendFiles("Our bowls", ["bowl.png", "wheel.mp4", "prices.pdf"]);
    await waitFor(() => kate.received.some(({ text }) => text === "Our bowls"), "the text");
    await waitFor(() => kate.received.filter(({ attachment }) => attachment).length === 3, "the files");
    const { page } = screen;
    const sound = { name: "kiln.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3") };
    await page.locator('input[type="file"]').first().setInputFiles(sound);
    await page.getByText("This channel takes no such files").waitFor();
    await page.getByRole("button", { name: "Remove" }).first().click();
    expect(await page.getByRole("button", { name: "Record a voice message" }).count()).toBe(
      await page.evaluate(() => Number(MediaRecorder.isTypeSupported("audio/mp4;codecs=mp4a.40.2"))),
    );
  });

  it("tells why a message failed, and sends it again by the button", () =>
    retries(stage, stage.kateOnInstagram));
  it("is answered by a person after a day, and not at all after a week", () => closes(stage, "instagram"));
});

it("ran without a script error or a violation of its policy", () => {
  expect(stage.screen.faults).toEqual([]);
});
