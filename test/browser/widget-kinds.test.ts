/** A visitor and an agent, each in a browser, say everything that can be said to each other, both ways. */
import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openContext } from "../support/browser.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { field, openChat, say, startShop, type Shop } from "../support/shop.ts";
import { messageWhere, threadOf } from "../support/world.ts";

let shop: Shop;
let context: BrowserContext;
let visitor: Page;
let agent: Page;
let conversationId: string;

beforeAll(async () => {
  shop = await startShop({ fakeMedia: true });
  const place = { permissions: ["geolocation"], geolocation: { latitude: 55.7512, longitude: 37.6184 } };
  ({ context, page: visitor } = await shop.visit(place));
  await visitor.goto(shop.url);
  await openChat(visitor);
  await say(visitor, "Is there a darker glaze? 🍵");
  conversationId = (await shop.findByText("Is there a darker glaze? 🍵")).id;
  const own = await openContext(shop.browser, shop.world.hub.url, shop.world.owner.cookie);
  agent = await shop.openPage(own);
  await agent.goto(`${shop.world.hub.url}/inbox/all/${conversationId}`);
  await agent.getByRole("log").getByText("Is there a darker glaze? 🍵").waitFor();
});
afterAll(async () => {
  await shop?.close();
  expect(shop.faults).toEqual([]);
});

const composer = (): ReturnType<Page["getByRole"]> =>
  agent.getByRole("textbox", { name: "Reply", exact: true });
async function answer(text: string): Promise<void> {
  await composer().click();
  await agent.keyboard.type(text);
  await agent.keyboard.press("Enter");
}
const seenBy = (page: Page, text: string) => page.getByRole("log").getByText(text, { exact: true }).last();
/** A message of the visitor's panel by its words. */
const message = (text: string) =>
  visitor.locator(".msg", { has: visitor.locator(".said", { hasText: text }) });
const stored = (fits: (one: any) => boolean): Promise<any> =>
  messageWhere(shop.world.owner, conversationId, fits);

async function openActs(text: string): Promise<void> {
  await message(text).hover();
  await message(text).getByRole("button", { name: "With this message" }).click();
}
const act = (name: string) => visitor.locator(".acts").getByRole("button", { name, exact: true });

/** The bubble of the agent's thread, with its bar. */
async function agentAct(text: string, name: string): Promise<void> {
  await seenBy(agent, text).hover();
  await agent.getByRole("log").getByRole("button", { name, exact: true }).last().click();
}

describe("words", () => {
  it("go both ways, with emoji from the picker, and each sees what the other has read", async () => {
    await answer("Yes: iron and moss.");
    await seenBy(visitor, "Yes: iron and moss.").waitFor();
    await visitor.getByText(/· Read/).waitFor(); // the agent has the conversation open
    await stored((one) => one.content.text === "Yes: iron and moss." && one.delivery.state === "read");
    await agent.getByText("Read", { exact: true }).last().waitFor();
    await visitor.getByRole("button", { name: "Emoji" }).click();
    await visitor.getByRole("button", { name: "🎉" }).click();
    await field(visitor).press("Enter");
    await seenBy(agent, "🎉").waitFor();
  });

  it("are seen while they are being typed: the text by the agent, the dots by the visitor", async () => {
    await field(visitor).fill("And how mu");
    await agent.getByText("And how mu").last().waitFor();
    await field(visitor).fill("");
    await agent.getByText("And how mu").last().waitFor({ state: "detached" });
    await composer().click();
    // Not every key is told of: that somebody types goes out once in some seconds.
    await waitFor(async () => {
      await agent.keyboard.type("It depends ");
      return visitor.locator(".dots").isVisible();
    }, "the dots");
    await agent.keyboard.press("Control+A");
    await agent.keyboard.press("Delete");
  });

  it("are quoted", async () => {
    await openActs("Yes: iron and moss.");
    await act("Reply").click();
    await say(visitor, "Moss, please");
    const quoting = await stored((one) => one.content.text === "Moss, please");
    expect(quoting.replyTo).toMatchObject({ text: "Yes: iron and moss." });
    await message("Moss, please").locator("blockquote", { hasText: "Yes: iron and moss." }).waitFor();
    await seenBy(agent, "Moss, please").waitFor();
    await agentAct("Moss, please", "Reply");
    await answer("Put aside until Friday");
    await message("Put aside until Friday").locator("blockquote", { hasText: "Moss, please" }).waitFor();
  });

  it("are answered by a reaction, and it is taken back", async () => {
    await openActs("Put aside until Friday");
    await act("👍").click();
    await message("Put aside until Friday").locator(".reactions .own", { hasText: "👍" }).waitFor();
    await agent.getByRole("log").getByText("👍").first().waitFor();
    await openActs("Put aside until Friday");
    await act("👍").click();
    await message("Put aside until Friday").locator(".reactions").waitFor({ state: "detached" });
    await agentAct("Is there a darker glaze? 🍵", "React");
    await agent.getByRole("button", { name: "🔥" }).click();
    await message("Is there a darker glaze?").locator(".reactions", { hasText: "🔥" }).waitFor();
  });

  it("are put right, and taken back", async () => {
    await field(visitor).fill("a draft of something else");
    await openActs("Moss, please");
    await act("Edit").click();
    expect(await field(visitor).inputValue()).toBe("Moss, please");
    await field(visitor).fill("Iron, please");
    await field(visitor).press("Enter");
    await seenBy(agent, "Iron, please").waitFor();
    await message("Iron, please")
      .getByText(/edited/)
      .waitFor();
    expect(await field(visitor).inputValue()).toBe("a draft of something else");
    await field(visitor).fill("");
    await agentAct("Put aside until Friday", "Edit");
    await agent.keyboard.press("Control+A");
    await agent.keyboard.type("Put aside until Saturday");
    await agent.keyboard.press("Enter");
    await message("Put aside until Saturday")
      .getByText(/edited/)
      .waitFor();

    await say(visitor, "Forget this");
    await seenBy(agent, "Forget this").waitFor();
    const { id } = await stored((one) => one.content.text === "Forget this");
    await openActs("Forget this");
    await act("Remove").click();
    await stored((one) => one.id === id && one.deletedAt);
    await visitor.getByText("Message removed").waitFor();
    await answer("Said by mistake");
    await seenBy(visitor, "Said by mistake").waitFor();
    await stored((one) => one.content.text === "Said by mistake" && one.delivery.state === "read");
    await agentAct("Said by mistake", "Delete");
    await agent.getByRole("button", { name: "Delete" }).last().click();
    await seenBy(visitor, "Said by mistake").waitFor({ state: "detached" });
  });

  it("come as buttons, and go when one is pressed", async () => {
    await agent.getByRole("button", { name: "Location, buttons" }).click();
    await agent.getByRole("menuitem", { name: "Buttons" }).click();
    await agent.getByRole("textbox", { name: "Text on the button" }).fill("350 ml");
    await answer("Which size?");
    await visitor.getByRole("button", { name: "350 ml" }).click();
    await visitor.getByRole("button", { name: "350 ml" }).waitFor({ state: "detached" });
    await stored((one) => one.content.action?.title === "350 ml");
  });
});

describe("files", () => {
  const png = async (name: string) => ({ name, mimeType: "image/png", buffer: await picture() });
  const pdf = (name: string, bytes = 2000) => ({
    name,
    mimeType: "application/pdf",
    buffer: Buffer.alloc(bytes, "%PDF-1.7 "),
  });
  const choose = visitorFiles;
  function visitorFiles(...chosen: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    return visitor.locator(".composer input[type=file]").setInputFiles(chosen);
  }

  it("go both ways: a picture with words, a document", async () => {
    await choose(await png("mug.png"), pdf("table.pdf"));
    await field(visitor).fill("I have this one");
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await visitor.getByRole("img", { name: "mug.png" }).waitFor();
    await visitor.locator(".file", { hasText: "table.pdf" }).waitFor();
    await agent.getByRole("log").getByText("table.pdf").waitFor();
    await agent
      .locator('input[type="file"]')
      .first()
      .setInputFiles([await png("glaze.png")]);
    await agent.getByText("glaze.png").first().waitFor();
    await answer("This is moss");
    await visitor.getByRole("img", { name: "glaze.png" }).waitFor();
    const shown = visitor.getByRole("img", { name: "glaze.png" });
    await visitor.waitForFunction(
      (image) => (image as HTMLImageElement).naturalWidth > 0,
      await shown.elementHandle(),
    );
  });

  it("are pasted as a picture", async () => {
    const bytes = [...(await picture(40, 30))];
    await field(visitor).focus();
    await field(visitor).evaluate((element, all) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(all)], "pasted.png", { type: "image/png" }));
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, bytes);
    await visitor.locator(".upload", { hasText: "pasted.png" }).waitFor();
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await visitor.getByRole("img", { name: "pasted.png" }).waitFor();
  });

  it("show how much has left, are cancelled, and go on after a reload from what the hub has", async () => {
    const network = await context.newCDPSession(visitor);
    const upload = (uploadThroughput: number) =>
      network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    const began: number[] = [];
    visitor.on("request", (request) => {
      const at = / (\d+)\/1500000$/.exec(request.headers()["x-upload"] ?? "")?.[1];
      if (at) began.push(Number(at));
    });
    await upload(200_000);
    await choose(pdf("cancelled.pdf", 3_000_000), pdf("kept.pdf", 1_500_000));
    const row = (name: string) => visitor.locator(".upload", { hasText: name });
    await waitFor(
      async () => Number(await row("kept.pdf").locator("progress").getAttribute("value")) > 0,
      "progress",
    );
    expect(await visitor.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
    await row("cancelled.pdf").getByRole("button", { name: "Cancel" }).click();
    await row("cancelled.pdf").waitFor({ state: "detached" });
    await field(visitor).fill("The layout");
    await waitFor(() => began.some((at) => at > 0), "the second piece to begin");
    const before = began.length;
    await visitor.reload();
    await row("kept.pdf").waitFor();
    await upload(-1);
    await row("kept.pdf").locator("progress").waitFor({ state: "detached" });
    expect(began.slice(before)[0]).toBeGreaterThan(0);
    expect(await row("cancelled.pdf").count()).toBe(0);
    expect(await field(visitor).inputValue()).toBe("The layout");
    await visitor.getByRole("button", { name: "Back" }).click();
    await visitor.getByRole("button", { name: /Chat here/ }).click();
    await row("kept.pdf").waitFor();
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await seenBy(agent, "The layout").waitFor();
    await row("kept.pdf").waitFor({ state: "detached" });
    const sent = await stored((one) => one.content.text === "The layout");
    expect(sent.content.attachments).toMatchObject([{ media: { fileName: "kept.pdf", size: 1_500_000 } }]);
    await network.detach();
  });

  it("go with their words as soon as they have arrived, when Enter was faster", async () => {
    const network = await context.newCDPSession(visitor);
    const upload = (uploadThroughput: number) =>
      network.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await upload(100_000);
    await choose(pdf("early.pdf", 1_200_000));
    await visitor.locator(".upload progress").waitFor();
    await field(visitor).fill("Sent too early");
    await field(visitor).press("Enter");
    expect(await field(visitor).inputValue()).toBe("Sent too early");
    await upload(-1);
    await seenBy(agent, "Sent too early").waitFor();
    const sent = await stored((one) => one.content.text === "Sent too early");
    expect(sent.content.attachments).toMatchObject([{ media: { fileName: "early.pdf" } }]);
    expect(await field(visitor).inputValue()).toBe("");
    await network.detach();
  });

  it("go again by themselves when the network is back", async () => {
    shop.wire.cut();
    await visitor.getByText("Connecting…").waitFor();
    await choose(pdf("tunnel.pdf"));
    const row = visitor.locator(".upload", { hasText: "tunnel.pdf" });
    await row.getByText("Not sent").waitFor();
    shop.wire.restore();
    await row.getByText("Not sent").waitFor({ state: "detached" });
    await row.locator("progress").waitFor({ state: "detached" });
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await visitor.locator(".msg .file", { hasText: "tunnel.pdf" }).waitFor();
  });

  it("refuse programs in words", async () => {
    const program = { name: "setup.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") };
    await choose(program, { name: "list.csv", mimeType: "text/csv", buffer: Buffer.from("cup,1\n") });
    await visitor.getByText("setup.exe: This kind of file cannot be sent").waitFor();
    const row = visitor.locator(".upload");
    await row.getByText("6 byte", { exact: true }).waitFor();
    await row.getByRole("button", { name: "Cancel: list.csv" }).waitFor();
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await visitor.locator(".msg .file", { hasText: "list.csv" }).waitFor();
    await visitor.getByText(/cannot be sent/).waitFor({ state: "detached" });
  });

  it("stand at the visitor's own side, however wide a picture is", async () => {
    const wide = await picture(1200, 500);
    await choose({ name: "wide.png", mimeType: "image/png", buffer: Buffer.from(wide) });
    await field(visitor).fill("How wide it is");
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    const image = visitor.getByRole("img", { name: "wide.png" });
    await image.waitFor();
    const rightOf = async (one: Locator) => {
      const box = await one.boundingBox();
      return Math.round((box?.x ?? 0) + (box?.width ?? 0));
    };
    const sent = visitor.locator(".msg.mine .file").last();
    await waitFor(async () => (await rightOf(image)) === (await rightOf(sent)), "the picture at the edge");
  });

  it("are a voice message, both ways", async () => {
    await context.grantPermissions(["microphone", "geolocation"], { origin: shop.url });
    await visitor.getByRole("button", { name: "Record a voice message" }).click();
    await visitor.getByText("Recording").waitFor();
    await visitor.getByRole("button", { name: "Cancel" }).click();
    await visitor.getByText("Recording").waitFor({ state: "detached" });
    await visitor.getByRole("button", { name: "Record a voice message" }).click();
    await visitor
      .getByRole("timer")
      .getByText(/0:0[1-9]/)
      .waitFor();
    await visitor.getByRole("button", { name: "Stop and send" }).click();
    const spoken = await stored((one) => one.content.attachments?.[0]?.kind === "voice");
    expect(spoken.type).toBe("incoming");
    await visitor.locator(".msg.mine audio").waitFor();
    await agent.getByRole("log").getByRole("button", { name: "Play" }).first().waitFor();
    await agent.getByRole("button", { name: "Record a voice message" }).click();
    await agent
      .getByRole("timer")
      .getByText(/0:0[2-9]/)
      .waitFor();
    await agent.getByRole("button", { name: "Stop" }).click();
    await agent
      .getByRole("group", { name: "Record a voice message" })
      .getByRole("button", { name: "Send" })
      .click();
    await visitor.locator(".msg:not(.mine) audio").waitFor();
    await stored((one) => one.type === "outgoing" && one.content.attachments?.[0]?.kind === "voice");
  });

  it("are no voice message where it was stopped before there was a sound, and this is said", async () => {
    const silence = (page: Page): Promise<void> =>
      page.evaluate(() => {
        Object.defineProperty(MediaRecorder.prototype, "ondataavailable", { set: () => undefined });
      });
    await Promise.all([visitor, agent].map(silence));
    await visitor.getByRole("button", { name: "Record a voice message" }).click();
    await visitor.getByRole("button", { name: "Stop and send" }).click();
    await visitor.getByRole("alert").getByText("Too short: nothing was recorded").waitFor();
    expect(await visitor.locator(".upload").count()).toBe(0);
    await agent.getByRole("button", { name: "Record a voice message" }).click();
    await agent.getByRole("button", { name: "Stop" }).click();
    const recorder = agent.getByRole("group", { name: "Record a voice message" });
    await recorder.getByText("Nothing was recorded: it was stopped too soon.").waitFor();
    await recorder.getByRole("button", { name: "Close" }).click();
    await recorder.waitFor({ state: "detached" });
    await agent.getByRole("button", { name: "Record a voice message" }).waitFor();
  });

  it("are a place on the map, both ways", async () => {
    await visitor.getByRole("button", { name: "More" }).click();
    await visitor.getByRole("button", { name: "Send my place" }).click();
    const here = await stored((one) => one.content.attachments?.[0]?.kind === "location");
    expect(here).toMatchObject({ type: "incoming", content: { attachments: [{ latitude: 55.7512 }] } });
    await visitor.locator(".msg.mine .file", { hasText: "Place on the map" }).waitFor();
    await agent.getByRole("button", { name: "Location, buttons" }).click();
    await agent.getByRole("menuitem", { name: "Send a location" }).click();
    await agent.getByRole("textbox", { name: "Coordinates or a map link" }).fill("55.76, 37.60");
    await agent.getByRole("textbox", { name: "Name", exact: true }).fill("The workshop");
    await agent.getByRole("button", { name: "Send the location" }).click();
    const link = visitor.locator(".msg:not(.mine) .file", { hasText: "The workshop" });
    expect(await link.getAttribute("href")).toContain("mlat=55.76");
  });

  it("are a film and a sound, both ways", async () => {
    const film = { name: "wheel.mp4", mimeType: "video/mp4", buffer: Buffer.from("\0\0\0\u0018ftypmp42") };
    film.buffer = Buffer.concat([film.buffer, Buffer.from("\0\0\0\0mp42isom")]);
    const head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0, 0xff, 0xfb, 0x90, 0]);
    const sound = (name: string) => ({
      name,
      mimeType: "audio/mpeg",
      buffer: Buffer.concat([head, Buffer.alloc(417)]),
    });
    await choose(film, sound("kiln.mp3"));
    await visitor.getByRole("button", { name: "Send", exact: true }).click();
    await visitor.locator(".msg.mine video").waitFor();
    await visitor.locator(".msg.mine audio[aria-label='kiln.mp3']").waitFor();
    const came = await stored((one) => one.content.attachments?.[0]?.media?.fileName === "wheel.mp4");
    expect(came.content.attachments.map((one: any) => one.kind)).toEqual(["video", "audio"]);
    await agent.getByRole("log").getByRole("article").locator("video").first().waitFor();
    await agent
      .locator('input[type="file"]')
      .first()
      .setInputFiles([{ ...film, name: "throwing.mp4" }, sound("rain.mp3")]);
    await agent.getByText("rain.mp3").first().waitFor();
    await answer("The studio");
    await visitor.locator(".msg:not(.mine) video[aria-label='throwing.mp4']").waitFor();
    await visitor.locator(".msg:not(.mine) audio[aria-label='rain.mp3']").waitFor();
  });
});

it("ends with a rating and a comment, which the agent sees", async () => {
  await agent.getByRole("button", { name: "Close", exact: true }).first().click();
  await visitor.getByRole("radio", { name: "5 of 5" }).check({ force: true });
  await visitor.getByRole("textbox", { name: "What could be better?" }).fill("A darker glaze");
  await visitor.locator(".card").getByRole("button", { name: "Send" }).click();
  const rated = await waitFor(async () => {
    const { rating } = await shop.world.owner.get(`/conversations/${conversationId}`);
    return rating?.comment && rating;
  }, "the rating");
  expect(rated).toMatchObject({ score: 5, comment: "A darker glaze" });
});

it("has lost, doubled and disordered nothing", async () => {
  const messages = (await threadOf(shop.world.owner, conversationId)).filter((one) =>
    ["incoming", "outgoing"].includes(one.type),
  );
  const seqs = messages.map((one) => one.seq);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  const ids = messages.map((one) => one.clientId ?? one.id);
  expect(new Set(ids).size).toBe(messages.length);
  const wordsOf = (page: Page) => page.locator(".msg .said").allTextContents();
  const said = messages
    .filter((one) => !one.deletedAt)
    .map((one) => one.content.text ?? one.content.action?.title)
    .filter(Boolean);
  expect((await wordsOf(visitor)).map((text) => text.trim()).filter(Boolean)).toEqual(said);
});
