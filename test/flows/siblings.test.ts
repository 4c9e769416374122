/** Accounts of one application of Meta's share an address and a page: one that is removed takes nothing from the others. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import facebook from "../../connectors/facebook/index.ts";
import { sign } from "../../demo/simulators/graph.ts";
import type { SimPage } from "../../demo/simulators/messenger.ts";
import type { SimNumber } from "../../demo/simulators/whatsapp.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { app, pageCredentials, raiseMeta, type MetaStage } from "../support/messenger.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
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

  it("are proven once each where the delivery names them, however many others there are", async () => {
    const { body } = meta.simulator.graph.webhooks.deliveries.findLast((one) =>
      one.body.includes("course"),
    ) ?? { body: "" };
    const proofs = facebook.map((connector) => vi.spyOn(connector, "verifyWebhook"));
    const answer = await fetch(callback.replace("https://hub.example", hub.url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-hub-signature-256": sign(Buffer.from(body), "0".repeat(32)),
      },
      body,
    });
    expect(answer.status).toBe(404);
    expect(proofs.flatMap(({ mock }) => mock.calls)).toHaveLength(1);
    vi.restoreAllMocks();
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

describe("numbers of one WhatsApp account in two workspaces of a hub", () => {
  const secondId = "106540352242924";
  const account = whatsappCredentials.businessAccountId;
  let world: WhatsappWorld;
  let stranger: Person;
  let second: SimNumber;
  let secondChannel = "";

  beforeAll(async () => {
    world = await startWhatsappWorld();
    stranger = await personOfAnotherWorkspace(world.hub.url);
    const accessToken = "EAAJZBwhatsappTokenOfAnother";
    second = world.simulator.addNumber({
      accountId: account,
      id: secondId,
      display: "+1 555-078-3883",
      name: "Clay abroad",
      token: accessToken,
      app: world.number.app,
    });
    const credentials = { ...whatsappCredentials, phoneNumberId: secondId, accessToken };
    const made = await stranger.post<{ id: string }>("/channels", { kind: "whatsapp", credentials });
    secondChannel = made.id;
    await connected(stranger, secondChannel);
  });
  afterAll(() => world.stop());

  it("hear what comes to the address of the other, and the other does not", async () => {
    world.simulator.addCustomer({ name: "Vera Lund", phone: "15550001122" }).say(second, "Hello abroad");
    await conversationIn(stranger, secondChannel, "Vera Lund");
    expect((await world.owner.get("/conversations?limit=100")).items).toEqual([]);
  });

  it("keep the address that one of them leaves, and give it back with the last", async () => {
    await world.owner.delete(`/channels/${world.channelId}`);
    expect(world.simulator.overrides.get(account)).toContain(world.channelId);
    world.simulator.addCustomer({ name: "Tomas Rivera", phone: "15550001133" }).say(second, "And now?");
    await conversationIn(stranger, secondChannel, "Tomas Rivera");
    await stranger.delete(`/channels/${secondChannel}`);
    expect(world.simulator.overrides.get(account)).toBeUndefined();
  });
});

describe("pages of one app in two workspaces of a hub", () => {
  it("keep the app's address when the one is removed whose address it is", async () => {
    const place = { url: "" };
    const meta = await raiseMeta((url) => url.replace("https://hub.example", place.url));
    const pageToken = "EAAGm0PX4ZCpsBAO7pageTokenOfAnother0003ZDZD";
    const page = meta.simulator.addPage({
      token: pageToken,
      app,
      id: "104729885512342",
      name: "Clay abroad",
      username: "clay.abroad",
    });
    const hub = await startHub({ API_ROOTS: `facebook=${meta.url}`, PUBLIC_URL: "https://hub.example" });
    place.url = hub.url;
    const owner = await hub.owner();
    const stranger = await personOfAnotherWorkspace(hub.url);
    const connect = async (who: Person, credentials: object): Promise<string> => {
      const { id } = await who.post<{ id: string }>("/channels", { kind: "facebook", credentials });
      await connected(who, id);
      return id;
    };
    const first = await connect(owner, pageCredentials);
    const theirs = await connect(stranger, { ...pageCredentials, pageToken });
    await owner.delete(`/channels/${first}`);
    expect(meta.simulator.callbackOf(app, "page")).toContain(first);
    expect(meta.page.subscribed).toBeUndefined();
    meta.simulator.customer(page, meta.simulator.addPerson({ name: "Vera Lund" })).say("Do you ship abroad?");
    await conversationIn(stranger, theirs, "Vera Lund");
    await stranger.delete(`/channels/${theirs}`);
    expect(meta.simulator.callbackOf(app, "page")).toBeUndefined();
    for (const person of [owner, stranger]) person.leave();
    await hub.stop();
    await meta.close();
  });
});
