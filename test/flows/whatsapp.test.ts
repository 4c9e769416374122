/** WhatsApp through the whole hub: webhooks in, sockets out, everything that agents can send. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WhatsappCustomer } from "../../demo/simulators/whatsapp/customer.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { waitFor } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { proofOf } from "../support/proofs.ts";
import { startWhatsappWorld, whatsappCredentials, type WhatsappWorld } from "../support/whatsapp.ts";
import { messageWhere, threadOf } from "../support/world.ts";

let world: WhatsappWorld;
let kate: WhatsappCustomer;
let conversation: any;
beforeAll(async () => {
  world = await startWhatsappWorld();
  kate = world.simulator.addCustomer({
    name: "Kate Winslow",
    phone: "447700900123",
    userId: "GB.77009001231",
  });
  kate.say(world.number, "Is it food safe?");
  conversation = await waitFor(
    async () =>
      (await world.owner.get("/conversations?limit=100")).items.find(
        (item: any) => item.contact.name === "Kate Winslow" && item.preview,
      ),
    "the conversation",
  );
});
afterAll(() => world.stop());

const chat = () => kate.chat(world.number);
const last = (): any => chat().messages.at(-1);

async function post(body: Uint8Array, headers = proofOf("whatsapp").sign?.(body, "") ?? {}): Promise<number> {
  const response = await fetch(`${world.hub.url}/webhooks/whatsapp/${world.channelId}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(body),
  });
  return response.status;
}

const allMessages = async (): Promise<any[]> => {
  const { items } = await world.owner.get("/conversations?limit=100");
  return (await Promise.all(items.map((item: any) => threadOf(world.owner, item.id)))).flat();
};
const settled = async (): Promise<any[] | undefined> => {
  const metrics = await (await fetch(`${world.hub.url}/metrics`)).text();
  return /switchboard_inbound_waiting 0/.test(metrics) ? allMessages() : undefined;
};

describe("every kind of delivery", () => {
  const fixtures = fixturesOf("whatsapp");

  it(`is taken, recorded and shown (${fixtures.length} kinds), and adds nothing when it comes again`, async () => {
    for (const { body } of fixtures) expect(await post(body)).toBe(200);
    const messages = await waitFor(settled, "everything to be recorded");
    const kinds = new Set(
      messages.flatMap((message) => [
        ...(message.content.attachments ?? []).map((one: any) => one.kind),
        ...Object.keys(message.content),
      ]),
    );
    for (const kind of [
      "text",
      "image",
      "video",
      "audio",
      "voice",
      "document",
      "sticker",
      "location",
      "contact",
    ])
      expect(kinds, kind).toContain(kind);
    for (const kind of ["action", "card", "service", "unsupported"]) expect(kinds, kind).toContain(kind);
    expect(messages.some(({ editedAt, deletedAt }) => editedAt && deletedAt)).toBe(true);
    expect(messages.find(({ content }) => content.text === "We do, from my phone")).toMatchObject({
      type: "outgoing",
    });
    expect(messages.some((message) => message.content.text === "Three, to the other number")).toBe(false);

    for (const { body } of fixtures) expect(await post(body)).toBe(200);
    for (const { body } of fixtures) expect(await post(Buffer.concat([body, Buffer.from(" ")]))).toBe(200);
    const again = await waitFor(settled, "everything once more");
    expect(again.map(({ id }) => id).toSorted()).toEqual(messages.map(({ id }) => id).toSorted());
  });

  it("is refused without its signature, and with another body than was signed", async () => {
    const body = fixtures[0]?.body ?? new Uint8Array();
    expect(await post(body, {})).toBe(401);
    expect(await post(Buffer.concat([body, Buffer.from(" ")]), proofOf("whatsapp").sign?.(body, ""))).toBe(
      401,
    );
  });

  it("a changed number is the same contact, known under both", async () => {
    const found = await waitFor(
      async () =>
        (await world.owner.get("/conversations?limit=100")).items.find(
          (item: any) => item.contact.name === "Sheena Nelson",
        ),
      "Sheena",
    );
    const contact = await world.owner.get(`/contacts/${found.contact.id}`);
    expect(JSON.stringify(contact)).toContain("12195555358");
  });
});

describe("what agents send", () => {
  const post = (content: object, more: object = {}): Promise<any> =>
    world.owner.post(`/conversations/${conversation.id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content,
      ...more,
    });
  const reaches = (id: string, ...states: string[]): Promise<any> =>
    messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === id && states.includes(message.delivery.state),
    );
  const send = async (content: object, more: object = {}): Promise<any> => {
    const { id } = await post(content, more);
    return reaches(id, "sent", "delivered", "read");
  };
  const upload = async (name: string, mime: string, bytes: Uint8Array): Promise<object> => {
    const { body } = await world.owner.upload(name, mime, bytes);
    return { state: "stored", fileId: body.id };
  };

  it("rises from sent over delivered to read", async () => {
    const ear = await world.owner.listen();
    const { id } = await post({ text: "Yes, it is." });
    await reaches(id, "delivered");
    kate.read(world.number);
    await reaches(id, "read");
    await ear.wait("message", ({ message }) => message.id === id && message.delivery?.state === "read");
    expect(last()).toMatchObject({ type: "text", body: { text: { body: "Yes, it is." } } });
    expect(world.simulator.callsOf("/messages").at(-1)?.params).toMatchObject({
      recipient: "GB.77009001231",
    });
  });

  it("arrives as picture, file, location, contact, buttons, quote", async () => {
    await send({
      text: "a mug",
      attachments: [{ kind: "image", media: await upload("mug.png", "image/png", await picture()) }],
    });
    expect(last()).toMatchObject({ type: "image", body: { image: { caption: "a mug" } } });

    await send({
      attachments: [
        { kind: "document", media: await upload("Смета.txt", "text/plain", Buffer.from("1240 °C")) },
      ],
    });
    expect(last()).toMatchObject({ type: "document", body: { document: { filename: "Смета.txt" } } });

    await send({ attachments: [{ kind: "location", latitude: 55.75, longitude: 37.61 }] });
    expect(last()).toMatchObject({ type: "location", body: { location: { latitude: 55.75 } } });

    await send({ attachments: [{ kind: "contact", name: "Studio", phones: ["+74955550140"] }] });
    expect(last()).toMatchObject({ body: { contacts: [{ phones: [{ phone: "+74955550140" }] }] } });

    const asked = await send({
      text: "When?",
      buttons: [[{ title: "Today", value: "today" }, { title: "Tomorrow" }]],
    });
    expect(last().body.interactive.action.buttons).toMatchObject([{ reply: { id: "today" } }, {}]);
    kate.press(world.number, last(), { id: "today", title: "Today" });
    await messageWhere(world.owner, conversation.id, (message) => message.content.action?.value === "today");

    await send({ text: "I mean this" }, { replyToMessageId: asked.id });
    expect(last().body.context).toMatchObject({ message_id: expect.stringMatching(/^wamid/) });
  });

  it("quotes, reactions, edits and revocations of the customer are shown", async () => {
    const mine = kate.reply(world.number, last(), "This one?");
    const shown = await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.content.text === "This one?",
    );
    expect(shown.replyTo).toBeDefined();
    kate.edit(world.number, mine, "This one, please");
    await messageWhere(world.owner, conversation.id, ({ content }) => content.text === "This one, please");
    kate.revoke(world.number, mine);
    await messageWhere(
      world.owner,
      conversation.id,
      ({ id, deletedAt }) => id === shown.id && Boolean(deletedAt),
    );
  });

  it("a file of the customer is fetched behind the token", async () => {
    const bytes = await picture(64, 64);
    kate.sendFile(
      world.number,
      "image",
      { bytes, name: "crack.png", mime: "image/png" },
      { caption: "a crack" },
    );
    const shown = await messageWhere(
      world.owner,
      conversation.id,
      ({ content }) => content.text === "a crack" && content.attachments[0].media.state === "stored",
    );
    expect(shown.content.attachments[0].media).toMatchObject({ mime: "image/png", width: 64 });
  });

  it("a send whose answer never came is settled by its status, and never sent twice", async () => {
    world.simulator.reach = "accepted";
    world.simulator.failNext({ path: "/messages", kind: "drop_after_accept" });
    const { id } = await post({ text: "half way" });
    await reaches(id, "unknown");
    world.simulator.setState(kate, world.number, last(), "delivered");
    await reaches(id, "delivered");
    expect(chat().messages.filter(({ body }: any) => body.text?.body === "half way")).toHaveLength(1);
    world.simulator.reach = "delivered";
  });

  it("is tried again when the platform is busy, and keeps its order", async () => {
    world.simulator.failNext({ path: "/messages", kind: "error", error: { code: 131016, message: "busy" } });
    const ids = [];
    for (const text of ["one", "two"]) ids.push((await post({ text })).id);
    await reaches(ids[1], "delivered");
    expect(
      chat()
        .messages.slice(-2)
        .map(({ body }: any) => body.text.body),
    ).toEqual(["one", "two"]);
  });

  it("a closed window and an undeliverable message end as failed with their reason; retry sends again", async () => {
    chat().closed = true;
    const late = await post({ text: "too late" });
    expect((await reaches(late.id, "failed")).delivery.failure).toMatchObject({ class: "window_closed" });
    const now = (): Promise<any> => world.owner.get(`/conversations/${conversation.id}`);
    await waitFor(async () => (await now()).windowClosedAt, "the window to be known as closed");
    await expect(post({ text: "once more" })).rejects.toThrow(/window_closed/);
    chat().closed = false;
    kate.say(world.number, "Here I am again");
    await waitFor(async () => !(await now()).windowClosedAt, "the window to be open again");
    chat().blocked = true;
    const lost = await post({ text: "lost" });
    expect((await reaches(lost.id, "failed")).delivery.failure).toMatchObject({ code: "undeliverable" });
    chat().blocked = false;
    await world.owner.post(`/messages/${lost.id}/retry`, {});
    await reaches(lost.id, "delivered");
  });

  it("templates are listed and sent, with numbered and with named places", async () => {
    const { items } = await world.owner.get(`/channels/${world.channelId}/templates`);
    expect(items.map(({ name, params, headerFile }: any) => [name, params, headerFile?.kind])).toEqual([
      ["order_ready", 2, undefined],
      ["see_you", 2, undefined],
      ["with_picture", 0, "image"],
      ["with_video", 1, "video"],
      ["with_bill", 1, "document"],
    ]);
    chat().closed = true;
    await send({ template: { name: "order_ready", language: "en", params: ["Kate", "2214"] } });
    expect(last().body.template.components[0].parameters).toMatchObject([{ text: "Kate" }, { text: "2214" }]);
    await send({ template: { name: "see_you", language: "en", params: ["Friday", "Kate"] } });
    expect(last().body.template.components[0].parameters).toMatchObject([
      { text: "Friday", parameter_name: "day" },
      { text: "Kate", parameter_name: "first_name" },
    ]);
    chat().closed = false;
  });

  it("a template that begins with a file is sent with it, and refused without or with another", async () => {
    chat().closed = true;
    const use = (name: string, params: string[]) => ({ template: { name, language: "en", params } });
    const png = await upload("mug.png", "image/png", await picture());
    const sent = await send({ ...use("with_picture", []), attachments: [{ kind: "image", media: png }] });
    expect(sent.content).toMatchObject({ text: "New mugs", attachments: [{ kind: "image" }] });
    const [shown] = last().body.template.components;
    expect(shown).toMatchObject({ type: "header", parameters: [{ type: "image" }] });
    expect(world.simulator.media.get(shown.parameters[0].image.id)?.mime).toBe("image/png");

    const mp4 = await upload("wheel.mp4", "video/mp4", Buffer.from("\0\0\0\u0018ftypmp42\0\0\0\0mp42isom"));
    await send({ ...use("with_video", ["a bowl"]), attachments: [{ kind: "video", media: mp4 }] });
    expect(last().body.template.components).toMatchObject([
      { type: "header", parameters: [{ type: "video" }] },
      { type: "body", parameters: [{ text: "a bowl" }] },
    ]);

    const bytes = new TextEncoder().encode("%PDF-1.4\nbill\n%%EOF\n");
    const pdf = await upload("Bill 2214.pdf", "application/pdf", bytes);
    await send({ ...use("with_bill", ["2214"]), attachments: [{ kind: "document", media: pdf }] });
    expect(last().body.template.components[0]).toMatchObject({
      parameters: [{ type: "document", document: { filename: "Bill 2214.pdf" } }],
    });

    const before = chat().messages.length;
    const wrong = [
      use("with_picture", []),
      { ...use("with_picture", []), attachments: [{ kind: "document", media: pdf }] },
      { ...use("with_picture", []), attachments: [{ kind: "image", media: pdf }] },
      { ...use("with_bill", ["1"]), attachments: [{ kind: "location", latitude: 1, longitude: 1 }] },
      { ...use("order_ready", ["Kate", "1"]), attachments: [{ kind: "image", media: png }] },
    ];
    for (const content of wrong) await expect(post(content)).rejects.toThrow(/400.*attachments/);
    expect(chat().messages.length).toBe(before);
    chat().closed = false;
  });

  it("a token that was taken back ends in trouble that says so", async () => {
    world.simulator.failNext({
      path: "/messages",
      kind: "error",
      error: { code: 190, status: 401, message: "ended" },
    });
    const { id } = await post({ text: "with an old token" });
    expect((await reaches(id, "failed")).delivery.failure).toMatchObject({ class: "auth" });
  });
});

it("never writes a token, a secret or a message into the log", () => {
  const logged = world.hub.logged.join("");
  expect(logged).not.toContain(whatsappCredentials.accessToken);
  expect(logged).not.toContain(whatsappCredentials.appSecret);
  expect(logged).not.toContain("Is it food safe?");
});
