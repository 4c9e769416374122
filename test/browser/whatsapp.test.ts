/** In a real browser: a WhatsApp number is connected through its screen and talks, in every kind of message. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WhatsappSimulator, type SimNumber } from "../../demo/simulators/whatsapp.ts";
import type { WhatsappCustomer } from "../../demo/simulators/whatsapp/customer.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { record } from "../support/recordings.ts";
import { startScreen, type Screen } from "../support/screen.ts";
import { newNumber, whatsappCredentials } from "../support/whatsapp.ts";

const address = "https://hub.example";
let screen: Screen;
let simulator: WhatsappSimulator;
let number: SimNumber;
let closeSimulator: () => Promise<void>;
let kate: WhatsappCustomer;

beforeAll(async () => {
  simulator = new WhatsappSimulator({ reach: (url) => url.replace(address, screen.hub.url) });
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  number = newNumber(simulator);
  kate = simulator.addCustomer({ name: "Kate Winslow", phone: "447700900123", userId: "GB.7700900" });
  screen = await startScreen({ API_ROOTS: `whatsapp=${url}`, PUBLIC_URL: address });
});
afterAll(async () => {
  await screen?.close();
  await closeSimulator?.();
});

const sent = () => kate.chat(number).messages.filter(({ by }) => by === "business");
const last = () => sent().at(-1) ?? kate.say(number, "nothing was sent");
const reaches = (type: string, part = ""): Promise<unknown> =>
  waitFor(
    () => sent().find((one) => one.type === type && JSON.stringify(one.body).includes(part)),
    `${type} ${part} on the phone`,
  );

it("a number connects through its screen: every step is done", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/whatsapp");
  await page.getByLabel("Phone number ID", { exact: true }).fill(whatsappCredentials.phoneNumberId);
  await page.getByLabel("WhatsApp Business account ID").fill(whatsappCredentials.businessAccountId);
  await page.getByLabel("Access token", { exact: true }).fill(whatsappCredentials.accessToken);
  await page.getByLabel("App secret", { exact: true }).fill(whatsappCredentials.appSecret);
  await page.getByText("The number answers").waitFor();
  await page.getByText("The app secret is right").waitFor();
  await page.getByRole("button", { name: "Save and go on" }).click();
  await waitFor(() => simulator.overrides.get(number.accountId), "the webhook");
  await screen.stepsDone();
});

describe("a conversation", () => {
  it("shows every kind of what the customer sends", async () => {
    kate.say(number, "Is it food safe?");
    const log = await screen.talkWith("Kate Winslow");
    await screen.bubble("Is it food safe?").waitFor();
    const png = { bytes: await picture(320, 200), name: "crack.png", mime: "image/png" };
    kate.sendFile(number, "image", png, { caption: "A crack" });
    await screen.bubble("A crack").locator("img[src*='/files/']").first().waitFor();
    kate.sendFile(number, "video", { bytes: Buffer.alloc(64), name: "v.mp4", mime: "video/mp4" });
    await log.getByLabel("Video", { exact: true }).waitFor();
    const voice = { bytes: await record("webm"), name: "v.ogg", mime: "audio/ogg" };
    kate.sendFile(number, "audio", voice, { voice: true });
    await log.getByRole("button", { name: "Play" }).first().waitFor();
    const pdf = { bytes: Buffer.from("%PDF-1.4"), name: "plan.pdf", mime: "application/pdf" };
    kate.sendFile(number, "document", pdf, { filename: "plan.pdf" });
    await screen.bubble("plan.pdf").waitFor();
    kate.sendFile(number, "sticker", { bytes: await picture(64, 64), name: "s.webp", mime: "image/webp" });
    await log.locator("img[alt='Sticker']").waitFor();
    kate.send(number, "location", { location: { latitude: 55.75, longitude: 37.61, name: "The kiln" } });
    await screen.bubble("The kiln").waitFor();
    const contact = { name: { formatted_name: "Olga Petrova" }, phones: [{ phone: "+74955550140" }] };
    kate.send(number, "contacts", { contacts: [contact] });
    await screen.bubble("Olga Petrova").getByText("+74955550140").waitFor();
    const items = [{ product_retailer_id: "MUG-7", quantity: 2, item_price: 18, currency: "EUR" }];
    kate.send(number, "order", { order: { catalog_id: "1", text: "For Friday", product_items: items } });
    await screen.bubble("For Friday").getByText("2 × MUG-7").waitFor();
    await screen.page.locator("[data-conversation]").getByText("For Friday").waitFor();
    const wrong = kate.say(number, "On Sunday");
    await screen.bubble("On Sunday").waitFor();
    kate.edit(number, wrong, "On Monday");
    await screen.bubble("On Monday").getByText("edited").waitFor();
    kate.revoke(number, wrong);
    await screen.bubble("Message deleted").waitFor();
    kate.send(number, "hologram", {});
    await screen.bubble("This kind of message cannot be shown yet").waitFor();
  });

  it("sends every kind that WhatsApp takes, and shows it sent, delivered and read", async () => {
    await screen.write("Yes, it is.");
    await screen.bubble("Yes, it is.").getByText("Delivered").waitFor();
    await screen.sendFiles("Our bowls");
    await reaches("image", "Our bowls");
    for (const kind of ["video", "audio"]) await reaches(kind);
    await reaches("document", "prices.pdf");
    await screen.sendVoice();
    await reaches("audio", '"voice":true');
    await screen.sendPlace("55.751244, 37.618423", "The studio");
    await reaches("location", "The studio");
    await screen.sendWithButton("Shall we keep it?", "Keep it");
    await reaches("interactive", "Keep it");
    kate.press(number, last(), { id: "0:Keep it", title: "Keep it" });
    await screen.bubble("Pressed “Keep it”").waitFor();
    const asked = kate.say(number, "And the plates?");
    await screen.react("And the plates?", "👍");
    await waitFor(() => asked.reaction === "👍", "the reaction");
    await screen.answer("And the plates?", "They are too");
    await reaches("text", "They are too");
    expect(sent().at(-1)?.body["context"]).toBeDefined();
    kate.react(number, last(), "❤️");
    await screen.bubble("They are too").getByText("❤️").waitFor();
    kate.read(number);
    await screen.bubble("They are too").getByText("Read", { exact: true }).waitFor();
  });

  it("tells why a message failed, and sends it again by the button", async () => {
    const error = { code: 131026, message: "undeliverable" };
    simulator.failNext({ path: "/messages", having: "text", kind: "error", error });
    await screen.write("Once more");
    await screen.retry("Once more");
    expect(sent().filter(({ body }) => JSON.stringify(body).includes("Once more"))).toHaveLength(1);
  });

  it("offers templates, with a picture too, when the window has closed", async () => {
    const vera = simulator.addCustomer({ name: "Vera Lind", phone: "447700900555" });
    const longAgo = String(Math.floor(Date.now() / 1000) - 26 * 3600);
    vera.say(number, "Do you still have it?", { timestamp: longAgo });
    vera.chat(number).closed = true;
    await screen.talkWith("Vera Lind");
    const { page } = screen;
    await page.getByText("takes an approved template now").waitFor();
    expect(await page.getByRole("textbox", { name: "Reply", exact: true }).isVisible()).toBe(false);
    await page.getByRole("button", { name: "Choose a template" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /order_ready/ }).click();
    expect(await dialog.getByRole("button", { name: "Send the template" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Place 1").fill("Vera");
    await dialog.getByLabel("Place 2").fill("2214");
    await dialog.getByRole("button", { name: "Send the template" }).click();
    await screen.bubble("Hello Vera, your order 2214 is ready.").getByText("Delivered").waitFor();

    await page.getByRole("button", { name: "Choose a template" }).click();
    await dialog.getByRole("button", { name: /with_picture/ }).click();
    const send = dialog.getByRole("button", { name: "Send the template" });
    expect(await send.isDisabled()).toBe(true);
    const chooser = dialog.locator('input[type="file"]');
    await chooser.setInputFiles({ name: "no.txt", mimeType: "text/plain", buffer: Buffer.from("no") });
    await dialog.getByText("A JPEG or PNG picture is needed.").waitFor();
    await chooser.setInputFiles({ name: "mug.png", mimeType: "image/png", buffer: await picture(300, 200) });
    await send.and(page.locator(":enabled")).click();
    await screen.bubble("New mugs").locator("img").first().waitFor();
    await screen.bubble("New mugs").getByText("Delivered").waitFor();
    const [, second] = vera.chat(number).messages.filter(({ by }) => by === "business");
    expect(JSON.stringify(second?.body)).toContain('"type":"header"');
  });
});

it("ran without a script error or a violation of its policy", () => {
  expect(screen.faults).toEqual([]);
});
