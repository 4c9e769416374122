/** Chat on a site: visitors without a screen on one side, agents on the other. */
import { createHmac } from "node:crypto";
import { SignJWT } from "jose";
import { Types } from "mongoose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MessageModel } from "../../inbox/index.ts";
import { picture } from "../support/pictures.ts";
import { conversationSaying, waitFor } from "../support/hub.ts";
import { newKey, site, Visitor, type VisitOptions } from "../support/visitor.ts";
import { messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let widget: any;
let identityKey: string;

beforeAll(async () => {
  world = await startWorld();
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  identityKey = (await world.owner.put(`/widgets/${widget.id}/identity`, { on: true })).identityKey;
});
afterAll(() => world.stop());

const arrive = (more: Partial<VisitOptions> = {}): Promise<Visitor> =>
  Visitor.arrive(world.hub.url, { key: widget.key, ...more });
const findByText = (text: string): Promise<any> => conversationSaying(world.owner, text);
const answered = (frame: { t: string; code?: string }): string =>
  frame.t === "ok" ? "ok" : (frame.code ?? "no");

describe("a visitor", () => {
  it("who has said no name is called by the language of the team, whatever the browser's is", async () => {
    const { owner } = world;
    const browser = await arrive();
    const thread = newKey();
    const nameAt = async (text: string): Promise<string> => {
      expect(answered(await browser.say(thread, text))).toBe("ok");
      return (await findByText(text)).contact.name;
    };
    expect(await nameAt("Hello?")).toMatch(/^Visitor [0-9A-F]{4}$/);
    await owner.patch("/preferences", { locale: "ru" });
    expect(await nameAt("Anybody there?")).toMatch(/^Посетитель [0-9A-F]{4}$/);
    await owner.patch("/preferences", { locale: "en" });
    expect(await nameAt("Hello again")).toMatch(/^Visitor [0-9A-F]{4}$/);
    browser.leave();
  });

  it("writes, is answered, and both see what the other has read", async () => {
    const { owner } = world;
    const anna = await owner.listen();
    const lena = await arrive();
    const thread = newKey();
    expect(answered(await lena.say(thread, "Is there a darker glaze?"))).toBe("ok");
    const conversation = await findByText("Is there a darker glaze?");
    expect(conversation).toMatchObject({
      needsReply: true,
      unread: 1,
      contact: { name: expect.stringMatching(/^Visitor [0-9A-F]{4}$/) },
    });

    const reply = await owner.reply(conversation.id, "Yes: iron and moss.");
    const shown = await lena.sees(thread, "Yes: iron and moss.");
    expect(shown).toMatchObject({ mine: false, by: { name: "Anna" } });
    lena.send({ t: "seen", thread, got: shown.seq, read: 0 });
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === reply.id && one.delivery.state === "delivered",
    );
    lena.send({ t: "seen", thread, got: shown.seq, read: shown.seq });
    await messageWhere(owner, conversation.id, (one) => one.id === reply.id && one.delivery.state === "read");

    await owner.post(`/conversations/${conversation.id}/read`, { seq: shown.seq });
    await lena.wait("thread", (frame) => frame.thread.readSeq >= 1);
    lena.send({ t: "typing", thread, text: "And how mu" });
    await anna.wait("typing", (data: any) => data.by === "contact" && data.text === "And how mu");
    anna.socket.emit("typing", { conversationId: conversation.id });
    await lena.wait("typing", (frame) => frame.thread === thread && frame.on);
    lena.leave();
  });

  it("sends pictures, files, a voice note, a place and a pressed button, and gets all of them", async () => {
    const { owner } = world;
    const lena = await arrive();
    const thread = newKey();
    const upload = async (name: string, mime: string, body: Uint8Array): Promise<string> => {
      const response = await fetch(`${world.hub.url}/widget/files?key=${widget.key}`, {
        method: "POST",
        headers: {
          origin: site,
          "user-agent": "Mozilla/5.0 Chrome/140",
          authorization: `Bearer ${lena.welcome.token}`,
          "content-type": mime,
          "x-file-name": encodeURIComponent(name),
        },
        body: new Uint8Array(body),
      });
      expect(response.status).toBe(201);
      return ((await response.json()) as { id: string }).id;
    };
    const photo = await upload("mug.png", "image/png", await picture(60, 40));
    const sheet = await upload("Таблица.pdf", "application/pdf", Buffer.from("%PDF-1.4"));
    await lena.say(thread, "I have this one", { files: [photo, sheet] });
    const { id } = await findByText("I have this one");
    await lena.ask({ t: "send", thread, location: { latitude: 55.75, longitude: 37.62 } });
    const [first, second] = await waitFor(async () => {
      const messages = await threadOf(owner, id);
      return messages.length >= 2 ? messages : undefined;
    }, "both messages");
    expect(first.content.attachments.map((one: any) => [one.kind, one.media.fileName])).toEqual([
      ["image", "mug.png"],
      ["document", "Таблица.pdf"],
    ]);
    expect(second.content.attachments[0]).toMatchObject({ kind: "location", latitude: 55.75 });
    expect((await owner.ask("GET", `/files/${photo}`)).status).toBe(200);

    const { body: file } = await owner.upload("glaze.png", "image/png", await picture(80, 50));
    await owner.reply(id, "", {
      content: {
        text: "Iron or moss?",
        attachments: [{ kind: "image", media: { state: "stored", fileId: file.id } }],
        buttons: [[{ title: "Iron", value: "iron" }]],
      },
    });
    const shown = await lena.sees(thread, "Iron or moss?");
    expect(shown).toMatchObject({
      files: [{ kind: "image", width: 80, height: 50 }],
      buttons: [{ title: "Iron", value: "iron" }],
    });
    const bytes = await fetch(`${world.hub.url}${shown.files?.[0]?.url}`);
    expect([bytes.status, bytes.headers.get("cross-origin-resource-policy")]).toEqual([200, "cross-origin"]);
    await lena.ask({ t: "send", thread, action: { title: "Iron", value: "iron" } });
    await messageWhere(owner, id, (one) => one.content.action?.value === "iron");
    lena.leave();
  });

  it("changes and takes back its own words for some minutes, quotes and reacts", async () => {
    const { owner } = world;
    const lena = await arrive();
    const thread = newKey();
    await lena.say(thread, "A smal bowl");
    const { id: conversationId } = await findByText("A smal bowl");
    const own = await lena.sees(thread, "A smal bowl");
    expect(Date.parse(own.changeableUntil!)).toBeGreaterThan(Date.now() + 60_000);
    const change = async (frame: Record<string, unknown>): Promise<string> =>
      answered(await lena.ask({ thread, ...frame }));
    expect(await change({ t: "edit", message: own.id, text: "A small bowl" })).toBe("ok");
    await messageWhere(owner, conversationId, (one) => one.content.text === "A small bowl" && one.editedAt);
    expect(await lena.sees(thread, "A small bowl")).toMatchObject({ edited: true, mine: true });

    const reply = await owner.reply(conversationId, "Which glaze?");
    const asked = await lena.sees(thread, "Which glaze?");
    expect(asked.changeableUntil).toBeUndefined();
    expect(await change({ t: "react", message: asked.id, emoji: "👍" })).toBe("ok");
    await messageWhere(owner, conversationId, (one) => one.reactions?.[0]?.by === "contact");
    await owner.put(`/messages/${reply.id}/reaction`, { emoji: "🔥" });
    await waitFor(
      () => lena.shown.get(thread)?.get(asked.id)?.reactions?.length === 2,
      "both reactions on the page",
    );
    expect(lena.shown.get(thread)?.get(asked.id)?.reactions).toEqual(
      expect.arrayContaining([
        { emoji: "👍", mine: true },
        { emoji: "🔥", mine: false },
      ]),
    );
    expect(await change({ t: "react", message: asked.id, emoji: null })).toBe("ok");
    await messageWhere(owner, conversationId, (one) => one.reactions?.length === 1);

    await lena.say(thread, "Moss", { replyTo: asked.id });
    const quoting = await messageWhere(owner, conversationId, (one) => one.content.text === "Moss");
    expect(quoting.replyTo).toMatchObject({ text: "Which glaze?" });
    const shown = await lena.sees(thread, "Moss");
    expect(shown.replyTo).toMatchObject({ text: "Which glaze?" });
    expect(await change({ t: "remove", message: shown.id })).toBe("ok");
    await messageWhere(owner, conversationId, (one) => one.id === shown.id && one.deletedAt);
    await waitFor(() => lena.shown.get(thread)?.get(shown.id)?.deleted, "the removal on the page");

    expect(await change({ t: "edit", message: asked.id, text: "not mine" })).toBe("not_found");
    expect(await change({ t: "remove", message: asked.id })).toBe("not_found");
    expect(await change({ t: "react", message: own.id, emoji: "👍" })).toBe("not_found");
    expect(await change({ t: "react", message: asked.id, emoji: "🧨" })).toBe("unsupported_by_channel");
    expect(await change({ t: "edit", message: own.id, text: "x".repeat(5000) })).toBe("text_too_long");
    const stranger = await arrive();
    for (const frame of [
      { t: "edit", message: own.id, text: "taken over" },
      { t: "remove", message: own.id },
      { t: "react", message: asked.id, emoji: "👍" },
    ])
      expect(answered(await stranger.ask({ thread, ...frame }))).toBe("not_found");
    await MessageModel.collection.updateOne(
      { _id: new Types.ObjectId(own.id) },
      { $set: { createdAt: new Date(Date.now() - 16 * 60_000) } },
    );
    expect(await change({ t: "remove", message: own.id })).toBe("forbidden");
    for (const one of [lena, stranger]) one.leave();
  });

  it("comes back after a cut and gets exactly what happened, edits too; a repeated message adds nothing", async () => {
    const { owner } = world;
    const lena = await arrive();
    const thread = newKey();
    await lena.say(thread, "first of the cut");
    const conversation = await findByText("first of the cut");
    const draft = await owner.reply(conversation.id, "a first answer");
    await lena.sees(thread, "a first answer");
    const { cursor } = (await lena.wait("thread", (frame) => frame.thread.preview === "a first answer"))
      .thread;
    const { token } = lena.welcome;
    const id = newKey();
    lena.send({ t: "send", id, thread, text: "lost on the way?" });
    lena.leave();

    await messageWhere(owner, conversation.id, (one) => one.id === draft.id && one.delivery.state === "sent");
    await owner.patch(`/messages/${draft.id}`, { text: "the answer itself" });
    await owner.reply(conversation.id, "and another");
    await messageWhere(owner, conversation.id, (one) => one.content.text === "the answer itself");

    const back = await arrive({ hello: { token, cursors: { [thread]: cursor } } });
    expect(back.welcome.threads.map((one) => one.key)).toContain(thread);
    back.send({ t: "send", id, thread, text: "lost on the way?" });
    back.send({ t: "send", id, thread, text: "lost on the way?" });
    await back.sees(thread, "and another");
    await back.sees(thread, "the answer itself");
    const stored = await waitFor(async () => {
      const messages = await threadOf(owner, conversation.id);
      return messages.some((one) => one.content.text === "lost on the way?") ? messages : undefined;
    }, "the repeated message");
    expect(stored.filter((one) => one.content.text === "lost on the way?")).toHaveLength(1);
    back.leave();
  });

  it("has two tabs that agree, and no chat of another visitor", async () => {
    const lena = await arrive();
    const thread = newKey();
    await lena.say(thread, "from the first tab");
    await findByText("from the first tab");
    const second = await arrive({ hello: { token: lena.welcome.token } });
    await second.say(thread, "from the second tab");
    await lena.sees(thread, "from the second tab");

    const stranger = await arrive();
    expect(stranger.welcome.threads).toEqual([]);
    for (const frame of [
      { t: "load", thread },
      { t: "send", thread, text: "let me in" },
      { t: "rate", thread, score: 1 },
      { t: "transcript", thread, email: "thief@example.com" },
      { t: "return", thread },
    ])
      expect(answered(await stranger.ask(frame))).toBe("not_found");
    const unknown = await stranger.ask({ t: "load", thread: newKey() });
    expect(answered(unknown)).toBe("not_found");
    for (const one of [lena, second, stranger]) one.leave();
  });
});

describe("who a visitor is", () => {
  const hmac = (userId: string, expires: number, key = identityKey): object => ({
    userId,
    expires,
    hash: createHmac("sha256", key).update(`${widget.key}.${userId}.${expires}`).digest("hex"),
  });
  const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
  const jwt = (
    sub: string,
    { key = identityKey, aud = widget.key as string, exp = inAnHour(), alg = "HS256" } = {},
  ) =>
    new SignJWT({})
      .setProtectedHeader({ alg })
      .setSubject(sub)
      .setAudience(aud)
      .setExpirationTime(exp)
      .sign(new TextEncoder().encode(key));

  it("is one history on two devices when the site signs the customer, by HMAC and by JWT", async () => {
    const phone = await arrive({ hello: { identity: hmac("customer-7", inAnHour()) as any } });
    expect(phone.welcome.identified).toBe(true);
    const thread = newKey();
    await phone.say(thread, "from my phone");
    await findByText("from my phone");
    const laptop = await arrive({ hello: { identity: { jwt: await jwt("customer-7") } } });
    expect(laptop.welcome.threads.map((one) => one.key)).toEqual([thread]);
    await laptop.say(thread, "and from my laptop");
    await phone.sees(thread, "and from my laptop");

    const anonymous = await arrive({ hello: { token: phone.welcome.token } });
    expect(anonymous.welcome).toMatchObject({ threads: [], identified: false });
    expect(anonymous.welcome.token).not.toBe(phone.welcome.token);
    for (const one of [phone, laptop, anonymous]) one.leave();
  });

  it("takes what was said before over to the customer, once", async () => {
    const before = await arrive();
    const thread = newKey();
    await before.say(thread, "not signed in yet");
    await findByText("not signed in yet");
    const { token } = before.welcome;
    const after = await arrive({ hello: { token, identity: hmac("customer-8", inAnHour()) as any } });
    expect(after.welcome.threads.map((one) => one.key)).toContain(thread);
    const other = await arrive({ hello: { token, identity: hmac("customer-9", inAnHour()) as any } });
    expect(other.welcome.threads).toEqual([]);
    for (const one of [before, after, other]) one.leave();
  });

  it.each([
    ["a forged hash", () => ({ ...hmac("x", inAnHour()), hash: "0".repeat(64) }), "identity_forged"],
    ["another key", () => hmac("x", inAnHour(), "wsk_other"), "identity_forged"],
    ["a past expiry", () => hmac("x", inAnHour() - 7200), "identity_expired"],
    ["an expiry in a week", () => hmac("x", inAnHour() + 7 * 86_400), "identity_too_long"],
    [
      "a JWT under another key",
      async () => ({ jwt: await jwt("x", { key: "another-key-of-32-characters-long!" }) }),
      "identity_forged",
    ],
    [
      "a JWT for another site",
      async () => ({ jwt: await jwt("x", { aud: "wgt_AAAAAAAAAAAAAAAA" }) }),
      "identity_forged",
    ],
    [
      "a JWT that has expired",
      async () => ({ jwt: await jwt("x", { exp: inAnHour() - 7200 }) }),
      "identity_expired",
    ],
    [
      "a JWT of another algorithm",
      async () => ({ jwt: await jwt("x", { alg: "HS512" }) }),
      "identity_forged",
    ],
    [
      "a JWT without a signature",
      () => ({
        jwt: `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify({ sub: "x", aud: widget.key, exp: inAnHour() })).toString("base64url")}.`,
      }),
      "identity_forged",
    ],
    ["no JWT at all", () => ({ jwt: "hello" }), "identity_forged"],
  ])("refuses %s", async (_what, make, reason) => {
    const visitor = await arrive({ hello: { identity: (await Promise.resolve(make())) as any } });
    expect(visitor.welcome).toMatchObject({ identified: false, refused: reason, threads: [] });
    visitor.leave();
  });

  it("refuses a signature after the customer has signed out, and a token that was changed", async () => {
    const identity = hmac("customer-10", inAnHour()) as any;
    const visitor = await arrive({ hello: { identity } });
    expect(answered(await visitor.ask({ t: "sign_out", identity }))).toBe("ok");
    const replayed = await arrive({ hello: { identity } });
    expect(replayed.welcome.refused).toBe("identity_revoked");
    const { token } = visitor.welcome;
    const forged = await arrive({ hello: { token: `${"a".repeat(24)}${token.slice(24)}` } });
    expect(forged.welcome.token.slice(0, 24)).not.toBe("a".repeat(24));
    for (const one of [visitor, replayed, forged]) one.leave();
  });

  it("refuses a JWT after the customer has signed out, in other spellings of its signature too", async () => {
    const token = await jwt("customer-11");
    const visitor = await arrive({ hello: { identity: { jwt: token } } });
    expect(answered(await visitor.ask({ t: "sign_out", identity: { jwt: token } }))).toBe("ok");
    visitor.leave();
    // 43 letters carry 258 bits: the last two say nothing.
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const other = letters[letters.indexOf(token.slice(-1)) ^ 1] ?? "";
    for (const spelling of [token, `${token}=`, token.slice(0, -1) + other]) {
      const replayed = await arrive({ hello: { identity: { jwt: spelling } } });
      expect(replayed.welcome).toMatchObject({ identified: false, refused: "identity_revoked" });
      replayed.leave();
    }
  });
});

it("reaches the hub by requests where sockets are blocked", async () => {
  const poll = async (body: object): Promise<any> => {
    const response = await fetch(`${world.hub.url}/widget/poll`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: site, "user-agent": "Mozilla/5.0 Chrome/140" },
      body: JSON.stringify({ key: widget.key, frames: [], ...body }),
    });
    return {
      status: response.status,
      allowed: response.headers.get("access-control-allow-origin"),
      ...((await response.json()) as object),
    };
  };
  const hello = {
    t: "hello",
    page: { url: `${site}/`, title: "" },
    language: "ru",
    visits: 1,
    width: 390,
    touch: true,
  };
  const first = await poll({ frames: [hello] });
  expect([first.status, first.allowed, first.frames[0].t, first.frames[0].config.locale]).toEqual([
    200,
    site,
    "welcome",
    "ru",
  ]);
  const thread = newKey();
  const { session } = first;
  const sent = await poll({ session, frames: [{ t: "send", id: newKey(), thread, text: "без сокета" }] });
  expect(sent.frames.some((frame: any) => frame.t === "ok")).toBe(true);
  const conversation = await conversationSaying(world.owner, "без сокета");
  const waiting = waitFor(async () => {
    const { frames } = await poll({ session });
    return frames.some(
      (frame: any) => frame.t === "messages" && frame.items.some((one: any) => one.text === "слышим"),
    );
  }, "the answer by request");
  await world.owner.reply(conversation.id, "слышим");
  expect(await waiting).toBe(true);
  expect((await poll({ session: "00000000-0000-4000-8000-000000000000" })).status).toBe(404);
});

it("shows agents who is on the site, live, and lets them write first", async () => {
  const { owner } = world;
  const anna = await owner.listen();
  anna.socket.emit("visitors", true);
  const arriveAsMugLover = (): Promise<Visitor> =>
    arrive({
      hello: {
        page: { url: `${site}/mugs?utm_source=ig&utm_campaign=autumn`, title: "Mugs" },
        referrer: "https://l.instagram.com/x",
      },
    });
  const isTold = (): boolean =>
    anna.heard.some(({ name, data }) => name === "visit" && data.visit.page.title === "Mugs");
  let lena = await arriveAsMugLover();
  // The wish to watch has no answer of its own: visits tell when it has been heard.
  while (!isTold()) {
    lena.leave();
    lena = await arriveAsMugLover();
  }
  const row = (await owner.get("/visitors")).items.find((one: any) => one.page.title === "Mugs");
  expect(row).toMatchObject({
    online: true,
    utm: { source: "ig", campaign: "autumn" },
    referrer: "https://l.instagram.com/x",
    device: "desktop",
    browser: "Chrome 140",
    os: "Linux",
  });
  lena.send({ t: "page", page: { url: `${site}/cart`, title: "Cart" } });
  await anna.wait(
    "visit" as any,
    (data: any) => data.visit.page.title === "Cart" && data.visit.path.length === 2,
  );
  const { conversationId } = await owner.post(`/visitors/${row.id}/chat`, { text: "Need a hand?" });
  await waitFor(
    () =>
      lena.frames.some(
        (frame) => frame.t === "messages" && frame.items.some((one) => one.text === "Need a hand?"),
      ),
    "the agent's first message",
  );
  const { visit } = await owner.get(`/conversations/${conversationId}/visit`);
  expect(visit).toMatchObject({ online: true, page: { title: "Cart" }, conversationId });
  lena.leave();
  await anna.wait(
    "visit" as any,
    (data: any) => data.visit.conversationId === conversationId && !data.visit.online,
  );

  const colleague = await owner.invite("only-telegram@clay.example", { channelIds: [world.channelId] });
  expect((await colleague.get("/visitors")).items).toEqual([]);
  expect((await colleague.ask("GET", `/conversations/${conversationId}/visit`)).status).toBe(404);
});

it("knows on the next page where the visit began, though the visitor has written nothing", async () => {
  const first = await arrive({
    hello: {
      page: { url: `${site}/autumn?utm_source=ig`, title: "Autumn" },
      referrer: "https://l.instagram.com/x",
    },
  });
  const { token } = first.welcome;
  const rowOf = async (title: string): Promise<any> =>
    (await world.owner.get("/visitors")).items.find((one: any) => one.page.title === title);
  const began = await waitFor(() => rowOf("Autumn"), "the visitor");
  first.leave();
  await waitFor(async () => !(await rowOf("Autumn")), "the first page to be left");
  const next = { page: { url: `${site}/bowls`, title: "Bowls" }, referrer: `${site}/autumn?utm_source=ig` };
  const second = await arrive({ hello: { ...next, token } });
  const goesOn = await waitFor(() => rowOf("Bowls"), "the visitor on the next page");
  expect(goesOn).toMatchObject({
    id: began.id,
    since: began.since,
    referrer: began.referrer,
    utm: began.utm,
  });
  expect(goesOn.path.map((one: any) => one.title)).toEqual(["Autumn", "Bowls"]);
  second.leave();
  await waitFor(async () => !(await rowOf("Bowls")), "the second page to be left");
  const later = await arrive({ hello: { ...next, token, visits: 2 } });
  expect((await waitFor(() => rowOf("Bowls"), "another visit")).referrer).toBeUndefined();
  later.leave();
});

it("goes on in Telegram as the same conversation by a token that works once, and comes back", async () => {
  const { owner, simulator, bot } = world;
  const draft = structuredClone(widget.draft);
  draft.links = [
    { id: "chat", kind: "chat", title: "", handle: "", on: true },
    { id: "tg", kind: "telegram", channelId: world.channelId, title: "", handle: "", on: true },
  ];
  await owner.put(`/widgets/${widget.id}/draft`, draft);
  await owner.post(`/widgets/${widget.id}/publish`);
  const lena = await arrive();
  expect(lena.welcome.config.links).toContainEqual(
    expect.objectContaining({ id: "tg", continues: true, handle: "@clay_and_co_bot" }),
  );
  const thread = newKey();
  await lena.say(thread, "I have to run");
  const conversation = await findByText("I have to run");
  const answer = (await lena.ask({ t: "continue", thread, linkId: "tg" })) as any;
  const token = new URL(answer.data.url).searchParams.get("start")!;
  expect(token).toMatch(/^[\w-]{22}$/);

  const person = await simulator.addCustomer({ name: "Lena Orlova" });
  person.start(bot, token);
  person.say("now from Telegram", { bot });
  await messageWhere(owner, conversation.id, (one) => one.content.text === "now from Telegram");
  await lena.wait("thread", (frame) => frame.thread.movedTo?.kind === "telegram");
  const reply = await owner.reply(conversation.id, "Hello in Telegram");
  await messageWhere(owner, conversation.id, (one) => one.id === reply.id && one.delivery.state === "sent");
  expect(person.chat(bot).messages.at(-1)?.message.text).toBe("Hello in Telegram");

  await lena.ask({ t: "load", thread });
  expect(lena.texts(thread)).toEqual(["I have to run"]);
  const tab = await arrive({
    hello: { token: lena.welcome.token, cursors: { [thread]: `${conversation.id}:0` } },
  });
  expect(tab.welcome.threads).toMatchObject([
    { key: thread, preview: "I have to run", movedTo: { kind: "telegram" } },
  ]);
  await tab.sees(thread, "I have to run");
  expect(tab.texts(thread)).toEqual(["I have to run"]);
  tab.leave();

  const thief = await simulator.addCustomer({ name: "Thief" });
  thief.start(bot, token);
  thief.say("let me in", { bot });
  const own = await conversationSaying(owner, "let me in");
  expect(own.id).not.toBe(conversation.id);

  await lena.ask({ t: "return", thread });
  await lena.wait(
    "thread",
    (frame) => frame.thread.key === thread && frame.thread.movedTo === undefined && frame.thread.lastSeq > 2,
  );
  await owner.reply(conversation.id, "and here again");
  await lena.sees(thread, "and here again");
  lena.leave();
});

it("leads nobody who is known in Telegram into a visitor's conversation", async () => {
  const { owner, simulator, bot } = world;
  const victim = await simulator.addCustomer({ name: "Vera Known" });
  victim.say("my order 17", { bot });
  const own = await findByText("my order 17");
  const visitor = await arrive();
  const thread = newKey();
  await visitor.say(thread, "a trap");
  const trap = await findByText("a trap");
  const answer = (await visitor.ask({ t: "continue", thread, linkId: "tg" })) as any;
  victim.start(bot, new URL(answer.data.url).searchParams.get("start")!);
  victim.say("my address is a secret", { bot });
  await messageWhere(owner, own.id, (one) => one.content.text === "my address is a secret");

  expect(await owner.get(`/conversations/${trap.id}`)).toMatchObject({
    channelId: widget.id,
    contact: { id: trap.contact.id },
  });
  await visitor.ask({ t: "load", thread });
  expect(visitor.texts(thread)).toEqual(["a trap"]);
  const again = await arrive({ hello: { token: visitor.welcome.token } });
  expect(again.welcome.threads).toMatchObject([{ key: thread, preview: "a trap" }]);
  for (const one of [visitor, again]) one.leave();
});

it("ends on the sites when its channel is removed", async () => {
  const { owner } = world;
  const other = await owner.post("/widgets", { name: "Short-lived", domain: "clay.example" });
  const visitor = await arrive({ key: other.key });
  visitor.leave();
  await owner.delete(`/channels/${other.id}`);
  await expect(Visitor.connect(world.hub.url, { key: other.key })).rejects.toThrow("403");
  expect((await owner.get("/widgets")).items.map((one: any) => one.id)).toEqual([widget.id]);
});
