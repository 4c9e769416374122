/** Messenger or Instagram on a screen: what both are asked in the same way. */
import { expect } from "vitest";
import type { MessengerCustomer } from "../../demo/simulators/messenger.ts";
import { waitFor } from "./hub.ts";
import { app, pageCredentials, raiseMeta, type MetaStage } from "./messenger.ts";
import { picture } from "./pictures.ts";
import { record } from "./recordings.ts";
import { startScreen, type Screen } from "./screen.ts";

const address = "https://hub.example";
const day = 86_400_000;

export interface MetaScreen extends MetaStage {
  screen: Screen;
  end(): Promise<void>;
}

export async function startMetaScreen(): Promise<MetaScreen> {
  const place = { url: "" };
  const meta = await raiseMeta((url) => url.replace(address, place.url));
  const screen = await startScreen({
    API_ROOTS: `facebook=${meta.url},instagram=${meta.url}`,
    PUBLIC_URL: address,
  });
  place.url = screen.hub.url;
  return {
    ...meta,
    screen,
    async end() {
      await screen.close();
      await meta.close();
    },
  };
}

/** Fills in the form and goes on to the webhook's step. */
export async function connect({ screen }: MetaScreen, kind: "facebook" | "instagram"): Promise<void> {
  const { page } = screen;
  await screen.goto(`/channels/connect/${kind}`);
  await page.getByLabel("App secret", { exact: true }).fill(pageCredentials.appSecret);
  await page.getByLabel("Page access token").fill(pageCredentials.pageToken);
  await page.getByText("App secret matches").waitFor();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await page
    .getByText(new RegExp(`${address}/webhooks/${kind}`))
    .first()
    .waitFor();
}

/** What arrives alike on both: a text, files, a reaction, an answer, an edit, something unknown. */
export async function showsWhatArrives(stage: MetaScreen, kate: MessengerCustomer): Promise<void> {
  const { screen, url } = stage;
  kate.say("Do you glaze on Sundays?");
  const log = await screen.talkWith("Kate Winslow");
  await screen.bubble("Do you glaze on Sundays?").waitFor();
  await log
    .getByRole("article", { name: /^Kate Winslow/ })
    .first()
    .waitFor();
  kate.sendFile("image", { bytes: await picture(320, 200), name: "crack.png", mime: "image/png" }, url);
  await log.locator("img[src*='/files/']").first().waitFor();
  kate.sendFile("video", { bytes: Buffer.alloc(64), name: "v.mp4", mime: "video/mp4" }, url);
  await log.getByLabel("Video", { exact: true }).waitFor();
  kate.sendFile("audio", { bytes: await record("mp4", "aac"), name: "v.mp4", mime: "audio/mp4" }, url);
  await log.getByRole("button", { name: "Play" }).first().waitFor();
  const wrong = kate.say("On Monday");
  await screen.bubble("On Monday").waitFor();
  kate.edit(wrong, "On Tuesday");
  await screen.bubble("On Tuesday").getByText("edited").waitFor();
  kate.send({ attachments: [{ type: "hologram", payload: {} }] });
  await screen.bubble("This kind of message cannot be shown yet").waitFor();
}

/** The same way out: a text read, a quote, a button, a reaction each way. */
export async function talks({ screen }: MetaScreen, kate: MessengerCustomer, heart: string): Promise<void> {
  await screen.write("Every Sunday from ten.");
  const got = await waitFor(
    () => kate.received.find(({ text }) => text === "Every Sunday from ten."),
    "the answer",
  );
  kate.react(got.mid, "❤️");
  await screen.bubble("Every Sunday from ten.").getByText("❤️").waitFor();
  kate.say("And on Mondays?");
  await screen.react("And on Mondays?", heart);
  await waitFor(
    () => kate.messages.some(({ from, reaction }) => from === "customer" && reaction),
    "the reaction",
  );
  await screen.answer("And on Mondays?", "Then too");
  await waitFor(() => kate.received.at(-1)?.replyTo, "the quote");
  await screen.sendWithButton("Shall we keep a place?", "Keep it");
  const asked = await waitFor(() => kate.received.find(({ quickReplies }) => quickReplies), "the button");
  kate.say("Keep it", { quickReply: asked.quickReplies?.[0]?.payload ?? "" });
  await screen.bubble("Pressed “Keep it”").waitFor();
  kate.read();
  await screen.bubble("Shall we keep a place?").getByText("Read", { exact: true }).waitFor();
}

export async function retries({ screen, simulator }: MetaScreen, kate: MessengerCustomer): Promise<void> {
  const error = { code: 100, message: "Invalid parameter" };
  simulator.graph.failNext({ path: "me/messages", having: "message", kind: "error", error });
  await screen.write("Once more");
  await screen.retry("Once more");
  expect(kate.received.filter(({ text }) => text === "Once more")).toHaveLength(1);
}

/** After a day it goes as a person's answer, after a week not at all. */
export async function closes(stage: MetaScreen, object: "page" | "instagram"): Promise<void> {
  const { screen, simulator, page: metaPage } = stage;
  const said = (name: string, daysAgo: number): MessengerCustomer => {
    const customer = simulator.customer(metaPage, simulator.addPerson({ name }), object);
    simulator.setClock(() => Date.now() - daysAgo * day);
    customer.say(`Written ${daysAgo} days ago`);
    simulator.setClock(Date.now);
    return customer;
  };
  const lena = said("Lena Fischer", 2);
  await screen.talkWith("Lena Fischer");
  await screen.page.getByText("Goes as a person's answer").waitFor();
  await screen.write("Still here.");
  await waitFor(() => lena.received.at(-1)?.tag === "HUMAN_AGENT", "the tag");
  said("Noor Haddad", 8);
  await screen.talkWith("Noor Haddad");
  await screen.page.getByText(/takes no message now/).waitFor();
  const field = screen.page.getByRole("textbox", { name: "Reply", exact: true });
  expect(await field.isVisible()).toBe(false);
}

export { app };
