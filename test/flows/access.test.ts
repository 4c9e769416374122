/** Hostile input and missing rights: a clear error, the right status, nothing lost, nothing leaked. */
import { randomUUID } from "node:crypto";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import mongoose from "mongoose";
import { StaffModel } from "../../core/auth/index.ts";
import { ContactModel } from "../../inbox/models/index.ts";
import { holdAnswer } from "../support/hold.ts";
import { Person, waitFor, type Ear } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
import {
  botToken,
  firstConversation,
  messageWhere,
  startWorld,
  threadOf,
  type World,
} from "../support/world.ts";

let world: World;
let conversation: any;
let outsider: Person;
let stranger: Person;

beforeAll(async () => {
  world = await startWorld();
  const maria = await world.simulator.addCustomer({ name: "Maria Sokolova" });
  maria.say("secret glaze recipe", { bot: world.bot });
  await maria.sendPhoto(await picture(), { bot: world.bot });
  conversation = await firstConversation(world.owner);
  await messageWhere(
    world.owner,
    conversation.id,
    (message) => message.content.attachments?.[0]?.media.state === "stored",
  );
  outsider = await world.owner.invite("no-channels@clay.example", { channelIds: [] });
  stranger = await personOfAnotherWorkspace(world.hub.url);
});
afterAll(() => world.stop());

const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;

describe("bodies that are no requests", () => {
  it.each([
    ["malformed JSON", "{", {}, "400 malformed_json"],
    ["a body that is too large", JSON.stringify({ name: "x".repeat(1_100_000) }), {}, "413 too_large"],
    [
      "another type of body",
      "name=Anna",
      { "content-type": "application/x-www-form-urlencoded" },
      "415 unsupported_media_type",
    ],
    ["a number for a name", JSON.stringify({ name: 7 }), {}, "400 invalid_input"],
    ["an operator object", JSON.stringify({ name: { $gt: "" } }), {}, "400 invalid_input"],
    ["an array", "[]", {}, "400 invalid_input"],
  ])("refuses %s", async (_, body, headers, expected) => {
    expect(code(await world.owner.ask("PATCH", "/profile", body, headers))).toBe(expected);
  });

  it("refuses operator objects at sign-in and in queries", async () => {
    const anybody = new Person(world.hub.url);
    expect(code(await anybody.ask("POST", "/session", { email: { $gt: "" }, password: { $gt: "" } }))).toBe(
      "400 invalid_input",
    );
    expect(code(await world.owner.ask("GET", "/conversations?view[$ne]=mine&channelId[$gt]="))).toMatch(
      /^(200|400)/,
    );
    expect(code(await world.owner.ask("GET", "/conversations?channelId=%7B%22$gt%22:%22%22%7D"))).toBe(
      "400 invalid_input",
    );
    for (const cursor of ["bm9uc2Vuc2U", `1.zzzzzzzzzzz.${"0".repeat(24)}`])
      expect(code(await world.owner.ask("GET", `/conversations?cursor=${cursor}`))).toBe("400 invalid_input");
    for (const path of [
      `/contacts?cursor=999999999999999.${"0".repeat(24)}`,
      `/conversations/${conversation.id}/messages?before=${"9".repeat(30)}`,
    ])
      expect(code(await world.owner.ask("GET", path))).toMatch(/^(200|400)/);
  });

  it("answers nonsense paths with 404 and keeps its errors in one shape", async () => {
    for (const path of [
      "/nothing",
      "/conversations/zzz",
      "/conversations/%00",
      "/files/..%2f..%2fsecret.key",
      `/conversations/${"a".repeat(24)}`,
    ]) {
      const answer = await world.owner.ask("GET", path);
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual({ error: { code: "not_found", message: expect.any(String), details: {} } });
    }
  });
});

describe("requests from elsewhere", () => {
  it("refuses a change without the CSRF token, and from another site even with it", async () => {
    expect(
      code(await world.owner.ask("PATCH", "/profile", { name: "Mallory" }, { "x-csrf-token": "" })),
    ).toBe("403 csrf");
    expect(
      code(
        await world.owner.ask("PATCH", "/profile", { name: "Mallory" }, { origin: "https://evil.example" }),
      ),
    ).toBe("403 csrf");
    expect(
      code(
        await world.owner.ask(
          "POST",
          "/session",
          { email: "a@b.example", password: "x" },
          { "sec-fetch-site": "cross-site" },
        ),
      ),
    ).toBe("403 csrf");
    expect((await world.owner.get("/session")).me.name).toBe("Anna Kim");
  });

  it("refuses everything without a session", async () => {
    const nobody = new Person(world.hub.url);
    for (const path of [
      "/conversations",
      "/search?q=glaze",
      "/channels",
      "/staff",
      `/conversations/${conversation.id}/messages`,
    ])
      expect(code(await nobody.ask("GET", path))).toBe("401 unauthenticated");
  });

  it("closes the socket's door to strangers and other origins", async () => {
    const refused = (options: object): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(world.hub.url, {
          transports: ["websocket"],
          reconnection: false,
          forceNew: true,
          ...options,
        });
        socket.on("connect_error", (error) => (socket.disconnect(), resolve(error.message)));
        socket.on("connect", () => (socket.disconnect(), resolve("connected")));
      });
    expect(await refused({})).toBe("unauthenticated");
    expect(
      await refused({ extraHeaders: { cookie: world.owner.cookie, origin: "https://evil.example" } }),
    ).not.toBe("connected");
  });

  it("refuses webhooks that are not proven", async () => {
    const url = `${world.hub.url}/webhooks/telegram/${world.channelId}`;
    for (const headers of [
      {},
      { "x-telegram-bot-api-secret-token": "" },
      { "x-telegram-bot-api-secret-token": "guess" },
    ] as Record<string, string>[]) {
      expect((await fetch(url, { method: "POST", body: "{}", headers })).status).toBe(401);
    }
    expect(
      (await fetch(`${world.hub.url}/webhooks/telegram/${"0".repeat(24)}`, { method: "POST", body: "{}" }))
        .status,
    ).toBe(404);
  });
});

it("finds the people of one's channels, however many namesakes others have", async () => {
  const agent = await world.owner.invite("telegram@clay.example", { channelIds: [world.channelId] });
  for (let n = 0; n < 26; n++) await world.owner.post("/contacts", { name: `Maria Elsewhere ${n}` });
  const elsewhere = { channelIds: [new mongoose.Types.ObjectId()] };
  await ContactModel.updateMany({ name: /Elsewhere/, workspaceId: { $exists: true } }, { $set: elsewhere });
  const { contacts } = await agent.get("/search?q=maria");
  expect(contacts).toMatchObject([{ name: "Maria Sokolova", conversationId: conversation.id }]);
});

describe.each([
  ["a colleague without the channel", () => outsider],
  ["somebody of another workspace", () => stranger],
])("%s", (_, who) => {
  it("finds nothing in lists and search", async () => {
    expect((await who().get("/conversations")).items).toEqual([]);
    expect(await who().get("/search?q=glaze")).toEqual({ contacts: [], messages: [] });
    expect(await who().get("/search?q=maria")).toEqual({ contacts: [], messages: [] });
    expect((await who().get("/channels")).items).toEqual([]);
    expect(await who().get("/conversations/counts")).toMatchObject({ all: 0, unassigned: 0 });
    expect((await who().get("/home")).figures).toMatchObject({ open: 0, waiting: 0 });
  });

  it("gets 404 for every id", async () => {
    const [message] = await threadOf(world.owner, conversation.id);
    const photo = (await threadOf(world.owner, conversation.id)).find((one) => one.content.attachments);
    const { fileId } = photo.content.attachments[0].media;
    const asks: [string, string, object?][] = [
      ["GET", `/conversations/${conversation.id}`],
      ["GET", `/conversations/${conversation.id}/messages`],
      ["PATCH", `/conversations/${conversation.id}`, { state: "resolved" }],
      [
        "POST",
        `/conversations/${conversation.id}/messages`,
        { clientId: randomUUID(), type: "outgoing", content: { text: "hi" } },
      ],
      ["POST", `/conversations/${conversation.id}/read`, { seq: 1 }],
      ["PUT", `/conversations/${conversation.id}/drafts/reply`, { content: { text: "x" } }],
      ["PUT", `/messages/${message.id}/reaction`, { emoji: "👍" }],
      ["GET", `/contacts/${conversation.contact.id}`],
      ["PATCH", `/contacts/${conversation.contact.id}`, { name: "x" }],
      ["GET", `/files/${fileId}`],
      ["GET", `/channels/${world.channelId}`],
    ];
    for (const [method, path, body] of asks)
      expect(`${path} ${code(await who().ask(method, path, body))}`).toBe(`${path} 404 not_found`);
    expect((await world.owner.ask("GET", `/files/${fileId}`)).status).toBe(200);
  });

  it("hears nothing on the socket", async () => {
    const ear = await who().listen();
    const own = await world.owner.listen();
    const answered = await new Promise((resolve) =>
      ear.socket.emit("view", { conversationId: conversation.id, replying: false }, resolve),
    );
    expect(answered).toEqual({ ok: false });
    const [maria] = world.simulator.customers;
    const text = `for agents only ${randomUUID()}`;
    maria?.say(text, { bot: world.bot });
    await own.wait("message", ({ message }) => message.content.text === text);
    await own.wait("conversation");
    expect(
      ear.heard.filter((event) => ["message", "conversation", "viewers", "typing"].includes(event.name)),
    ).toEqual([]);
    who().leave();
  });
});

describe("a conversation that goes on in another account", () => {
  it("shows those of the new one what was said there alone, as files and search do", async () => {
    const token = "7418025592:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2";
    const bot = await world.simulator.addBot({ token, username: "clay_shop_bot", name: "Clay shop" });
    const shop = await world.owner.post("/channels", { kind: "telegram", credentials: { token } });
    world.simulator.customers[0]?.say("a word in the shop", { bot });
    const inShop = (): Promise<any> => world.owner.get(`/conversations?channelId=${shop.id}`);
    await waitFor(async () => (await inShop()).items[0]?.preview, "the shop's conversation");
    const threads = (await world.owner.get(`/contacts/${conversation.contact.id}/threads`)).items;
    const thread = threads.find((one: any) => one.channelId === shop.id);
    const before = await threadOf(world.owner, conversation.id);
    const seller = await world.owner.invite("seller@clay.example", { channelIds: [shop.id] });
    await world.owner.patch(`/conversations/${conversation.id}`, { threadId: thread.id });

    const seen = await threadOf(seller, conversation.id);
    expect(seen.map(({ channelId, event }) => [channelId, event?.what])).toEqual([[shop.id, "moved"]]);
    expect((await seller.get(`/conversations/${conversation.id}/messages?afterRev=0`)).items).toEqual(seen);
    expect((await seller.get(`/conversations/${conversation.id}/messages?around=1`)).items).toEqual(seen);
    expect((await seller.get(`/conversations/${conversation.id}`)).preview).toBeUndefined();
    expect(code(await seller.ask("GET", `/messages/${before[0].id}/around`))).toBe("404 not_found");
    expect((await seller.get("/search?q=glaze")).messages).toEqual([]);
    expect(await threadOf(world.owner, conversation.id)).toEqual([...before, ...seen]);

    const back = threads.find((one: any) => one.channelId === world.channelId);
    await world.owner.patch(`/conversations/${conversation.id}`, { threadId: back.id });
    const { preview } = await world.owner.get(`/conversations/${conversation.id}`);
    expect(preview.seq).toBe(before.findLast((one) => one.type !== "event").seq);
  });

  it("leaves the lists of those who have the former one alone, whoever moved it", async () => {
    const shop = (await world.owner.get("/channels")).items.find((one: any) => one.id !== world.channelId);
    const threads = (await world.owner.get(`/contacts/${conversation.contact.id}/threads`)).items;
    const threadIn = (channelId: string) => threads.find((one: any) => one.channelId === channelId).id;
    const listening = async (name: string, channelIds: string[]) =>
      (await world.owner.invite(`${name}@clay.example`, { channelIds })).listen();
    const former = await listening("former", [world.channelId]);
    const latter = await listening("latter", [shop.id]);
    const both = await listening("both", [world.channelId, shop.id]);
    const left = (ear: Ear): number => ear.all("conversation_left").length;
    const comes = (channelId: string) =>
      both.wait("conversation", ({ conversation: one }) => one.channelId === channelId);

    await world.owner.patch(`/conversations/${conversation.id}`, { threadId: threadIn(shop.id) });
    expect(await former.wait("conversation_left")).toEqual({ conversationId: conversation.id });
    await comes(shop.id);
    world.simulator.customers[0]?.say("back at the first account", { bot: world.bot });
    await latter.wait("conversation_left");
    await comes(world.channelId);
    world.simulator.customers[0]?.say("and in the shop again", { bot: world.simulator.bots[1]! });
    await waitFor(() => left(former) === 2, "the second leaving");
    await latter.wait("message", ({ message }) => message.content.text === "and in the shop again");

    expect([left(latter), left(both)]).toEqual([1, 0]);
    expect(former.all("conversation").filter(({ conversation: one }) => one.channelId === shop.id)).toEqual(
      [],
    );
    world.simulator.customers[0]?.say("here once more", { bot: world.bot });
    await waitFor(() => left(latter) === 2, "the conversation to be back");
  });
});

describe("rights", () => {
  it("leave out of a change to many those whose channel the new assignee lacks, and change the others", async () => {
    const { owner, simulator, bot, channelId } = world;
    const here = (await owner.get(`/conversations?channelId=${channelId}`)).items;
    const elsewhere = await simulator.addCustomer({ name: "Nadia Elsewhere" });
    elsewhere.say("in the shop", { bot: simulator.bots[1]! });
    (await simulator.addCustomer({ name: "Nora Here" })).say("at the first account", { bot });
    const rowOf = (name: string) =>
      waitFor(
        async () =>
          (await owner.get("/conversations")).items.find(({ contact }: any) => contact.name === name),
        name,
      );
    const ids = [here[0].id, (await rowOf("Nadia Elsewhere")).id, (await rowOf("Nora Here")).id];
    const mate = await owner.invite("one-channel@clay.example", { channelIds: [channelId] });
    const assign = (some: string[], assigneeId: string) =>
      owner.ask("POST", "/conversations/bulk", { ids: some, patch: { assigneeId } });
    const { status, body } = await assign(ids, mate.id);
    expect(status).toBe(200);
    expect(body.items.map(({ id, assigneeId }: any) => [id, assigneeId])).toEqual([
      [ids[0], mate.id],
      [ids[2], mate.id],
    ]);
    expect(code(await assign([ids[1]], mate.id))).toBe("400 invalid_input");
    expect(code(await assign(ids, "0".repeat(24)))).toBe("400 invalid_input");
    expect((await owner.get(`/conversations/${ids[0]}`)).assigneeId).toBe(mate.id);
  });

  it("keeps administration from employees", async () => {
    const employee = await world.owner.invite("employee@clay.example");
    for (const [method, path, body] of [
      ["POST", "/channels/check", { kind: "telegram", credentials: { token: "1:x" } }],
      ["POST", "/invitations", { email: "x@y.example", role: "employee", channelIds: "all" }],
      ["PATCH", "/workspace", { name: "Mine" }],
      ["DELETE", `/channels/${world.channelId}`],
      ["PATCH", `/staff/${world.owner.id}`, { role: "employee" }],
    ] as [string, string, object?][]) {
      expect(`${path} ${code(await employee.ask(method, path, body))}`).toBe(`${path} 403 forbidden`);
    }
    expect((await employee.get(`/channels/${world.channelId}`)).credentials).toEqual({});
  });

  it("lets no administrator make a super-administrator or act on one", async () => {
    const administrator = await world.owner.invite("admin@clay.example", { role: "administrator" });
    expect(
      code(
        await administrator.ask("POST", "/invitations", {
          email: "x@y.example",
          role: "super_administrator",
          channelIds: "all",
        }),
      ),
    ).toBe("403 forbidden");
    expect(code(await administrator.ask("PATCH", `/staff/${world.owner.id}`, { active: false }))).toBe(
      "403 forbidden",
    );
  });

  it("takes rights and sessions away at once, sockets included", async () => {
    const leaving = await world.owner.invite("leaving@clay.example");
    const ear = await leaving.listen();
    await world.owner.patch(`/staff/${leaving.id}`, { channelIds: [] });
    await waitFor(async () => (await leaving.get("/conversations")).items.length === 0);
    const [maria] = world.simulator.customers;
    const own = await world.owner.listen();
    maria?.say("after the right was taken", { bot: world.bot });
    await own.wait("message", ({ message }) => message.content.text === "after the right was taken");
    expect(
      ear.all("message").some(({ message }) => message.content.text === "after the right was taken"),
    ).toBe(false);

    await world.owner.patch(`/staff/${leaving.id}`, { active: false });
    await ear.wait("session_ended", () => true);
    await waitFor(() => ear.socket.disconnected, "the socket to close");
    expect(code(await leaving.ask("GET", "/session"))).toBe("401 unauthenticated");
    expect(
      code(
        await leaving.ask(
          "POST",
          "/session",
          { email: "leaving@clay.example", password: "glaze and fire 900" },
          { "x-csrf-token": "" },
        ),
      ),
    ).toBe("401 wrong_credentials");
  });

  it.each([
    ["has left", (who: Person) => world.owner.patch(`/staff/${who.id}`, { active: false })],
    ["has signed out", (who: Person) => who.delete("/session")],
  ])("closes a socket that was still being opened when its person %s", async (what, end) => {
    const late = await world.owner.invite(`${what.replaceAll(" ", "-")}@clay.example`);
    const held = holdAnswer(StaffModel, "findOne", (by) => by.active === true && String(by._id) === late.id);
    const opening = late.listen();
    await held.reached;
    await end(late);
    held.release();
    const ear = await opening;
    await waitFor(() => ear.socket.disconnected, "the socket to close");
    expect(ear.all("session_ended")).toHaveLength(1);
  });

  it("gives nobody the sound of another workspace's channel, whatever ids are set", async () => {
    const eavesdropper = await stranger.invite("eavesdropper@other.example", {
      channelIds: [world.channelId],
    });
    const [ear, own] = [await eavesdropper.listen(), await world.owner.listen()];
    world.simulator.customers[0]?.say("not for other ears", { bot: world.bot });
    await own.wait("message", ({ message }) => message.content.text === "not for other ears");
    await own.wait("conversation");
    expect(ear.all("message")).toEqual([]);
    eavesdropper.leave();
  });

  it("gives nobody who had only a removed account its sound when it comes back", async () => {
    const limited = await world.owner.invite("only-one@clay.example", { channelIds: [world.channelId] });
    const [ear, own] = [await limited.listen(), await world.owner.listen()];
    await world.owner.delete(`/channels/${world.channelId}`);
    const again = await world.owner.post("/channels", { kind: "telegram", credentials: { token: botToken } });
    expect(again.id).toBe(world.channelId);
    expect((await limited.get("/conversations")).items).toEqual([]);
    world.simulator.customers[0]?.say("after the account came back", { bot: world.bot });
    await own.wait("message", ({ message }) => message.content.text === "after the account came back");
    await world.owner.put("/tags", { name: "told to everybody, later", hue: 1 });
    await ear.wait("tags");
    expect(ear.all("message")).toEqual([]);
    limited.leave();
  });

  it("keeps an owner when two of them put each other out at once", async () => {
    const second = await stranger.invite("second@other.example", { role: "super_administrator" });
    const put = async (by: Person, whom: Person, patch: object): Promise<number> =>
      (await by.ask("PATCH", `/staff/${whom.id}`, patch)).status;
    const owners = async (): Promise<number> => {
      const there = await StaffModel.findOne({ workspaceId: { $exists: true }, _id: stranger.id }).orFail();
      const { workspaceId } = there;
      return StaffModel.countDocuments({ workspaceId, role: "super_administrator", active: true });
    };
    // both are written before either looks again: both are taken back
    const writes = [stranger, second].map((one) =>
      holdAnswer(StaffModel, "findOneAndUpdate", (by) => String(by._id) === one.id),
    );
    const both = [put(stranger, second, { active: false }), put(second, stranger, { role: "employee" })];
    await Promise.all(writes.map(({ reached }) => reached));
    for (const write of writes) write.release();
    expect([await Promise.all(both), await owners()]).toEqual([[409, 409], 2]);
    // one is through before the other writes
    const look = holdAnswer(
      StaffModel,
      "findOne",
      (by) => String(by._id) === stranger.id && !("active" in by),
    );
    const late = put(second, stranger, { active: false });
    await look.reached;
    expect(await put(stranger, second, { active: false })).toBe(200);
    look.release();
    expect([await late, await owners()]).toEqual([409, 1]);
    expect((await stranger.ask("GET", "/session")).status).toBe(200);
  });

  it("lets nobody give more channels than they have, nor bring somebody in after having left", async () => {
    const limited = await world.owner.invite("limited@clay.example", {
      role: "administrator",
      channelIds: [],
    });
    expect(code(await limited.ask("PATCH", `/staff/${limited.id}`, { channelIds: "all" }))).toBe(
      "403 forbidden",
    );
    expect(
      code(
        await limited.ask("POST", "/invitations", {
          email: "more@clay.example",
          role: "employee",
          channelIds: "all",
        }),
      ),
    ).toBe("403 forbidden");
    const { link } = await limited.post("/invitations", {
      email: "second@clay.example",
      role: "administrator",
      channelIds: [],
    });
    await world.owner.patch(`/staff/${limited.id}`, { active: false });
    expect(
      code(
        await new Person(world.hub.url).ask("POST", "/invitations/preview", { token: link.split("#")[1] }),
      ),
    ).toBe("410 link_expired");
  });
});
