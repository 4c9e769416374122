/** Forms of a card: sent without a script by anybody, and read in the inbox by the team. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acrossWorkspaces, ObjectId } from "../../core/db.ts";
import { EntryModel } from "../../cards/models/index.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, threadOf, type World } from "../support/world.ts";

const letters: ParsedMail[] = [];
let server: SMTPServer;
let world: World;
let card: any;

const form = {
  id: "ask",
  type: "form",
  title: { en: "Ask us", ru: "Спросите нас" },
  fields: [
    { id: "n", kind: "name", label: { en: "Your name" }, required: true },
    { id: "p", kind: "phone", label: {} },
    { id: "e", kind: "email", label: {} },
    { id: "c", kind: "choice", label: { en: "What about?" }, options: { en: "Mugs\nPlates\nClasses" } },
    { id: "q", kind: "long", label: { en: "Question" }, required: true },
    { id: "k", kind: "check", label: { en: "Call me first" } },
  ],
  thanks: { en: "Thank you, we answer today." },
  consentText: { en: "I agree that my data is used to answer me.", ru: "Согласен на обработку данных." },
  consentUrl: "clay.example/privacy",
};
const booking = {
  id: "book",
  type: "booking",
  title: { en: "Book a class" },
  services: { en: "Wheel throwing\nGlazing", ru: "Круг\nГлазурь" },
};

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((letter) => {
        letters.push(letter);
        done();
      }, done),
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  world = await startWorld({
    SMTP_URL: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    MAIL_FROM: "Clay <hello@clay.example>",
    TRUST_PROXY: "true",
  });
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.languages = ["en", "ru"];
  card.draft.blocks.push(form, booking);
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
});
afterAll(async () => {
  await world?.stop();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const agent =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
let visitors = 0;
interface Sending {
  ip?: string;
  query?: string;
  block?: string;
  language?: string;
  headers?: Record<string, string>;
}
/** As a browser sends it; every one is another visitor unless it says which. */
function send(fields: Record<string, string>, more: Sending = {}): Promise<Response> {
  const { block = "ask", language = "en", query = "", ip = `198.51.100.${(visitors += 1)}` } = more;
  return fetch(`${world.hub.url}/c/clay/send/${block}?l=${language}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(fields),
    headers: {
      "user-agent": agent,
      "x-forwarded-for": ip,
      referer: `${world.hub.url}/c/clay${query}`,
      ...more.headers,
    },
  });
}
const answers = (more: Record<string, string> = {}): Record<string, string> => ({
  "q-n": "Vera Lind",
  "q-e": "Vera@Example.com",
  "q-c": "1",
  "q-q": "Do you ship plates?\nTo Kazan.",
  agree: "on",
  ...more,
});
const conversations = async (): Promise<any[]> => (await world.owner.get("/conversations?view=all")).items;
const conversationOf = (name: string): Promise<any> =>
  waitFor(
    async () => (await conversations()).find((one) => one.contact.name === name && one.preview),
    `the conversation of ${name}`,
  );
const incoming = async (id: string): Promise<any[]> =>
  (await threadOf(world.owner, id)).filter(({ type }) => type === "incoming");

describe("a form", () => {
  it("stands on the page as a plain form that needs no script, under a policy that lets it be sent", async () => {
    const page = await fetch(`${world.hub.url}/c/clay`, { headers: { "user-agent": agent } });
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
    const html = await page.text();
    expect(html).toMatch(/<form method="post" action="\/c\/clay\/send\/ask\?l=en&amp;v=\w+#f-ask">/);
    expect(html).toMatch(/<input type="email" name="q-e" autocomplete="email"/);
    expect(html).toContain(`<option value="1">Plates</option>`);
    expect(html).toContain(`<a href="https://clay.example/privacy"`);
    expect(html).not.toMatch(/<script(?! type="application\/ld\+json")/);
  });

  it("lands in the inbox with its answers, where it came from, and the consent in the words that were shown", async () => {
    const sent = await send(answers({ "q-k": "on" }), { query: "?utm_source=instagram&utm_campaign=autumn" });
    expect(sent.status).toBe(303);
    expect(sent.headers.get("location")).toBe("/c/clay?l=en&sent=ask#f-ask");
    const conversation = await conversationOf("Vera Lind");
    const [message] = await incoming(conversation.id);
    expect(message.content).toMatchObject({
      text: "Do you ship plates?\nTo Kazan.",
      card: {
        what: "form",
        title: "Ask us",
        lines: [
          { label: "Your name", value: "Vera Lind" },
          { label: "E-mail", value: "Vera@Example.com" },
          { label: "What about?", value: "Plates" },
          { label: "Call me first", value: "✓" },
        ],
      },
    });
    const whole = await world.owner.get(`/conversations/${conversation.id}`);
    expect(whole.referral).toBe("Clay & Co · Ask us · instagram / autumn");
    const contact = await world.owner.get(`/contacts/${conversation.contact.id}`);
    expect(contact.email).toBe("vera@example.com");
    const { items } = await world.owner.get(`/conversations/${conversation.id}/card-entries`);
    expect(items).toMatchObject([
      {
        cardId: card.id,
        cardName: "Clay & Co",
        title: "Ask us",
        language: "en",
        source: "instagram / autumn",
        consent: {
          text: "I agree that my data is used to answer me.",
          url: "https://clay.example/privacy",
        },
      },
    ]);
    expect(Date.now() - Date.parse(items[0].consent.at)).toBeLessThan(120_000);
    const found = await world.owner.get("/search?q=kazan");
    expect(JSON.stringify(found)).toContain(conversation.id);
  });

  it("thanks on the card, in the visitor's language", async () => {
    const sent = await send(answers({ "q-n": "Ира", "q-e": "ira@example.com" }), { language: "ru" });
    const page = await fetch(new URL(sent.headers.get("location")!, world.hub.url));
    const html = await page.text();
    expect(html).toContain(`<p class="er" role="status">Thank you, we answer today.</p>`);
    expect(html).toContain(`lang="ru"`);
    expect(html).not.toContain(`action="/c/clay/send/ask`);
    expect(html).toContain(`action="/c/clay/send/book?l=ru&amp;v=`);
    const conversation = await conversationOf("Ира");
    const { items } = await world.owner.get(`/conversations/${conversation.id}/card-entries`);
    expect(items[0].consent.text).toBe("Согласен на обработку данных.");
  });

  it("that is sent twice, even at once, is one message", async () => {
    const fields = answers({ "q-n": "Twice Tom", "q-e": "tom@example.com" });
    const sent = await Promise.all([send(fields), send(fields), send(fields)]);
    expect(sent.map(({ status }) => status)).toEqual([303, 303, 303]);
    const conversation = await conversationOf("Twice Tom");
    await send(answers({ "q-n": "Twice Tom", "q-e": "tom@example.com", "q-q": "One more thing" }));
    await waitFor(async () => (await incoming(conversation.id)).length > 1, "the other question");
    expect(await incoming(conversation.id)).toHaveLength(2);
    expect((await conversations()).filter((one) => one.contact.name === "Twice Tom")).toHaveLength(1);
  });

  it("shows what is wrong beside its field, keeps what was typed, and stores nothing", async () => {
    const before = await acrossWorkspaces(EntryModel.countDocuments({}));
    const sent = await send(
      { "q-n": `<b>"Max"`, "q-e": "no address", "q-p": "12", "q-c": "7", "q-q": "" },
      { query: "?utm_source=news" },
    );
    expect(sent.status).toBe(422);
    expect(sent.headers.get("cache-control")).toBe("no-store");
    const html = await sent.text();
    expect(html).toContain(`value="&lt;b&gt;&quot;Max&quot;"`);
    for (const [id, text] of [
      ["e", "This is no e-mail address"],
      ["p", "This is no phone number"],
      ["c", "Please choose one of these"],
      ["q", "Please fill this in"],
      ["agree", "Without this it cannot be sent"],
    ] as const) {
      expect(html).toContain(`aria-describedby="e-ask-${id}"`);
      expect(html).toContain(`<p class="er" id="e-ask-${id}">${text}</p>`);
    }
    expect(html).toContain(`role="alert"`);
    expect(html).toMatch(/\/c\/clay\/send\/ask\?l=en&amp;v=\w+&amp;utm_source=news/);
    expect(await acrossWorkspaces(EntryModel.countDocuments({}))).toBe(before);
  });

  it("takes hostile texts as texts, and refuses what is too long, too much or from another site", async () => {
    const evil = `"><script>alert(1)</script>\u0000\u202Egnp`;
    await send(answers({ "q-n": "Evil Eve", "q-e": "eve@example.com", "q-q": evil, "q-x": "y", agree: "1" }));
    const [message] = await incoming((await conversationOf("Evil Eve")).id);
    expect(message.content.text).toBe(`"><script>alert(1)</script>gnp`);
    expect((await send(answers({ "q-q": "x".repeat(2001) }))).status).toBe(422);
    expect((await send(answers({ "q-q": "x".repeat(600_000) }))).status).toBe(413);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`q-${n}`, "x"]));
    expect((await send(many)).status).toBeGreaterThanOrEqual(400);
    const foreign = await send(answers({ "q-n": "Foreign" }), {
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(foreign.status).toBe(403);
    expect(await foreign.text()).toContain("Vera@Example.com");
    expect((await send(answers(), { block: "nope" })).status).toBe(404);
    expect((await send(answers(), { block: "person" })).status).toBe(404);
  });

  it("is not taken from a program that fills everything in, and says so to a person whom it happens to", async () => {
    const sent = await send(
      answers({ "q-n": "Robot", "q-e": "robot@example.com", leave: "http://spam.example" }),
    );
    expect(sent.status).toBe(422);
    const html = await sent.text();
    expect(html).toContain("Please press the button once more.");
    expect(html).not.toContain("spam.example");
    expect((await conversations()).some((one) => one.contact.name === "Robot")).toBe(false);
  });

  it("is taken a few times from one address, and keeps what was typed when it is too many", async () => {
    const ip = "203.0.113.99";
    const statuses: number[] = [];
    let last: Response | undefined;
    for (let n = 0; n < 12; n += 1) {
      last = await send(answers({ "q-n": "Flood", "q-e": "flood@example.com", "q-q": `Number ${n}` }), {
        ip,
      });
      statuses.push(last.status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(303));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect(Number(last!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await last!.text()).toContain("Number 11");
  });

  it("that was changed since it was shown is shown anew, with what was typed", async () => {
    const html = await (
      await fetch(`${world.hub.url}/c/clay?l=en`, { headers: { "user-agent": agent } })
    ).text();
    const seen = /send\/ask\?l=en&amp;v=(\w+)/.exec(html)?.[1] ?? "";
    const post = (v: string, fields: Record<string, string>): Promise<Response> =>
      fetch(`${world.hub.url}/c/clay/send/ask?l=en&v=${v}`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams(fields),
        headers: { "x-forwarded-for": `203.0.113.${(visitors += 1)}` },
      });
    const before = await acrossWorkspaces(EntryModel.countDocuments({}));
    const refused = await post("older", answers({ "q-n": "Slow Sue" }));
    expect(refused.status).toBe(409);
    const again = await refused.text();
    expect(again).toContain("The form has been changed meanwhile");
    expect(again).toContain('value="Slow Sue"');
    expect(again).not.toContain("selected");
    expect(again).not.toContain("checked");
    expect(again).toContain(`v=${seen}`);
    expect(await acrossWorkspaces(EntryModel.countDocuments({}))).toBe(before);
    expect((await post(seen, answers({ "q-n": "Slow Sue", "q-e": "sue@example.com" }))).status).toBe(303);
  });

  it("that is sent to a former address of the card goes on being sent, and very many fields are refused", async () => {
    await world.owner.patch(`/cards/${card.id}`, { slug: "clay-studio" });
    const moved = await waitFor(async () => {
      const answer = await send(answers({ "q-n": "Moved Mo", "q-e": "mo@example.com" }));
      return answer.status === 308 ? answer : undefined;
    }, "the new address");
    expect(moved.headers.get("location")).toBe("/c/clay-studio/send/ask?l=en");
    await world.owner.patch(`/cards/${card.id}`, { slug: "clay" });
    await waitFor(
      async () => (await fetch(`${world.hub.url}/c/clay`, { redirect: "manual" })).status === 200,
    );
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`x${n}`, "1"]));
    expect((await send(many)).status).toBe(413);
  });

  it("counts as a tap and begins the funnel's conversation", async () => {
    const report = await waitFor(async () => {
      const found = await world.owner.get(`/cards/${card.id}/statistics`);
      return found.blocks.find(({ key }: any) => key === "ask") && found;
    }, "the taps");
    expect(report.totals.messages).toBeGreaterThan(3);
    expect(report.totals.pressed).toBeGreaterThan(0);
  });
});

describe("an answer", () => {
  it("goes by e-mail to who left an address", async () => {
    const conversation = await conversationOf("Vera Lind");
    await world.owner.reply(conversation.id, "We do: <2 days> & free");
    const letter = await waitFor(() => letters[0], "the letter");
    expect(letter.subject).toBe("Clay & Co: an answer to what you sent");
    expect((letter.to as any).text).toBe("vera@example.com");
    expect(letter.text).toContain("We do: <2 days> & free");
    expect(letter.html).toContain("We do: &lt;2 days&gt; &amp; free");
    await waitFor(
      async () =>
        (await threadOf(world.owner, conversation.id)).some((one) => one.delivery?.state === "sent"),
      "the mark",
    );
  });

  it("is refused where only a phone was left, and such a thread is none to begin in", async () => {
    await send(answers({ "q-n": "Phone Phil", "q-e": "", "q-p": "+7 495 555-01-42" }));
    const conversation = await conversationOf("Phone Phil");
    await expect(world.owner.reply(conversation.id, "Hello")).rejects.toThrow(/422|unsupported/);
    const threads = await world.owner.get(`/contacts/${conversation.contact.id}/threads`);
    expect(threads.items).toEqual([]);
    const contact = await world.owner.get(`/contacts/${conversation.contact.id}`);
    expect(contact.phone).toBe("+7 495 555-01-42");
  });

  it("never changes what is known of a contact by what somebody else types", async () => {
    await send(answers({ "q-n": "Mallory", "q-p": "+7 900 000-00-00", "q-q": "I am Vera" }));
    const conversation = await conversationOf("Vera Lind");
    await waitFor(async () => (await incoming(conversation.id)).length === 2, "the other form");
    const contact = await world.owner.get(`/contacts/${conversation.contact.id}`);
    expect(contact).toMatchObject({ name: "Vera Lind", email: "vera@example.com" });
    expect(contact.phone).toBeUndefined();
  });
});

describe("a form of another card of the business", () => {
  it("changes nothing that is known of a contact either", async () => {
    const second = await world.owner.post("/cards", { name: "Classes", slug: "classes" });
    second.draft.blocks.push(form);
    const { rev } = await world.owner.put(`/cards/${second.id}/draft?rev=${second.rev}`, second.draft);
    await world.owner.post(`/cards/${second.id}/publish?rev=${rev}`);
    const fields = answers({ "q-n": "Mallory", "q-p": "+7 900 000-00-00", "q-q": "By the other card" });
    const sent = await fetch(`${world.hub.url}/c/classes/send/ask?l=en`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(fields),
      headers: { "x-forwarded-for": "203.0.113.77" },
    });
    expect(sent.status).toBe(303);
    const at = await waitFor(
      async () => (await conversations()).find(({ preview }) => preview?.text?.includes("By the other card")),
      "the form",
    );
    const contact = await world.owner.get(`/contacts/${at.contact.id}`);
    expect(contact).toMatchObject({ name: "Vera Lind", email: "vera@example.com" });
    expect(contact.phone).toBeUndefined();
  });
});

describe("a form that was stored by a process that ended", () => {
  it("is handed to the inbox all the same, though a hundred older ones cannot be", async () => {
    const [entry] = await acrossWorkspaces(EntryModel.find({})).lean();
    const _id = new ObjectId();
    const sender = `none:${_id.toHexString()}`;
    const update = {
      ...entry!.update,
      id: _id.toHexString(),
      threadKey: sender,
      peer: { aliases: [{ scheme: "card_form", scope: "", value: sender }], name: "Left Behind" },
    };
    const createdAt = new Date(Date.now() - 60_000);
    const broken = Array.from({ length: 100 }, (_, at) => ({
      ...{ ...entry!, _id: new ObjectId(), key: `broken ${at}`, update: { broken: true }, waiting: true },
      createdAt: new Date(createdAt.getTime() - 1 - at),
    }));
    await EntryModel.collection.insertMany(broken);
    await EntryModel.create({ ...entry!, _id, key: sender, sender, update, waiting: true, createdAt });
    const conversation = await waitFor(
      async () =>
        (await conversations()).find(({ contact, preview }) => contact.name === "Left Behind" && preview),
      "its conversation",
    );
    expect(await incoming(conversation.id)).toHaveLength(1);
    await waitFor(
      async () => (await acrossWorkspaces(EntryModel.countDocuments({ waiting: true }))) === broken.length,
      "nothing that waits but what is broken",
    );
    await acrossWorkspaces(EntryModel.deleteMany({ key: /^broken/ }));
  });
});

describe("a booking request", () => {
  const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const request = (more: Record<string, string> = {}): Record<string, string> => ({
    "q-service": "1",
    "q-date": at(3),
    "q-time": "14:30",
    "q-name": "Booking Bea",
    "q-phone": "+7 495 555-01-77",
    "q-comment": "For two",
    agree: "on",
    ...more,
  });

  it("lands in the inbox with its facts", async () => {
    expect((await send(request(), { block: "book", language: "ru" })).status).toBe(303);
    const conversation = await conversationOf("Booking Bea");
    const [message] = await incoming(conversation.id);
    expect(message.content).toMatchObject({
      text: "For two",
      card: { what: "booking", title: "Book a class" },
    });
    expect(message.content.card.lines.map(({ value }: any) => value)).toEqual([
      "Glazing",
      at(3),
      "14:30",
      "Booking Bea",
      "+7 495 555-01-77",
    ]);
  });

  it("needs a way to answer, a moment to come, and one within the hours", async () => {
    const html = async (more: Record<string, string>): Promise<string> =>
      (await send(request(more), { block: "book" })).text();
    expect(await html({ "q-phone": "" })).toContain("Leave a phone number or an e-mail address");
    expect(await html({ "q-date": at(-2) })).toContain("This has passed already");
    expect(await html({ "q-date": at(500) })).toContain("This is no date that can be booked");
    expect(await html({ "q-date": "2026-02-31" })).toContain("This is no date that can be booked");
    expect(await html({ "q-time": "25:00" })).toContain("This is no time of day");
    const day = [{ from: "10:00", to: "12:00" }];
    const week = Array.from({ length: 7 }, () => day);
    week[(new Date(at(4)).getUTCDay() + 6) % 7] = [];
    await world.owner.put("/hours", { timeZone: "UTC", week, holidays: [] });
    expect(await html({})).toContain("Open on this day: 10:00–12:00");
    expect(await html({ "q-date": at(4) })).toContain("Closed on this day");
    const taken = await send(request({ "q-time": "11:59" }), { block: "book" });
    expect(taken.status).toBe(303);
  });
});

describe("a document", () => {
  const upload = (name: string, bytes: Uint8Array | string) =>
    world.owner.ask("POST", "/cards/files", bytes, {
      "content-type": "application/octet-stream",
      "x-file-name": encodeURIComponent(name),
    });
  const pdf = Buffer.from("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

  it("is shown with its kind and size, and given out as a download that nothing runs in", async () => {
    const { status, body: file } = await upload("../../Прайс\u202Efdp.exe.pdf", pdf);
    expect(status).toBe(201);
    expect(file).toMatchObject({ name: "Прайсfdp.exe.pdf", size: pdf.byteLength });
    card = await world.owner.get(`/cards/${card.id}`);
    card.draft.blocks.push({ id: "doc", type: "file", fileId: file.fileId, title: { en: "Prices" } });
    card.draft.blocks.push({ id: "none", type: "file", title: { en: "Nothing yet" } });
    card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
    card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
    const path = `/c/clay/file/${file.fileId}`;
    await waitFor(
      async () => (await (await fetch(`${world.hub.url}/c/clay`)).text()).includes(path),
      "the file",
    );
    const html = await (await fetch(`${world.hub.url}/c/clay?l=en`)).text();
    expect(html).toMatch(/<b>Prices<\/b><small>PDF 1\s?kB<\/small>/);
    expect(html).not.toContain("Nothing yet");
    const got = await fetch(world.hub.url + path);
    expect(got.headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(got.headers.get("x-content-type-options")).toBe("nosniff");
    expect(got.headers.get("content-security-policy")).toContain("sandbox");
    expect(Buffer.from(await got.arrayBuffer()).equals(pdf)).toBe(true);
  });

  it.each([
    ["page.html", "<script>alert(1)</script>"],
    ["logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ["virus.exe", "MZ"],
    ["price.pdf", "<html>no PDF</html>"],
    ["price.docx", "%PDF-1.7"],
    ["notes.txt", "%PDF-1.7"],
    ["empty.pdf", ""],
    ["nothing", "text"],
  ])("is not %s", async (name, bytes) => {
    expect((await upload(name, bytes)).status).toBe(422);
  });
});

describe("a channel of forms", () => {
  it("that is removed takes the forms from the page, and comes back with the next publishing", async () => {
    const { items } = await world.owner.get("/channels");
    const channel = items.find(({ kind }: any) => kind === "card");
    expect(channel).toMatchObject({ name: "Clay & Co" });
    await world.owner.delete(`/channels/${channel.id}`);
    expect((await send(answers({ "q-n": "Late" }))).status).toBe(404);
    card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
    await waitFor(
      async () => (await send(answers({ "q-n": "Back Again", "q-e": "b@example.com" }))).status === 303,
    );
    await conversationOf("Back Again");
  });
});
