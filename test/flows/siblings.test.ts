/** Accounts of one application of Meta's share an address and a page: one that is removed takes nothing from the others. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sign } from "../../demo/simulators/graph.ts";
import type { SimPage } from "../../demo/simulators/messenger.ts";
import type { SimNumber } from "../../demo/simulators/whatsapp.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { app, pageCredentials, raiseMeta, type MetaStage } from "../support/messenger.ts";
import { startWhatsappWorld, whatsappCredentials, type WhatsappWorld } from "../support/whatsapp.ts";

function conversationIn(owner: Person, channelId: string, name: string): Promise<any> {
  return waitFor(async () => {
    const { items } = await owner.get("/conversations?limit=100");
    return items.find((one: any) => one.channelId === channelId && one.contact.name === name);
  }, `the conversation with ${name}`);
}

function connected(owner: Person, id: string): Promise<unknown> {
  return waitFor(
    async () => (await owner.get(`/channels/${id}`)).health.state === "connected",
    "the account to be connected",
  );
}

describe("pages of one app", () => {
  const secondToken = "EAAGm0PX4ZCpsBAO7secondPageTokenForTests0002ZDZD";
  let meta: MetaStage;
  let hub: TestHub;
  let owner: Person;
  let second: SimPage;
  const ids = { first: "", instagram: "", second: "" };
  let callback = "";

  beforeAll(async () => {
    meta = await raiseMeta((url) => url.replace("https://hub.example", hub.url));
    second = meta.simulator.addPage({
      token: secondToken,
      app,
      id: "104729885512341",
      name: "Clay & Co, courses",
      username: "clay.courses",
    });
    hub = await startHub({
      API_ROOTS: `facebook=${meta.url},instagram=${meta.url}`,
      PUBLIC_URL: "https://hub.example",
    });
    owner = await hub.owner();
    const connect = async (kind: string, credentials = pageCredentials): Promise<string> => {
      const { id } = await owner.post<{ id: string }>("/channels", { kind, credentials });
      await connected(owner, id);
      return id;
    };
    ids.first = await connect("facebook");
    ids.instagram = await connect("instagram");
    ids.second = await connect("facebook", { ...pageCredentials, pageToken: secondToken });
    const { webhook } = await owner.get(`/channels/${ids.first}`);
    callback = webhook.url;
    await meta.simulator.pasteCallback(app, "instagram", webhook.url, webhook.verifyToken);
    expect(meta.simulator.callbackOf(app, "page")).toBe(webhook.url);
    await owner.delete(`/channels/${ids.first}`);
  });
  afterAll(async () => {
    owner.leave();
    await hub.stop();
    await meta.close();
  });

  it("are heard at the address of the one that was removed, from the first message on", async () => {
    expect(meta.simulator.callbackOf(app, "page")).toBe(callback);
    const vera = meta.simulator.addPerson({ name: "Vera Lund" });
    meta.simulator.customer(second, vera).say("When does the course begin?");
    await conversationIn(owner, ids.second, "Vera Lund");
  });

  it("stay subscribed while an Instagram account shares the page", async () => {
    expect(meta.page.subscribed).toContain("messages");
    meta.kateOnInstagram.say("Still here?");
    await conversationIn(owner, ids.instagram, "Kate Winslow");
  });

  it("show nothing of what is said to the removed one, and Meta is told that it was taken", async () => {
    meta.kate.say("To the page that was removed");
    const last = await waitFor(
      () => meta.simulator.graph.webhooks.deliveries.findLast(({ body }) => body.includes("was removed")),
      "the delivery",
    );
    await waitFor(() => last.status !== undefined, "its answer");
    expect(last.status).toBe(200);
    const { items } = await owner.get("/conversations?limit=100");
    expect(items.filter((one: any) => one.channelId === ids.first)).toEqual([]);
  });

  it("take nothing there that they cannot prove by their own secret", async () => {
    const { body } = meta.simulator.graph.webhooks.deliveries.findLast((one) =>
      one.body.includes("course"),
    ) ?? {
      body: "",
    };
    const post = (signature: string) =>
      fetch(callback.replace("https://hub.example", hub.url), {
        method: "POST",
        headers: { "content-type": "application/json", "x-hub-signature-256": signature },
        body,
      });
    expect((await post(sign(Buffer.from(body), "0".repeat(32)))).status).toBe(404);
    expect((await post(sign(Buffer.from(body), app.secret))).status).toBe(200);
  });

  it("give the address and the page back with the last of them", async () => {
    await owner.delete(`/channels/${ids.second}`);
    expect(meta.simulator.callbackOf(app, "page")).toBeUndefined();
    expect(second.subscribed).toBeUndefined();
    expect(meta.page.subscribed).toContain("messages");
    await owner.delete(`/channels/${ids.instagram}`);
    expect(meta.page.subscribed).toBeUndefined();
  });
});

describe("numbers of one WhatsApp account", () => {
  const secondId = "106540352242923";
  let world: WhatsappWorld;
  let second: SimNumber;
  let secondChannel = "";
  const account = whatsappCredentials.businessAccountId;

  beforeAll(async () => {
    world = await startWhatsappWorld();
    const { app: sameApp } = world.number;
    second = world.simulator.addNumber({
      accountId: account,
      id: secondId,
      display: "+1 555-078-3882",
      name: "Clay courses",
      token: "EAAJZBwhatsappTokenOfTheSecond",
      app: sameApp,
    });
    const credentials = {
      ...whatsappCredentials,
      phoneNumberId: secondId,
      accessToken: "EAAJZBwhatsappTokenOfTheSecond",
    };
    secondChannel = (await world.owner.post<{ id: string }>("/channels", { kind: "whatsapp", credentials }))
      .id;
    await connected(world.owner, secondChannel);
    await world.owner.delete(`/channels/${world.channelId}`);
  });
  afterAll(() => world.stop());

  it("keep the account's address when the one is removed whose address it is", async () => {
    expect(world.simulator.overrides.get(account)).toContain(world.channelId);
    const vera = world.simulator.addCustomer({ name: "Vera Lund", phone: "15550001122" });
    vera.say(second, "Is this the number for courses?");
    await conversationIn(world.owner, secondChannel, "Vera Lund");
  });

  it("give it back with the last of them", async () => {
    await world.owner.delete(`/channels/${secondChannel}`);
    expect(world.simulator.overrides.get(account)).toBeUndefined();
  });
});
