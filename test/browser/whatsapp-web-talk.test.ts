/** In a real browser: a phone's WhatsApp is linked by its code on the screen, and talks in every kind of message. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { waitFor } from "../support/hub.ts";
import type { Shown } from "../support/phone.ts";
import { picture } from "../support/pictures.ts";
import { record } from "../support/recordings.ts";
import { startScreen, type Screen } from "../support/screen.ts";

const { phone } = await vi.hoisted(async () => {
  const { Phone } = await import("../support/phone.ts");
  return { phone: new Phone() };
});
vi.mock("../../connectors/whatsapp-web/launch.ts", () => ({ launchChild: phone.launch }));

const kate = "447700900123@c.us";
let screen: Screen;
beforeAll(async () => {
  screen = await startScreen({});
});
afterAll(() => screen?.close());

const reaches = (fits: (one: Shown) => boolean, what: string): Promise<Shown> =>
  waitFor(() => phone.shown.find((one) => !one.deleted && fits(one)), `${what} on the phone`);
const reads = (text: string): Promise<Shown> => reaches((one) => one.text === text, text);
const says = (body: string) => phone.say(kate, { body, name: "Kate Winslow" });

it("is linked by the code on its screen: every step is done", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/whatsapp-web");
  await page.getByLabel("I understand that the number may be blocked").check();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await page.getByRole("img", { name: /code/i }).waitFor();
  phone.scan();
  await screen.stepsDone();
  await waitFor(
    async () => (await screen.owner.get("/channels")).items[0].handle === "+15550783881",
    "the number",
  );
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    const asked = says("Is it food safe?");
    const log = await screen.talkWith("Kate Winslow");
    await screen.bubble("Is it food safe?").waitFor();
    await waitFor(() => phone.read.has(kate), "the mark of what was read");
    const send = (type: string, mime: string, name: string, data: Uint8Array, body = "", more = {}) =>
      phone.say(kate, { type, body, ...more }, { mime, name, data });
    send("image", "image/png", "crack.png", await picture(320, 200), "A crack");
    await screen.bubble("A crack").locator("img[src*='/files/']").first().waitFor();
    send("video", "video/mp4", "v.mp4", Buffer.alloc(64));
    await log.getByLabel("Video", { exact: true }).waitFor();
    send("video", "video/mp4", "g.mp4", Buffer.alloc(65), "", { gif: true });
    await log.getByLabel("Animation", { exact: true }).waitFor();
    send("ptv", "video/mp4", "r.mp4", Buffer.alloc(66));
    await log.getByRole("button", { name: "Play the video message" }).waitFor();
    send("ptt", "audio/ogg; codecs=opus", "v.ogg", await record("webm"), "", { seconds: 2 });
    await log.getByRole("button", { name: "Play", exact: true }).first().waitFor();
    send("audio", "audio/mpeg", "wheel.mp3", Buffer.from("ID3"));
    await screen.bubble("wheel.mp3").waitFor();
    send("document", "application/pdf", "plan.pdf", Buffer.from("%PDF-1.4"));
    await screen.bubble("plan.pdf").waitFor();
    send("sticker", "image/webp", "s.webp", await picture(64, 64));
    await log.locator("img[alt='Sticker']").waitFor();
    phone.say(kate, { type: "location", latitude: -33.8688, longitude: 151.2093 });
    await log.getByText("-33.86880, 151.20930").waitFor();
    const card = "BEGIN:VCARD\nVERSION:3.0\nFN:Olga Petrova\nTEL;type=CELL:+74955550140\nEND:VCARD";
    phone.say(kate, { type: "vcard", body: card, vCards: [card] });
    await screen.bubble("Olga Petrova").getByText("+74955550140").waitFor();
    phone.say(kate, { body: "I mean the blue one", quotedId: asked.id });
    await screen.bubble("I mean the blue one").getByText("Is it food safe?").waitFor();
    const wrong = says("On Sunday");
    await screen.bubble("On Sunday").waitFor();
    const at = Math.floor(Date.now() / 1000);
    phone.happen({ event: "edit", message: { ...wrong, body: "On Monday" }, at });
    await screen.bubble("On Monday").getByText("edited").waitFor();
    phone.happen({ event: "revoke", id: wrong.id, chat: kate, at });
    await screen.bubble("Message deleted").waitFor();
    phone.say(kate, { type: "poll_creation", body: "Which glaze?" });
    await screen.bubble("This kind of message cannot be shown yet").waitFor();
    phone.say(kate, { fromMe: true, body: "Written on the phone" });
    await screen.bubble("Written on the phone").waitFor();
  });

  it("sends every kind that it takes, and shows it delivered and read", async () => {
    const { page } = screen;
    await screen.write("Yes, it is.");
    phone.acknowledge(await reads("Yes, it is."), 2);
    await screen.bubble("Yes, it is.").getByText("Delivered").waitFor();
    await screen.sendFiles("Our bowls");
    await reaches(({ file, text }) => file?.kind === "image" && text === "Our bowls", "the picture");
    for (const kind of ["video", "audio", "document"]) await reaches(({ file }) => file?.kind === kind, kind);
    await screen.sendVoice();
    await reaches(({ file }) => file?.kind === "voice" && file.mime.startsWith("audio/ogg"), "the voice");
    await screen.sendPlace("55.751244, 37.618423", "The studio");
    await reaches(({ place }) => place?.latitude === 55.751244, "the place");
    const question = says("And the plates?");
    await screen.react("And the plates?", "👍");
    await waitFor(() => phone.reactions.get(question.id) === "👍", "the reaction");
    await screen.answer("And the plates?", "They are too");
    const answer = await reads("They are too");
    expect(answer.quotedId).toBe(question.id);
    phone.happen({ event: "reaction", id: answer.id, chat: kate, emoji: "❤️", at: answer.id.length });
    await screen.bubble("They are too").getByText("❤️").waitFor();
    await page.getByRole("textbox", { name: "Reply", exact: true }).click();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("They are as well");
    await page.keyboard.press("Enter");
    phone.acknowledge(await reads("They are as well"), 3);
    await screen.bubble("They are as well").getByText("Read", { exact: true }).waitFor();
    await screen.write("Said by mistake");
    const mistake = await reads("Said by mistake");
    await screen.remove("Said by mistake");
    await waitFor(() => mistake.deleted, "its deletion");
  });

  it("tells why a message failed, and sends it again by the button", async () => {
    phone.refuseNext({ class: "permanent", code: "platform_error", message: "no LID for user" });
    await screen.write("Once more");
    await screen.retry("Once more");
    expect(phone.shown.filter(({ text }) => text === "Once more")).toHaveLength(1);
  });
});

it("ran without a script error or a violation of its policy", () => {
  expect(screen.faults).toEqual([]);
});
