/** Several accounts beside each other: outgoing proxies, pausing, new credentials, removal and return. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ChannelModel } from "../../inbox/models/index.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { startHttpProxy, startSocksProxy, type TestProxy } from "../support/proxies.ts";
import { botToken, startWorld, threadOf, type World } from "../support/world.ts";

const tokens = {
  http: "1000000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
  socks: "1000000002:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2",
};
let world: World;
let proxies: { http: TestProxy; socks: TestProxy };
beforeAll(async () => {
  world = await startWorld();
  proxies = { http: await startHttpProxy(), socks: await startSocksProxy("clay", "p@ss") };
  await world.simulator.addBot({ token: tokens.http, username: "http_bot", name: "By HTTP proxy" });
  await world.simulator.addBot({ token: tokens.socks, username: "socks_bot", name: "By SOCKS proxy" });
});
afterAll(async () => {
  await world.stop();
  await proxies.http.close();
  await proxies.socks.close();
});

const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;

it.each(["http", "socks"] as const)("talks through an account's own %s proxy, both ways", async (kind) => {
  const { owner, simulator } = world;
  const proxyUrl = proxies[kind].url.replace("p@ss", "p%40ss");
  const channel = await owner.post("/channels", {
    kind: "telegram",
    credentials: { token: tokens[kind], proxyUrl },
  });
  const bot = simulator.bots.find((one) => one.token === tokens[kind])!;
  const maria = await simulator.addCustomer({ name: `Maria by ${kind}` });
  maria.say("through the proxy", { bot });
  const conversation = await waitFor(
    async () => (await owner.get(`/conversations?channelId=${channel.id}`)).items[0],
    "the conversation",
  );
  const reply = await owner.reply(conversation.id, "and back");
  await waitFor(
    async () =>
      (await threadOf(owner, conversation.id)).find((message) => message.id === reply.id)?.delivery.state ===
      "sent",
    "the reply",
  );
  expect(maria.chat(bot).messages.at(-1)?.message.text).toBe("and back");
  expect(proxies[kind].targets.length).toBeGreaterThan(0);
  expect(new Set(proxies[kind].targets).size).toBe(1);
  const details = await owner.get(`/channels/${channel.id}`);
  expect(JSON.stringify(details)).not.toContain("p%40ss");
  expect(world.hub.logged.join("")).not.toContain("p%40ss");
});

it("refuses a token that Telegram does not know, a second account of the same bot, and another bot's token", async () => {
  const { owner, channelId } = world;
  const unknown = await owner.ask("POST", "/channels/check", {
    kind: "telegram",
    credentials: { token: "999:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw9" },
  });
  expect(unknown.body.error).toMatchObject({ code: "channel_refused", details: { code: "token_invalid" } });
  expect(
    code(await owner.ask("POST", "/channels", { kind: "telegram", credentials: { token: botToken } })),
  ).toBe("409 already_exists");
  expect(code(await owner.ask("POST", "/channels", { kind: "carrier-pigeon", credentials: {} }))).toBe(
    "404 not_found",
  );
  const other = await owner.ask("PATCH", `/channels/${channelId}`, { credentials: { token: tokens.http } });
  expect(other.body.error.details.code).toBe("other_account");
});

it("holds replies while an account is paused, and sends them when it goes on", async () => {
  const { owner, simulator, bot, channelId } = world;
  const maria = await simulator.addCustomer({ name: "Patient Maria" });
  maria.say("hello", { bot });
  const conversation = await waitFor(
    async () => (await owner.get(`/conversations?channelId=${channelId}`)).items[0],
    "the conversation",
  );
  await owner.patch(`/channels/${channelId}`, { paused: true });
  const reply = await owner.reply(conversation.id, "when we are back");
  expect(
    (await threadOf(owner, conversation.id)).find((message) => message.id === reply.id).delivery.state,
  ).toBe("queued");
  await owner.patch(`/channels/${channelId}`, { paused: false });
  await waitFor(
    async () =>
      (await threadOf(owner, conversation.id)).find((message) => message.id === reply.id)?.delivery.state ===
      "sent",
    "the held reply",
  );
});

it("lets a reply that is being sent come to its end when its account is paused", async () => {
  const { owner, simulator, bot, channelId } = world;
  const maria = simulator.customers.find((one) => one.name === "Patient Maria")!;
  const [conversation] = (await owner.get(`/conversations?channelId=${channelId}`)).items;
  const release = simulator.hold("sendMessage");
  const reply = await owner.reply(conversation.id, "half way out");
  await waitFor(
    () => simulator.calls.some(({ params }) => params["text"] === "half way out"),
    "Telegram to be asked",
  );
  await owner.patch(`/channels/${channelId}`, { paused: true });
  release();
  const state = async (): Promise<string> =>
    (await threadOf(owner, conversation.id)).find((message) => message.id === reply.id).delivery.state;
  await waitFor(async () => (await state()) !== "sending", "the end of the send");
  expect(await state()).toBe("sent");
  expect(maria.chat(bot).messages.filter(({ message }) => message.text === "half way out")).toHaveLength(1);
  await owner.patch(`/channels/${channelId}`, { paused: false });
});

it("ends with the last that it told of itself, however long the store took for what was before", async () => {
  const { owner, simulator, bot, channelId } = world;
  const maria = simulator.customers.find((one) => one.name === "Patient Maria")!;
  await owner.patch(`/channels/${channelId}`, { paused: true });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const find = ChannelModel.findOneAndUpdate.bind(ChannelModel);
  let slow: Promise<unknown> | undefined;
  const store = vi.spyOn(ChannelModel, "findOneAndUpdate").mockImplementation(((...given: any[]) => {
    const query = (find as any)(...given);
    if (given[1]?.$set?.health?.state !== "connecting") return query;
    const lean = (): Promise<unknown> => (slow = held.then(() => query.lean()));
    return { lean };
  }) as never);
  await owner.patch(`/channels/${channelId}`, { paused: false });
  maria.say("are you connected?", { bot });
  await waitFor(
    async () => JSON.stringify((await owner.get("/conversations")).items).includes("are you connected?"),
    "what came by the account",
  );
  release();
  await slow;
  store.mockRestore();
  expect(slow).toBeDefined();
  await waitFor(
    async () => (await owner.get(`/channels/${channelId}`)).health.state === "connected",
    "what it told last",
  );
});

it("keeps the conversations of an account that is removed, and brings it back with them", async () => {
  const { owner, channelId } = world;
  const before = (await owner.get("/conversations?limit=100")).items.length;
  await owner.delete(`/channels/${channelId}`);
  expect((await owner.get("/channels")).items.map((channel: any) => channel.id)).not.toContain(channelId);
  const { items } = await owner.get("/conversations?limit=100");
  expect(items).toHaveLength(before);
  const orphan = items.find((item: any) => item.channelId === channelId);
  expect(
    (
      await owner.ask("POST", `/conversations/${orphan.id}/messages`, {
        clientId: "to-nowhere-1",
        type: "outgoing",
        content: { text: "x" },
      })
    ).body.error,
  ).toMatchObject({ code: "unsupported_by_channel", details: { what: "channel_removed" } });
  const again = await owner.post("/channels", { kind: "telegram", credentials: { token: botToken } });
  expect(again.id).toBe(channelId);
});

it("sends by itself what was refused for an old token, once there is a new one", async () => {
  const { owner, simulator } = world;
  const bot = await simulator.addBot({
    token: "1000000003:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw3",
    username: "renewed_bot",
    name: "Renewed",
  });
  const channel = await owner.post("/channels", { kind: "telegram", credentials: { token: bot.token } });
  const maria = await simulator.addCustomer({ name: "Maria again" });
  maria.say("hello", { bot });
  const conversation = await waitFor(
    async () => (await owner.get(`/conversations?channelId=${channel.id}`)).items[0],
    "the conversation",
  );
  simulator.revokeBot(bot);
  const reply = await owner.reply(conversation.id, "with the old token");
  const refused = await waitFor(
    async () =>
      (await threadOf(owner, conversation.id)).find(
        (message) => message.id === reply.id && message.delivery.state === "failed",
      ),
    "the refusal",
  );
  expect(refused.delivery.failure.class).toBe("auth");
  const renewed = await simulator.addBot({
    token: "1000000003:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4",
    username: "renewed_bot",
    name: "Renewed",
  });
  maria.say("still there?", { bot: renewed });
  await owner.patch(`/channels/${channel.id}`, { credentials: { token: renewed.token } });
  await waitFor(
    async () =>
      (await threadOf(owner, conversation.id)).find(
        (message) => message.id === reply.id && message.delivery.state === "sent",
      ),
    "the held reply",
  );
});

it("takes an empty field as none, and goes on through restarts that meet", async () => {
  const { owner, simulator } = world;
  const bot = simulator.bots.find((one) => one.token === tokens.http)!;
  const channel = (await owner.get("/channels")).items.find((one: any) => one.handle === "@http_bot");
  await owner.patch(`/channels/${channel.id}`, { credentials: { proxyUrl: "" } });
  await Promise.all(Array.from({ length: 4 }, () => owner.post(`/channels/${channel.id}/reconnect`)));
  await waitFor(
    async () => (await owner.get(`/channels/${channel.id}`)).health.state === "connected",
    "one receiver",
  );
  expect((await owner.get(`/channels/${channel.id}`)).credentials.proxyUrl).toBeUndefined();
  const maria = simulator.customers.find((one) => one.name === "Maria by http")!;
  maria.say("without the proxy", { bot });
  const [conversation] = (await owner.get(`/conversations?channelId=${channel.id}`)).items;
  await waitFor(
    async () =>
      (await threadOf(owner, conversation.id)).some(
        (message) => message.content.text === "without the proxy",
      ),
    "the message",
  );
});

it("gives a forwarded file the rights of the channel that it goes to, and leaves the original alone", async () => {
  const { owner, simulator, channelId } = world;
  const channels = (await owner.get("/channels")).items;
  const other = channels.find((one: any) => one.handle === "@http_bot");
  const reader = await owner.invite("reader@clay.example", { channelIds: [other.id] });
  const maria = simulator.customers.find((one) => one.name === "Patient Maria")!;
  maria.say("a picture", { bot: world.bot });
  const [source] = (await owner.get(`/conversations?channelId=${channelId}`)).items;
  const [target] = (await owner.get(`/conversations?channelId=${other.id}`)).items;
  const { body: file } = await owner.upload("bowl.png", "image/png", await picture(40, 30));
  const sent = await owner.reply(source.id, "the bowl", {
    content: {
      text: "the bowl",
      attachments: [{ kind: "image", media: { state: "stored", fileId: file.id } }],
    },
  });
  const forwarded = await owner.reply(target.id, "", { content: {}, forwardOfMessageId: sent.id });
  const { fileId } = forwarded.content.attachments[0].media;
  expect((await reader.ask("GET", `/files/${fileId}`)).status).toBe(200);
  expect((await reader.ask("GET", `/files/${file.id}`)).status).toBe(404);
  expect((await owner.ask("GET", `/files/${file.id}`)).status).toBe(200);
});
