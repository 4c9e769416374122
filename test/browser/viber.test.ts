/** In a real browser: a Viber bot is connected through its screen, and somebody is answered in every kind of message. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ViberSimulator, type ViberBot, type ViberCustomer } from "../../demo/simulators/viber.ts";
import { startHttpsFront, type HttpsFront } from "../support/https-front.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { startScreen, type Screen } from "../support/screen.ts";

const token = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
let screen: Screen;
let front: HttpsFront;
let simulator: ViberSimulator;
let closeSimulator: () => Promise<void>;
let bot: ViberBot;
let vera: ViberCustomer;

beforeAll(async () => {
  front = await startHttpsFront(() => screen.hub.url);
  simulator = new ViberSimulator({ fetch: front.fetch });
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = simulator.addBot({ token, id: "pa:75346594275468546724", name: "Clay & Co", uri: "clayandco" });
  vera = simulator.addCustomer(bot, "Vera Lindqvist");
  screen = await startScreen({ API_ROOTS: `viber=${url}`, PUBLIC_URL: front.url });
});
afterAll(async () => {
  await screen?.close();
  await closeSimulator?.();
  await front?.close();
});

const reaches = (type: string, part = ""): Promise<unknown> =>
  waitFor(
    () => vera.messages.find((one) => one.type === type && JSON.stringify(one).includes(part)),
    `${type} ${part} on the phone`,
  );

it("connects through its screen: every step is done, and a greeting is answered", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/viber");
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByLabel("Welcome message").fill("Hello! Ask us anything.");
  await page.getByText("Token is valid").waitFor();
  await page.getByRole("button", { name: "Finish" }).click();
  await waitFor(() => bot.webhook, "the webhook");
  await screen.stepsDone();
  await vera.open();
  expect(vera.read).toEqual(["Hello! Ask us anything."]);
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    await vera.say("Do you glaze on Sundays?");
    const log = await screen.talkWith("Vera Lindqvist");
    await screen.bubble("Do you glaze on Sundays?").waitFor();
    await vera.sendPicture(await picture(320, 200), "A crack");
    await screen.bubble("A crack").locator("img[src*='/files/']").first().waitFor();
    await vera.sendFile(Buffer.from("%PDF-1.4\n"), "application/pdf", "plan.pdf");
    await screen.bubble("plan.pdf").waitFor();
    const clip = simulator.host(Buffer.alloc(64), "video/mp4", "wheel.mp4");
    await vera.send({ type: "video", media: clip, size: 64, duration: 2 });
    await log.getByLabel("Video", { exact: true }).waitFor();
    await vera.sendSticker(await picture(64, 64));
    await log.locator("img[alt='Sticker']").waitFor();
    await vera.send({ type: "location", location: { lat: 55.75, lon: 37.61 } });
    await log.getByText("55.75000, 37.61000").waitFor();
    await vera.send({ type: "contact", contact: { name: "Olga Petrova", phone_number: "+74955550140" } });
    await screen.bubble("Olga Petrova").getByText("+74955550140").waitFor();
    await vera.send({ type: "url", media: "https://clay.example/mugs" });
    await screen.bubble("https://clay.example/mugs").waitFor();
    await vera.send({ type: "hologram" });
    await screen.bubble("This kind of message cannot be shown yet").waitFor();
  });

  it("sends every kind that Viber takes, and shows it delivered and read", async () => {
    await screen.write("Every Sunday from ten.");
    await screen.bubble("Every Sunday from ten.").getByText("Delivered").waitFor();
    await screen.sendFiles("Our bowls");
    await reaches("picture", "Our bowls");
    await reaches("video");
    for (const name of ["kiln.mp3", "prices.pdf"]) await reaches("file", name);
    await screen.sendVoice();
    await reaches("file", "voice.");
    await screen.sendPlace("55.751244, 37.618423", "The studio");
    await reaches("location", "55.751244");
    await screen.sendWithButton("Shall we keep a place?", "Keep it");
    await reaches("text", "Keep it");
    await vera.press("Keep it");
    await screen.bubble("Pressed “Keep it”").waitFor();
    await vera.see();
    await screen.bubble("Shall we keep a place?").getByText("Read", { exact: true }).waitFor();
  });

  it("tells why a message failed, and sends it again by the button", async () => {
    simulator.failNext({ method: "send_message", kind: "status", status: 8, message: "not available" });
    await screen.write("Once more");
    await screen.retry("Once more");
    expect(vera.read.filter((text) => text === "Once more")).toHaveLength(1);
  });

  it("says before writing that Viber may charge for an answer after a day", async () => {
    const noor = simulator.addCustomer(bot, "Noor Haddad");
    const longAgo = String(Date.now() - 26 * 3_600_000);
    const body = noor.bodyOf({ type: "text", text: "Where is my parcel?" });
    await noor.post(body.replace(/"timestamp":\d+/, `"timestamp":${longAgo}`));
    await screen.talkWith("Noor Haddad");
    const hint = screen.page.getByText("Viber may charge for this message");
    await hint.waitFor();
    await screen.write("It is on its way.");
    await waitFor(() => noor.read.includes("It is on its way."), "the answer");
    await noor.say("Thank you!");
    await screen.bubble("Thank you!").waitFor();
    await hint.waitFor({ state: "detached" });
    await screen.talkWith("Vera Lindqvist");
  });

  it("says that a customer has left, and takes notes alone until they are back", async () => {
    await vera.block();
    await screen.page.getByText("The customer has blocked the account").first().waitFor();
    await vera.unblock();
    await vera.say("Here I am again");
    await screen.write("Welcome back.");
    await waitFor(() => vera.read.includes("Welcome back."), "the answer");
  });
});

it("ran without a script error or a violation of its policy", () => {
  expect(screen.faults).toEqual([]);
});
