/** Viber through the whole hub: its callbacks over TLS, what agents send, and what goes wrong. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ViberSimulator, type ViberBot, type ViberCustomer } from "../../demo/simulators/viber.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { startHttpsFront, type HttpsFront } from "../support/https-front.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { messageWhere, threadOf } from "../support/world.ts";

const token = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";
let hub: TestHub;
let front: HttpsFront;
let simulator: ViberSimulator;
let closeSimulator: () => Promise<void>;
let bot: ViberBot;
let owner: Person;
let channelId: string;

beforeAll(async () => {
  // People open this hub elsewhere: only what messengers ask for comes this way.
  front = await startHttpsFront(() => hub.url);
  simulator = new ViberSimulator({ fetch: front.fetch });
  const { url, close } = await simulator.listen();
  closeSimulator = close;
  bot = simulator.addBot({ token, id: "pa:75346594275468546724", name: "Clay & Co", uri: "clayandco" });
  hub = await startHub({ API_ROOTS: `viber=${url}`, WEBHOOK_URL: front.url });
  owner = await hub.owner();
  const credentials = { token, welcome: "Hello! Ask us anything.", senderName: "Clay & Co studio" };
  channelId = (await owner.post<{ id: string }>("/channels", { kind: "viber", credentials })).id;
  await waitFor(() => bot.webhook, "the webhook");
});
afterAll(async () => {
  owner?.leave();
  await hub?.stop();
  await closeSimulator?.();
  await front?.close();
});

const conversationOf = (name: string): Promise<any> =>
  waitFor(
    async () =>
      (await owner.get("/conversations?limit=100")).items.find(
        (item: any) => item.contact.name === name && item.preview,
      ),
    `the conversation with ${name}`,
  );

async function talking(name: string): Promise<{ customer: ViberCustomer; id: string }> {
  const customer = simulator.addCustomer(bot, name);
  expect((await customer.say("Hello")).status).toBe(200);
  return { customer, id: (await conversationOf(name)).id };
}

const sendContent = (id: string, content: object): Promise<any> =>
  owner.post(`/conversations/${id}/messages`, { clientId: randomUUID(), type: "outgoing", content });

const ended = (id: string, messageId: string, state: string): Promise<any> =>
  messageWhere(owner, id, (one) => one.id === messageId && one.delivery?.state === state);

async function attach(name: string, mime: string, bytes: Uint8Array): Promise<any> {
  const { body } = await owner.upload(name, mime, bytes);
  return { state: "stored", fileId: body.id, mime: body.mime, size: body.size, fileName: body.name };
}

describe("connecting", () => {
  it("shows what the token belongs to, and health from the webhook that Viber called", async () => {
    const check = await owner.post("/channels/check", { kind: "viber", credentials: { token } });
    expect(check).toMatchObject({ externalId: bot.id, name: "Clay & Co", handle: "clayandco" });
    expect(check.checks.map(({ code }: any) => code)).toEqual(["token", "webhook", "receipts"]);
    expect(check.link).toBe("viber://pa?chatURI=clayandco");
    const account = await waitFor(async () => {
      const { health } = await owner.get(`/channels/${channelId}`);
      return health.state === "connected" && health;
    }, "health");
    expect(account.problem ?? undefined).toBeUndefined();
    expect(bot.webhook).toBe(`${front.url}/webhooks/viber/${channelId}`);
  });

  it("refuses a wrong token in the messenger's words", async () => {
    const wrong = token.replace("4453", "9999");
    const { status, body } = await owner.ask("POST", "/channels/check", {
      kind: "viber",
      credentials: { token: wrong },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain("token_invalid");
    expect(JSON.stringify(body)).not.toContain(wrong);
  });
});

describe("what customers do", () => {
  it("is taken, recorded and shown for every kind of callback, once however often it comes", async () => {
    const sign = async (body: Uint8Array): Promise<number> => {
      const text = Buffer.from(body).toString();
      return (await simulator.addCustomer(bot, "Post").post(text)).status;
    };
    const fixtures = fixturesOf("viber");
    for (const { body } of fixtures) expect(await sign(body)).toBe(200);
    const settled = async (): Promise<any[] | undefined> => {
      const metrics = await (await fetch(`${hub.url}/metrics`)).text();
      const { id } = await conversationOf("John McClane");
      return /switchboard_inbound_waiting 0/.test(metrics) ? threadOf(owner, id) : undefined;
    };
    const messages = await waitFor(settled, "everything to be recorded");
    const kinds = new Set(
      messages.flatMap(({ content, event }) => [
        ...(content.attachments ?? []).map((one: any) => one.kind),
        ...Object.keys(content),
        event?.what,
      ]),
    );
    for (const kind of ["text", "image", "video", "document", "sticker", "location", "contact", "action"])
      expect(kinds, kind).toContain(kind);
    for (const kind of ["service", "unsupported"]) expect(kinds, kind).toContain(kind);

    for (const { body } of fixtures) expect(await sign(body)).toBe(200);
    for (const { body } of fixtures)
      expect(await sign(Buffer.from(`${Buffer.from(body).toString()} `))).toBe(200);
    const again = await waitFor(settled, "everything once more");
    expect(again.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
  });

  it("is refused when the signature is missing, or of another body", async () => {
    const customer = simulator.addCustomer(bot, "Mallory");
    const body = customer.bodyOf({ type: "text", text: "Give me a discount" });
    expect((await customer.post(body, "")).status).toBe(401);
    expect((await customer.post(body, "0".repeat(64))).status).toBe(401);
    const { headers } = await customer.post(body);
    expect(headers.get("content-type")).toMatch(/json/);
  });

  it("brings files: a picture is fetched from where Viber keeps it", async () => {
    const { customer, id } = await talking("Vera");
    await customer.sendPicture(await picture(320, 200), "This one?");
    const message = await messageWhere(
      owner,
      id,
      ({ content }) => content.attachments?.[0]?.media.state === "stored",
    );
    expect(message.content).toMatchObject({ text: "This one?", attachments: [{ kind: "image" }] });
  });

  it("is greeted when the chat is opened; a link's context is where they come from", async () => {
    const customer = simulator.addCustomer(bot, "Noor Haddad");
    await customer.open("site-button");
    expect(customer.read).toEqual(["Hello! Ask us anything."]);
    expect(customer.messages[0]?.sender?.name).toBe("Clay & Co studio");
    const { id } = await conversationOf("Noor Haddad");
    await messageWhere(owner, id, ({ content }) => content.service?.data?.payload === "site-button");
    const silent = simulator.addCustomer(bot, "Looks Only");
    await silent.open();
    expect(silent.read).toHaveLength(1);
    const { items } = await owner.get("/conversations?limit=100");
    expect(items.some((item: any) => item.contact.name === "Looks Only")).toBe(false);
  });
});

describe("what agents send", () => {
  it("arrives in every kind that Viber has, up to delivered and seen", async () => {
    const { customer, id } = await talking("Harriet Boyle");
    const png = await picture(300, 200);
    const image = await attach("blue.png", "image/png", png);
    const document = await attach("offer.pdf", "application/pdf", Buffer.from("%PDF-1.4\n%%EOF\n"));
    const sent = [
      await owner.reply(id, "Yes, two places."),
      await sendContent(id, { text: "The studio", attachments: [{ kind: "image", media: image }] }),
      await sendContent(id, { attachments: [{ kind: "document", media: document }] }),
      await sendContent(id, {
        attachments: [{ kind: "location", latitude: 59.9343, longitude: 30.3351, name: "Studio" }],
      }),
      await sendContent(id, {
        attachments: [{ kind: "contact", name: "Nina", phones: ["+4915112345678"] }],
      }),
    ];
    for (const { id: messageId } of sent) await ended(id, messageId, "delivered");
    expect(customer.messages.map(({ type }) => type)).toEqual([
      "text",
      "picture",
      "file",
      "location",
      "contact",
    ]);
    expect(customer.messages[1]).toMatchObject({ text: "The studio", fetched: expect.any(Number) });
    expect(customer.messages[1]?.media).toMatch(/^https:.*\.png$/);
    expect(customer.messages[2]).toMatchObject({ file_name: "offer.pdf", fetched: 15, size: 15 });
    expect(customer.messages[3]?.location).toEqual({ lat: 59.9343, lon: 30.3351 });
    expect(customer.messages[4]?.contact).toEqual({ name: "Nina", phone_number: "+4915112345678" });
    expect(customer.messages[0]?.sender?.name).toBe("Clay & Co studio");
    await customer.see();
    for (const { id: messageId } of sent) await ended(id, messageId, "read");
  });

  it("fails in words that say why, and goes out by the retry button", async () => {
    const { customer, id } = await talking("Tomás Rivera");
    simulator.failNext({ method: "send_message", kind: "status", status: 3, message: "badData" });
    const message = await owner.reply(id, "A first try");
    expect((await ended(id, message.id, "failed")).delivery.failure).toMatchObject({
      class: "permanent",
      code: "bad_request",
    });
    await owner.post(`/messages/${message.id}/retry`);
    await ended(id, message.id, "delivered");
    expect(customer.read).toEqual(["A first try"]);
  });

  it("is uncertain when the answer never came, and is not sent twice", async () => {
    const { customer, id } = await talking("Sana Malik");
    simulator.failNext({ method: "send_message", kind: "timeout_after_accept" });
    const message = await owner.reply(id, "Are you there?");
    await ended(id, message.id, "unknown");
    const next = await owner.reply(id, "The next one");
    await ended(id, next.id, "delivered");
    expect(customer.read).toEqual(["Are you there?", "The next one"]);
  });

  it("is not delivered to somebody who blocked the bot, and says so", async () => {
    const { customer, id } = await talking("Igor Panov");
    const blocked = async (): Promise<unknown> => (await owner.get(`/conversations/${id}`)).blocked;
    await customer.block();
    await waitFor(blocked, "the block");
    await customer.unblock();
    await waitFor(async () => !(await blocked()), "the end of it");
    simulator.failNext({ method: "send_message", kind: "status", status: 6 });
    const message = await owner.reply(id, "Hello?");
    expect((await ended(id, message.id, "failed")).delivery.failure).toMatchObject({
      class: "blocked",
      code: "not_subscribed",
    });
  });

  it("is failed afterwards when Viber says so", async () => {
    const { customer, id } = await talking("Late Failure");
    bot.eventTypes = bot.eventTypes.filter((type) => type !== "delivered");
    const message = await owner.reply(id, "To nowhere");
    await ended(id, message.id, "sent");
    const [sent] = customer.messages;
    await customer.failed(sent?.token ?? "", "no route");
    const { delivery } = await ended(id, message.id, "failed");
    expect(delivery.failure).toMatchObject({ code: "not_delivered", message: "no route" });
  });
});

describe("letting go", () => {
  it("takes the webhook back when the account is removed", async () => {
    await owner.delete(`/channels/${channelId}`);
    await waitFor(() => bot.webhook === "", "the webhook to be gone");
  });
});
