/** In a real browser: a Telegram bot is connected through its screen and talks in every kind, and a business account behind it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TelegramSimulator, type SimBot, type TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { record } from "../support/recordings.ts";
import { startScreen, type Screen } from "../support/screen.ts";
import { botToken } from "../support/world.ts";

let screen: Screen;
let simulator: TelegramSimulator;
let closeSimulator: () => Promise<void>;
let bot: SimBot;
let kate: TelegramCustomer;

beforeAll(async () => {
  simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  kate = await simulator.addCustomer({ name: "Kate Winslow", username: "kate_w" });
  screen = await startScreen({ TELEGRAM_API_ROOT: url });
});
afterAll(async () => {
  await screen?.close();
  await closeSimulator?.();
});

const shown = () => kate.chat(bot).botMessages;
const reaches = (what: "photo" | "video" | "audio" | "document" | "voice" | "location", part = "") =>
  waitFor(
    () => shown().find(({ message }) => message[what] && JSON.stringify(message).includes(part)),
    `${what} ${part} on the phone`,
  );
const reads = (text: string) =>
  waitFor(() => shown().find(({ message }) => message.text === text), `"${text}" on the phone`);

it("says at the proxy that it does not fit, and asks again by itself while Telegram cannot be reached", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/telegram");
  await page.getByRole("button", { name: "Advanced" }).click();
  const proxy = page.getByLabel("Proxy", { exact: true });
  await proxy.fill("foo://bar");
  await page.getByLabel("Token", { exact: true }).fill(botToken);
  await page.getByText("This value does not fit here.").waitFor();
  expect(await proxy.getAttribute("aria-invalid")).toBe("true");
  expect(await page.getByLabel("Token", { exact: true }).getAttribute("aria-invalid")).not.toBe("true");
  const details = { code: "network", message: "" };
  const unreachable = { error: { code: "channel_unreachable", message: "", details } };
  await page.route("**/channels/check", (route) => route.fulfill({ status: 502, json: unreachable }), {
    times: 1,
  });
  await proxy.press("ControlOrMeta+a");
  await proxy.press("Delete");
  await page.getByText("Telegram cannot be reached. Trying").waitFor();
  await page.getByText("@clay_and_co_bot").first().waitFor();
  await page.getByText("Telegram cannot be reached. Trying").waitFor({ state: "detached" });
});

it("connects through its screen: every step is done", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/telegram");
  await page.getByLabel("Token", { exact: true }).fill(botToken);
  await page.getByText("@clay_and_co_bot").first().waitFor();
  await page.getByRole("button", { name: "Finish" }).click();
  await waitFor(() => simulator.callsOf("getUpdates").length > 0, "the hub to poll");
  await screen.stepsDone();
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    kate.start(bot);
    const asked = kate.say("Do you glaze on Sundays?");
    const log = await screen.talkWith("Kate Winslow");
    await screen.bubble("Do you glaze on Sundays?").waitFor();
    await kate.sendPhoto(await picture(320, 200), { caption: "A crack" });
    await screen.bubble("A crack").locator("img[src*='/files/']").first().waitFor();
    await kate.sendAlbum([await picture(80, 80), await picture(90, 90)], { caption: "Two of them" });
    await waitFor(async () => (await log.locator("img[src*='/files/']").count()) === 3, "the album");
    kate.sendVideo({ bytes: Buffer.alloc(64), mime: "video/mp4" });
    await log.getByLabel("Video", { exact: true }).waitFor();
    kate.sendAnimation({ bytes: Buffer.alloc(64), mime: "video/mp4" });
    await log.getByLabel("Animation", { exact: true }).waitFor();
    kate.sendVideoNote({ bytes: Buffer.alloc(64), mime: "video/mp4" });
    await log.getByRole("button", { name: "Play the video message" }).waitFor();
    kate.sendVoice({ bytes: await record("webm") });
    await log.getByRole("button", { name: "Play", exact: true }).first().waitFor();
    kate.sendAudio({ bytes: Buffer.from("ID3"), mime: "audio/mpeg" }, { title: "The wheel" });
    await screen.bubble("The wheel").waitFor();
    kate.sendDocument({ bytes: Buffer.from("%PDF-1.4"), name: "plan.pdf", mime: "application/pdf" });
    await screen.bubble("plan.pdf").waitFor();
    kate.sendSticker({ bytes: await picture(64, 64), mime: "image/webp" }, { emoji: "🏺" });
    await log.locator("img[alt='🏺']").waitFor();
    kate.sendLocation(55.75, 37.61);
    await log.getByText("55.75000, 37.61000").waitFor();
    kate.sendVenue({ latitude: 55.76, longitude: 37.62, title: "The kiln", address: "Kiln Yard 7" });
    await screen.bubble("The kiln").waitFor();
    kate.sendContact({ name: "Olga Petrova", phone: "+74955550140" });
    await screen.bubble("Olga Petrova").getByText("+74955550140").waitFor();
    kate.forward("Nina Orlova", "Ask them about celadon");
    await screen.bubble("Ask them about celadon").getByText("Forwarded from Nina Orlova").waitFor();
    kate.say("On Sundays, I mean", { replyTo: asked.id });
    await screen.bubble("On Sundays, I mean").getByText("Do you glaze on Sundays?").waitFor();
    const wrong = kate.say("At tne");
    await screen.bubble("At tne").waitFor();
    kate.edit(wrong.id, "At ten");
    await screen.bubble("At ten").getByText("edited").waitFor();
  });

  it("sends every kind that Telegram takes", async () => {
    const { page } = screen;
    await screen.write("Every Sunday from ten.");
    await screen.bubble("Every Sunday from ten.").getByText("Sent").waitFor();
    await screen.sendFiles("Our bowls");
    await reaches("photo");
    for (const kind of ["video", "audio"] as const) await reaches(kind);
    await reaches("document", "prices.pdf");
    expect(shown().filter(({ message }) => message.caption === "Our bowls")).toHaveLength(1);
    await screen.sendVoice();
    await reaches("voice");
    await screen.sendPlace("55.751244, 37.618423", "The studio");
    await reaches("location", "The studio");
    await screen.sendWithButton("Shall we keep a place?", "Keep it");
    kate.press((await reads("Shall we keep a place?")).id, 0);
    await screen.bubble("Pressed “Keep it”").waitFor();
    const question = kate.say("And on Monday?");
    await screen.react("And on Monday?", "👍");
    await waitFor(() => question.reactions.bot.includes("👍"), "the reaction");
    await screen.answer("And on Monday?", "On Mondays too");
    const answer = await reads("On Mondays too");
    expect(answer.message.reply_to_message?.message_id).toBe(question.id);
    kate.react(answer.id, ["❤"]);
    await screen.bubble("On Mondays too").getByText("❤️").waitFor();

    await page.getByRole("textbox", { name: "Reply", exact: true }).click();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("On Mondays as well");
    await page.keyboard.press("Enter");
    await reads("On Mondays as well");
    await screen.bubble("On Mondays as well").getByText("edited").waitFor();
    await screen.write("Said by mistake");
    await reads("Said by mistake");
    await screen.remove("Said by mistake");
    await waitFor(() => !shown().some(({ message }) => message.text === "Said by mistake"), "its deletion");
  });

  it("tells why a message failed, and sends it again by the button", async () => {
    simulator.failNext({ method: "sendMessage", kind: "400" });
    await screen.write("Once more");
    await screen.retry("Once more");
    expect(shown().filter(({ message }) => message.text === "Once more")).toHaveLength(1);
  });

  it("says that a customer has left, and takes notes alone until they are back", async () => {
    kate.block(bot);
    await screen.page.getByText("The customer has blocked the account").first().waitFor();
    kate.say("Here I am again");
    await screen.write("Welcome back.");
    await reads("Welcome back.");
  });
});

describe("a business account behind the bot", () => {
  it("answers in the owner's name, and takes nothing a day after the customer's last message", async () => {
    const nina = await simulator.addCustomer({ name: "Nina Orlova" });
    const olga = await simulator.addCustomer({ name: "Olga Lind" });
    const vera = await simulator.addCustomer({ name: "Vera Holm" });
    const business = simulator.connectBusiness(bot, nina);
    business.hear(olga.user, "Is Nina there?");
    await screen.talkWith("Olga Lind");
    await screen.bubble("Is Nina there?").waitFor();
    await waitFor(() => business.read.get(olga.id), "the mark of what was read");
    await screen.write("She is.");
    await screen.bubble("She is.").getByText("Sent").waitFor();
    const [answer] = business.chat(olga.user).botMessages;
    expect(answer?.message).toMatchObject({ text: "She is.", from: { id: nina.id } });

    business.hear(vera.user, "Do you still have it?", new Date(Date.now() - 26 * 3_600_000));
    await screen.talkWith("Vera Holm");
    const { page } = screen;
    await page.getByText("takes no message now").waitFor();
    expect(await page.getByRole("textbox", { name: "Reply", exact: true }).isVisible()).toBe(false);
    business.hear(vera.user, "Hello?");
    await screen.write("We do.");
    await screen.bubble("We do.").getByText("Sent").waitFor();
  });
});

it("ran without a script error or a violation of its policy", () => {
  expect(screen.faults).toEqual([]);
});
