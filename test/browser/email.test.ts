/** In a real browser: a mailbox is connected through its screen, by password and by a sign-in, and letters are answered. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MailSimulator, mailClient, type MailServers } from "../../demo/simulators/mail.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { startScreen, type Screen } from "../support/screen.ts";

const address = "hello@clay.example";
const simulator = new MailSimulator();
let servers: MailServers;
let screen: Screen;

beforeAll(async () => {
  servers = await simulator.listen();
  simulator.addMailbox(address, "an app password");
  screen = await startScreen({ API_ROOTS: `email=${servers.url}` });
});
afterAll(async () => {
  await screen?.close();
  await servers?.close();
});

const channelOf = async (handle: string): Promise<any> =>
  (await screen.owner.get("/channels")).items.find((one: any) => one.handle === handle);
const connected = (handle: string): Promise<unknown> =>
  waitFor(async () => (await channelOf(handle))?.health.state === "connected", `${handle} to be connected`);

it("connects through its screen: both ways are proven, every step is done", async () => {
  const { page } = screen;
  await screen.goto("/channels/connect/email");
  await page.getByLabel("E-mail address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill("an app password");
  await page.getByLabel("Incoming server (IMAP)").fill(servers.imap);
  await page.getByLabel("Outgoing server (SMTP)").fill(servers.smtp);
  await page.getByText("Letters arrive at once").waitFor();
  await page.getByText("Letters can be sent").waitFor();
  await page.getByRole("button", { name: "Advanced" }).click();
  await page.getByText("Encryption", { exact: true }).waitFor();
  for (const hidden of [/refresh/i, /access token/i, /valid until/i])
    expect(await page.getByLabel(hidden).count()).toBe(0);
  await page.getByRole("button", { name: "Finish" }).click();
  await connected(address);
  await screen.stepsDone();
});

describe("a correspondence", () => {
  it("shows letters: subject, clean HTML, what is quoted folded away, files", async () => {
    const vera = { name: "Vera Lindqvist", address: "vera@example.com" };
    const first = { from: vera, to: address, subject: "A bowl for salad", text: "Do you still make them?" };
    const messageId = await simulator.deliver(first);
    await screen.talkWith("Vera Lindqvist");
    await screen.bubble("A bowl for salad").getByText("Do you still make them?").waitFor();
    await simulator.deliver({
      ...first,
      inReplyTo: messageId,
      text: "A second one\n\nOn Sun, 1 Mar 2026 at 10:05, Vera wrote:\n> Do you still make them?",
    });
    const folded = screen.bubble("A second one").getByRole("button", { name: "Earlier letters" });
    await folded.click();
    await screen.bubble("A second one").locator("blockquote").getByText("Do you still make them?").waitFor();
    await simulator.deliver({
      from: vera,
      to: address,
      subject: "Re: A bowl for salad",
      inReplyTo: messageId,
      html: '<p onclick="alert(1)">Look <b>here</b></p><script>alert(2)</script>',
      attachments: [
        { filename: "crack.png", contentType: "image/png", content: await picture(320, 200) },
        { filename: "plan.pdf", contentType: "application/pdf", content: Buffer.from("%PDF-1.4\n%%EOF\n") },
      ],
    });
    await screen.page.locator("[data-conversation]").getByText("Look here").waitFor();
    await screen.bubble("Look here").locator("b").getByText("here").waitFor();
    await screen.bubble("Look here").locator("img[src*='/files/']").first().waitFor();
    await screen.bubble("Look here").getByText("plan.pdf").waitFor();
  });

  it("answers in the thread, with all its files in one letter", async () => {
    await screen.write("In May again.");
    const letter = await waitFor(() => simulator.taken[0], "the answer");
    expect(letter.subject).toBe("Re: A bowl for salad");
    expect(letter.text?.trim()).toBe("In May again.");
    await screen.bubble("In May again.").getByText("Sent", { exact: true }).waitFor();
    await screen.sendFiles("Our bowls");
    const whole = await waitFor(() => simulator.taken[1], "the letter with files");
    expect(whole.text?.trim()).toBe("Our bowls");
    expect(whole.attachments.map(({ filename }) => filename)).toEqual([
      "bowl.png",
      "wheel.mp4",
      "kiln.mp3",
      "prices.pdf",
    ]);
    await screen.sendVoice();
    const spoken = await waitFor(() => simulator.taken[2], "the recording");
    expect(spoken.attachments).toHaveLength(1);
  });

  it("tells why a letter failed, and sends it again by the button", async () => {
    simulator.failNext({ kind: "refuse", code: 550, message: "5.1.1 no such user" });
    await screen.write("Once more");
    await screen.retry("Once more");
    expect(simulator.taken.filter(({ text }) => text?.trim() === "Once more")).toHaveLength(1);
  });
});

describe("a sign-in at the vendor", () => {
  const shop = "shop@google.example";

  it("connects without a password, in a window of the vendor's", async () => {
    const { page } = screen;
    simulator.addMailbox(shop, "nobody knows it");
    await screen.goto("/channels/connect/email");
    await page.getByLabel("E-mail address").fill(shop);
    await page.getByLabel("Mail service").click();
    await page.getByRole("option", { name: "Google" }).click();
    await page.getByLabel("Incoming server (IMAP)").fill(servers.imap);
    await page.getByLabel("Outgoing server (SMTP)").fill(servers.smtp);
    await page.getByLabel("Client id").fill(mailClient.id);
    await page.getByLabel("Client secret").fill(mailClient.secret);
    await agreeIn(page.getByRole("button", { name: "Sign in" }));
    await page.getByText("Signed in", { exact: true }).waitFor();
    await page.getByText("Letters can be sent").waitFor();
    await page.getByRole("button", { name: "Finish" }).click();
    await connected(shop);
  });

  it("says that it is over, and is renewed on the account's page", async () => {
    const { page } = screen;
    const { id } = await channelOf(shop);
    simulator.withdrawSignIns();
    await screen.owner.post(`/channels/${id}/reconnect`);
    await screen.goto(`/channels/${id}`);
    await page.getByText("The sign-in is over. Sign in again.").first().waitFor();
    await page.getByRole("button", { name: "Give new access" }).last().click();
    const dialog = page.getByRole("dialog");
    await agreeIn(dialog.getByRole("button", { name: "Sign in" }));
    await dialog.getByText("Signed in", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Check and save" }).click();
    await page.getByText("Everything works").waitFor();
    expect(await page.content()).not.toContain(mailClient.secret);
  });

  async function agreeIn(button: { click(): Promise<void> }): Promise<void> {
    const opened = screen.page.waitForEvent("popup");
    await button.click();
    const vendor = await opened;
    await vendor.getByRole("button", { name: "Allow" }).click();
    await vendor.getByText("You can close this window").waitFor();
    await vendor.close();
  }
});

it("ran without a script error or a violation of its policy", () => {
  expect(screen.faults).toEqual([]);
});
