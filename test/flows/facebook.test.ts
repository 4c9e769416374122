/** Messenger and Instagram through the whole hub: HTTP in, socket out, and the simulated platform behind. */
import { randomUUID } from "node:crypto";
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sign } from "../../demo/simulators/graph.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { app, pageCredentials, raiseMeta, type MetaStage } from "../support/messenger.ts";
import { picture } from "../support/pictures.ts";
import { messageWhere, threadOf } from "../support/world.ts";

let meta: MetaStage;
let hub: TestHub;
let owner: Person;
const channels: Record<string, any> = {};
beforeAll(async () => {
  meta = await raiseMeta((url) => url.replace("https://hub.example", hub.url));
  hub = await startHub({
    API_ROOTS: `facebook=${meta.url},instagram=${meta.url}`,
    PUBLIC_URL: "https://hub.example",
  });
  owner = await hub.owner();
  for (const kind of ["facebook", "instagram"])
    channels[kind] = await owner.post("/channels", { kind, credentials: pageCredentials });
  await meta.simulator.graph.waitFor(() => meta.simulator.callbackOf(app, "page"));
  const { webhook } = await owner.get(`/channels/${channels["instagram"].id}`);
  await meta.simulator.pasteCallback(app, "instagram", webhook.url, webhook.verifyToken);
});
afterAll(async () => {
  owner.leave();
  await hub.stop();
  await meta.close();
});

function post(kind: string, body: string | Uint8Array, signature = sign(Buffer.from(body), app.secret)) {
  return fetch(`${hub.url}/webhooks/${kind}/${channels[kind].id}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-hub-signature-256": signature },
    body: body as BodyInit,
  });
}

const conversationsOf = async (kind: string): Promise<any[]> =>
  (await owner.get("/conversations?limit=100")).items.filter(
    (one: any) => one.channelId === channels[kind].id,
  );

function conversationWith(kind: string, name: string): Promise<any> {
  return waitFor(
    async () => (await conversationsOf(kind)).find((one) => one.contact.name === name),
    `the conversation with ${name}`,
  );
}

async function send(conversationId: string, content: object, more: object = {}): Promise<any> {
  return owner.post(`/conversations/${conversationId}/messages`, {
    clientId: randomUUID(),
    type: "outgoing",
    content,
    ...more,
  });
}

const stateOf = async (conversationId: string, id: string): Promise<any> =>
  (await threadOf(owner, conversationId)).find((one) => one.id === id);

describe("what Meta delivers", () => {
  it.each(["facebook", "instagram"])(
    "%s: everything recorded is taken, and adds nothing twice",
    async (kind) => {
      const fixtures = fixturesOf(kind).map(({ body }) =>
        Buffer.from(
          Buffer.from(body)
            .toString()
            .replaceAll("17841405822304914", meta.page.instagram?.id ?? ""),
        ),
      );
      const settled = async (): Promise<string[] | undefined> => {
        const metrics = await (await fetch(`${hub.url}/metrics`)).text();
        if (!/switchboard_inbound_waiting 0/.test(metrics)) return undefined;
        const threads = await Promise.all((await conversationsOf(kind)).map(({ id }) => threadOf(owner, id)));
        return threads.flat().map(({ id }) => id);
      };
      for (const body of fixtures) expect((await post(kind, body)).status).toBe(200);
      const ids = await waitFor(settled, "everything to be recorded");
      expect(ids.length).toBeGreaterThan(15);
      for (const body of fixtures) expect((await post(kind, body)).status).toBe(200);
      for (const body of fixtures) expect((await post(kind, `${body.toString()} `)).status).toBe(200);
      expect((await waitFor(settled, "it again")).toSorted()).toEqual(ids.toSorted());
    },
  );

  it("is refused when its body was changed, or nobody signed it", async () => {
    const body = '{"object":"page","entry":[]}';
    expect((await post("facebook", body, sign(Buffer.from(`${body} `), app.secret))).status).toBe(401);
    expect((await post("facebook", body, "")).status).toBe(401);
    expect((await post("facebook", body, sign(Buffer.from(body), "0".repeat(32)))).status).toBe(401);
  });

  it("of Instagram reaches its account at the address of Messenger, and the other way round", async () => {
    const person = meta.simulator.addPerson({ name: "Noor Haddad" });
    const noor = meta.simulator.customer(meta.page, person, "instagram");
    const instagramUrl = meta.simulator.callbackOf(app, "instagram") ?? "";
    const { webhook } = await owner.get(`/channels/${channels["facebook"].id}`);
    await meta.simulator.pasteCallback(app, "instagram", webhook.url, webhook.verifyToken);
    noor.say("Through the other door");
    await conversationWith("instagram", "Noor Haddad");
    expect(await conversationsOf("facebook")).not.toContainEqual(
      expect.objectContaining({ contact: expect.objectContaining({ name: "Noor Haddad" }) }),
    );
    const { webhook: own } = await owner.get(`/channels/${channels["instagram"].id}`);
    await meta.simulator.pasteCallback(app, "instagram", instagramUrl, own.verifyToken);
  });
});

describe("a conversation on Messenger", () => {
  let conversation: any;
  beforeAll(async () => {
    meta.kate.say("Is the blue bowl still there?", { referral: "site-footer" });
    conversation = await conversationWith("facebook", "Kate Winslow");
  });

  it("has the customer's name, and shows edits, reactions and files", async () => {
    const first = meta.kate.messages[0];
    if (!first) throw new Error("nothing was said");
    meta.kate.edit(first, "Is the green bowl still there?");
    await messageWhere(
      owner,
      conversation.id,
      ({ content }) => content.text === "Is the green bowl still there?",
    );
    meta.kate.sendFile("image", { bytes: await picture(), name: "bowl.png", mime: "image/png" }, meta.url);
    const shown = await messageWhere(
      owner,
      conversation.id,
      ({ content }) => content.attachments?.[0]?.media?.state === "stored",
    );
    expect(shown.content.attachments[0].media).toMatchObject({ mime: "image/png", width: 320 });
  });

  it("rises to delivered and read, tells the customer of reading, and shows a reaction", async () => {
    const ear = await owner.listen();
    const { lastSeq } = await owner.get(`/conversations/${conversation.id}`);
    await owner.post(`/conversations/${conversation.id}/read`, { seq: lastSeq });
    await meta.simulator.graph.waitFor(() => meta.kate.thread.seenByPage > 0);
    const message = await send(conversation.id, { text: "It is." });
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "sent",
    );
    meta.kate.receive();
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "delivered",
    );
    meta.kate.read();
    const read = await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "read",
    );
    expect(read.externalIds ?? []).not.toContain("");
    const mid = meta.kate.received.at(-1)?.mid ?? "";
    meta.kate.react(mid, "❤️");
    await messageWhere(owner, conversation.id, (one) => one.id === message.id && one.reactions?.length === 1);
    for (const state of ["sent", "delivered", "read"] as const)
      await ear.wait(
        "message",
        (data) => data.message.id === message.id && data.message.delivery?.state === state,
      );
    ear.socket.disconnect();
  });

  it("looks for what was read in its own thread alone", async () => {
    const asked: any[] = [];
    mongoose.set("debug", (collection: string, method: string, filter: any, options: any) => {
      if (collection === "messages" && method === "find" && filter.sentAt) asked.push({ filter, options });
    });
    const message = await send(conversation.id, { text: "We open at ten." });
    await messageWhere(
      owner,
      conversation.id,
      ({ id, delivery }) => id === message.id && delivery.state === "sent",
    );
    meta.kate.read();
    await messageWhere(
      owner,
      conversation.id,
      ({ id, delivery }) => id === message.id && delivery.state === "read",
    );
    mongoose.set("debug", false);
    const [{ filter, options }] = asked;
    const messages = mongoose.connection.collection("messages");
    const { queryPlanner } = (await messages
      .find(filter, { sort: options.sort, limit: options.limit })
      .explain("queryPlanner")) as any;
    expect(JSON.stringify(queryPlanner.winningPlan)).toContain(
      "workspaceId_1_channelId_1_threadKey_1_externalIds_1",
    );
  });

  it("answers with quotes, buttons and files", async () => {
    const asked = meta.kate.say("Which days?");
    const seen = await messageWhere(owner, conversation.id, ({ content }) => content.text === "Which days?");
    await send(
      conversation.id,
      { text: "Any.", buttons: [[{ title: "Today", value: "today" }]] },
      {
        replyToMessageId: seen.id,
      },
    );
    const got = await meta.simulator.graph.waitFor(() =>
      meta.kate.received.find(({ text }) => text === "Any."),
    );
    expect(got).toMatchObject({ replyTo: asked.mid, quickReplies: [{ title: "Today", payload: "today" }] });
    meta.kate.say("Today", { quickReply: "today" });
    await messageWhere(owner, conversation.id, ({ content }) => content.action?.value === "today");
    const { body: file } = await owner.upload(
      "plan.pdf",
      "application/pdf",
      new TextEncoder().encode("%PDF-1.4 plan"),
    );
    await send(conversation.id, {
      attachments: [{ kind: "document", media: { state: "stored", fileId: file.id } }],
    });
    await meta.simulator.graph.waitFor(() => meta.kate.received.at(-1)?.attachment?.type === "file");
  });

  it("shows what the page's own inbox answered, once", async () => {
    meta.kate.beAnswered("From the page inbox");
    const echo = await messageWhere(
      owner,
      conversation.id,
      ({ content }) => content.text === "From the page inbox",
    );
    expect(echo.type).toBe("outgoing");
    const own = (await threadOf(owner, conversation.id)).filter(({ content }) => content.text === "It is.");
    expect(own).toHaveLength(1);
  });

  it("names whom the page's own inbox wrote to first, and tells nobody without a right to the account", async () => {
    const peer = meta.simulator.addPerson({ name: "Wilma Silent" });
    meta.simulator.customer(meta.page, peer).beAnswered("We saw your comment");
    await conversationWith("facebook", "Wilma Silent");
    const apart = await owner.invite("apart@clay.example", { channelIds: [] });
    expect((await apart.get("/contacts")).items).toEqual([]);
  });

  it("settles a send whose answer never came by its echo", async () => {
    meta.simulator.graph.failNext({ path: "me/messages", kind: "drop_after_accept" });
    const message = await send(conversation.id, { text: "Did this arrive?" });
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "sent",
    );
    expect(meta.kate.received.filter(({ text }) => text === "Did this arrive?")).toHaveLength(1);
  });

  it("tells why a send failed, and sends it again by the button", async () => {
    meta.simulator.graph.failNext({
      path: "me/messages",
      kind: "error",
      error: { code: 10, subcode: 2018278, message: "outside of allowed window" },
    });
    const message = await send(conversation.id, { text: "Once more" });
    const failed = await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "failed",
    );
    expect(failed.delivery.failure).toMatchObject({ class: "window_closed", code: "window_closed" });
    const isClosed = async (): Promise<boolean> =>
      Boolean((await owner.get(`/conversations/${conversation.id}`)).windowClosedAt);
    await waitFor(isClosed, "the window to be known as closed");
    await owner.post(`/messages/${message.id}/retry`, {});
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "sent",
    );
    expect((await stateOf(conversation.id, message.id)).delivery.failure ?? null).toBeNull();
    await waitFor(async () => !(await isClosed()), "the window to be open: what was sent again went through");
  });

  it("waits out a throttling and then sends", async () => {
    meta.simulator.graph.failNext({
      path: "me/messages",
      kind: "error",
      error: { code: 1200, message: "later" },
    });
    const message = await send(conversation.id, { text: "In a moment" });
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "sent",
    );
  });

  it("is blocked when the person takes no messages", async () => {
    meta.kate.block();
    const message = await send(conversation.id, { text: "Hello?" });
    const failed = await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "failed",
    );
    expect(failed.delivery.failure.class).toBe("blocked");
  });
});

describe("a customer whom events do not name", () => {
  it("gets the name a little later when the first question for it failed", async () => {
    const olga = meta.simulator.customer(meta.page, meta.simulator.addPerson({ name: "Olga Brandt" }));
    meta.simulator.graph.failNext({ path: olga.id, kind: "5xx" });
    olga.say("Is it open on Sunday?");
    await conversationWith("facebook", "Olga Brandt");
  });

  it("gets the name with a later message when the first question for it failed", async () => {
    const mona = meta.simulator.customer(meta.page, meta.simulator.addPerson({ name: "Mona Berg" }));
    const { graph } = meta.simulator;
    graph.failNext({ path: mona.id, kind: "5xx", times: 99 });
    mona.say("Are you open today?");
    const text = async (): Promise<any> =>
      (await conversationsOf("facebook")).find((one) => one.preview?.text === "Are you open today?");
    const { contact } = await waitFor(text, "the message");
    expect(contact.name).toBe(`#${mona.id.slice(-4)}`);
    const tells = (line: string): boolean =>
      line.includes("no picture of a contact") && line.includes(contact.id);
    await waitFor(() => hub.logged.some(tells), "the failure");
    graph.clearFailures();
    mona.say("Hello?");
    await conversationWith("facebook", "Mona Berg");
  });

  it("is asked for at the account that can tell, by the id that counts there", async () => {
    const person = meta.simulator.addPerson({ name: "Ines Moreau" });
    const [there, here] = (["page", "instagram"] as const).map((platform) =>
      meta.simulator.customer(meta.page, person, platform),
    );
    meta.simulator.graph.failNext({ path: there!.id, kind: "5xx" });
    meta.simulator.graph.failNext({ path: here!.id, kind: "5xx" });
    there!.say("From Messenger");
    here!.say("From Instagram");
    const contactOf = (kind: string, text: string): Promise<any> =>
      waitFor(
        async () => (await conversationsOf(kind)).find((one) => one.preview?.text === text)?.contact,
        text,
      );
    const kept = await contactOf("facebook", "From Messenger");
    const other = await contactOf("instagram", "From Instagram");
    await owner.post("/contacts/merges", { keptId: kept.id, otherId: other.id, fromOther: [] });
    await owner.patch(`/channels/${channels["facebook"].id}`, { paused: true });
    here!.say("Is anybody there?");
    await conversationWith("instagram", "Ines Moreau");
    await owner.patch(`/channels/${channels["facebook"].id}`, { paused: false });
  });
});

describe("a conversation on Instagram", () => {
  it("shows stories, takes back what is unsent, and sends within a thousand bytes", async () => {
    const lena = meta.simulator.customer(
      meta.page,
      meta.simulator.addPerson({ name: "Lena Fischer", username: "lena_f" }),
      "instagram",
    );
    const first = lena.say("Oops, wrong chat");
    const conversation = await conversationWith("instagram", "Lena Fischer");
    lena.unsend(first);
    await messageWhere(owner, conversation.id, ({ deletedAt }) => deletedAt !== undefined);
    lena.send({
      attachments: [{ type: "story_mention", payload: { url: "https://lookaside.fbsbx.com/s/1" } }],
    });
    await messageWhere(owner, conversation.id, ({ content }) => content.card?.what === "story_mention");
    const message = await send(conversation.id, { text: "Спасибо!" });
    await meta.simulator.graph.waitFor(() => lena.received.at(-1)?.text === "Спасибо!");
    lena.read();
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === message.id && one.delivery.state === "read",
    );
    await expect(send(conversation.id, { text: "я".repeat(501) })).rejects.toThrow(/text_too_long/);
  });

  it("waits while its account is throttled, and the other account of the app goes on", async () => {
    const noor = meta.simulator.customer(meta.page, meta.simulator.addPerson({ name: "Noor Haddad" }));
    noor.say("Do you ship to Oman?");
    const other = await conversationWith("facebook", "Noor Haddad");
    const conversation = await conversationWith("instagram", "Lena Fischer");
    const error = { code: 4, message: "Application request limit reached" };
    meta.simulator.graph.failNext({ path: "me/messages", kind: "error", error });
    const held = await send(conversation.id, { text: "Slowly now" });
    await messageWhere(owner, conversation.id, (one) => one.id === held.id && one.delivery.nextAttemptAt);
    const { id } = await send(other.id, { text: "We do." });
    await messageWhere(owner, other.id, (one) => one.id === id && one.delivery.state === "sent");
    expect((await stateOf(conversation.id, held.id)).delivery.state).toBe("queued");
  });
});

describe("an account", () => {
  it("tells administrators what the platform called it for, and nothing of what was said", async () => {
    const { id } = channels["facebook"];
    const { webhooks } = meta.simulator.graph;
    await waitFor(() => webhooks.size === 0, "the echoes to be told");
    const handshake = new URL(`${hub.url}/webhooks/facebook/${id}`);
    handshake.search = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=another";
    expect((await fetch(handshake)).status).toBe(401);
    const { calls } = await owner.get(`/channels/${id}`);
    expect(calls[0]).toMatchObject({ method: "GET", status: 401, what: "challenge" });
    const seen = calls.map(({ method, status, what }: any) => `${method} ${status} ${what}`);
    expect(seen).toContain("POST 200 message");
    expect(calls.length).toBeLessThanOrEqual(10);
    for (const call of calls)
      expect(Object.keys(call).toSorted()).toEqual(["at", "method", "status", "what"]);
    const colleague = await owner.invite("seller@clay.example");
    expect((await colleague.get(`/channels/${id}`)).calls).toEqual([]);
  });

  it("says how long the messenger still takes what was held", async () => {
    const { items } = await owner.get(`/channels/${channels["facebook"].id}/held`);
    expect(items.length).toBeGreaterThan(0);
    const week = 7 * 86_400_000;
    for (const { until } of items) expect(Date.parse(until) - Date.now()).toBeGreaterThan(week - 600_000);
  });

  it("is revoked when its token is taken away, and holds no secret in the log", async () => {
    meta.simulator.graph.revokeToken(pageCredentials.pageToken);
    await owner.patch(`/channels/${channels["facebook"].id}`, { paused: true });
    await owner.patch(`/channels/${channels["facebook"].id}`, { paused: false });
    await waitFor(async () => {
      const { health } = await owner.get(`/channels/${channels["facebook"].id}`);
      return health.state === "revoked" && health.problem.code === "token_invalid";
    }, "the account to be revoked");
    const log = hub.logged.join("\n");
    expect(log).not.toContain(pageCredentials.pageToken);
    expect(log).not.toContain(app.secret);
  });
});
