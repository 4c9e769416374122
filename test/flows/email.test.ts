/** A mailbox through the whole hub: real IMAP and SMTP, threads, files, loops, and what goes wrong. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MailSimulator, type Mailbox, type MailServers } from "../../demo/simulators/mail.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { messageWhere, threadOf } from "../support/world.ts";

const address = "hello@clay.example";
const password = "an app password";
const maria = { name: "Maria Sokolova", address: "maria@example.com" };
const simulator = new MailSimulator();
let servers: MailServers;
let mailbox: Mailbox;
let hub: TestHub;
let owner: Person;
let channelId: string;

const credentials = (): Record<string, string> => ({
  address,
  password,
  senderName: "Clay & Co",
  imapHost: servers.imap,
  smtpHost: servers.smtp,
});

beforeAll(async () => {
  servers = await simulator.listen();
  mailbox = simulator.addMailbox(address, password);
  await simulator.deliver({ from: "old@example.com", to: address, subject: "Before", text: "An old letter" });
  hub = await startHub({ API_ROOTS: `email=${servers.url}` });
  owner = await hub.owner();
  const body = { kind: "email", credentials: credentials() };
  channelId = (await owner.post<{ id: string }>("/channels", body)).id;
  await connected();
});
afterAll(async () => {
  owner?.leave();
  await hub?.stop();
  await servers?.close();
});

const connected = (id = channelId): Promise<unknown> =>
  waitFor(async () => (await owner.get(`/channels/${id}`)).health.state === "connected", "the mailbox");

const conversationOf = (name: string): Promise<any> =>
  waitFor(
    async () =>
      (await owner.get("/conversations?limit=100")).items.find(
        (item: any) => item.contact.name === name && item.preview,
      ),
    `the conversation with ${name}`,
  );

const ended = (id: string, messageId: string, state: string): Promise<any> =>
  messageWhere(owner, id, (one) => one.id === messageId && one.delivery?.state === state);

async function write(
  name: string,
  text = "Hello",
): Promise<{ id: string; from: typeof maria; messageId: string }> {
  const from = { name, address: `${name.toLowerCase().replaceAll(" ", ".")}@example.com` };
  const messageId = await simulator.deliver({ from, to: address, subject: `From ${name}`, text });
  return { id: (await conversationOf(name)).id, from, messageId };
}

describe("connecting", () => {
  it("proves both servers, and takes nothing that came before", async () => {
    const check = await owner.post("/channels/check", { kind: "email", credentials: credentials() });
    expect(check).toMatchObject({ externalId: address, name: "Clay & Co", link: `mailto:${address}` });
    expect(check.checks.map(({ code }: any) => code)).toEqual(["idle", "smtp", "sent"]);
    expect((await owner.get("/conversations?limit=100")).items).toEqual([]);
  });

  it("loses no letter that comes between the check and the first reading", async () => {
    const other = simulator.addMailbox("second@clay.example", password);
    await simulator.deliver({ from: "old@example.com", to: other.address, text: "Before it was connected" });
    simulator.onLogin(({ server }) => {
      if (server !== "smtp") return;
      simulator.onLogin(() => undefined);
      const early = { name: "Early Bird", address: "early@example.com" };
      void simulator.deliver({ from: early, to: other.address, text: "Just now" });
    });
    await owner.post("/channels", {
      kind: "email",
      credentials: { ...credentials(), address: other.address },
    });
    const { id } = await conversationOf("Early Bird");
    expect((await threadOf(owner, id)).map(({ content }) => content.text)).toEqual(["Just now"]);
    const { items } = await owner.get("/conversations?limit=100");
    expect(items.map(({ contact }: any) => contact.name)).toEqual(["Early Bird"]);
    await owner.patch(`/conversations/${id}`, { state: "resolved" });
  });

  it("refuses a wrong password in words", async () => {
    const { status, body } = await owner.ask("POST", "/channels/check", {
      kind: "email",
      credentials: { ...credentials(), password: "not the password" },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain("login_refused");
    expect(JSON.stringify(body)).not.toContain("not the password");
  });
});

describe("a correspondence", () => {
  it("stays in one thread, whatever the mail programs forget", async () => {
    const first = await simulator.deliver({
      from: maria,
      to: address,
      cc: "office@example.com",
      subject: "A vase",
      text: "Is the blue vase there?",
    });
    const { id } = await conversationOf(maria.name);
    const answer = await owner.reply(id, "Yes, it is.\nNina <3");
    await ended(id, answer.id, "sent");
    const [letter] = simulator.taken.slice(-1);
    expect(letter).toMatchObject({ subject: "Re: A vase", inReplyTo: first });
    expect(letter?.text?.trim()).toBe("Yes, it is.\nNina <3");
    expect(letter?.html).toContain("Nina &lt;3");
    expect([letter?.references].flat()).toContain(first);
    expect(letter?.from?.text).toBe('"Clay & Co" <hello@clay.example>');
    expect([letter?.to].flat()[0]?.text).toContain(maria.address);
    expect([letter?.cc].flat()[0]?.text).toContain("office@example.com");
    await waitFor(() => mailbox.sent.letters.length === 1, "the copy");

    await simulator.deliver({
      from: maria,
      to: address,
      subject: "Re: A vase",
      inReplyTo: letter?.messageId ?? "",
      text: "Then I take two.\n\nOn Sun, 1 Mar 2026 at 10:05, Clay & Co <hello@clay.example> wrote:\n> Yes, it is.",
    });
    const reply = await messageWhere(owner, id, ({ content }) => content.text === "Then I take two.");
    expect(reply.content.letter.quoted).toContain("> Yes, it is.");
    expect(reply.content.letter.subject).toBe("Re: A vase");
    const next = await owner.reply(id, "Done.");
    await ended(id, next.id, "sent");
    expect(simulator.taken.at(-1)?.subject).toBe("Re: A vase");
    expect(mailbox.inbox.letters.every(({ flags }) => flags.size === 0)).toBe(true);
  });

  it("has clean HTML, and files both ways", async () => {
    const png = await picture(300, 200);
    const from = { name: "Vera", address: "vera@example.com" };
    await simulator.deliver({
      from,
      to: address,
      subject: "Broken",
      text: "Look",
      html: '<p style="color:red">Look <b>here</b></p><script>alert(1)</script><img src="cid:one"><img src="https://spy.example/p.gif">',
      attachments: [
        { filename: "crack.png", contentType: "image/png", content: png, cid: "one" },
        { filename: "bill.pdf", contentType: "application/pdf", content: Buffer.from("%PDF-1.4\n%%EOF\n") },
      ],
    });
    const { id } = await conversationOf("Vera");
    const message = await messageWhere(owner, id, ({ content }) =>
      content.attachments?.every(({ media }: any) => media.state === "stored"),
    );
    expect(message.content.attachments.map(({ kind, media }: any) => [kind, media.fileName])).toEqual([
      ["image", "crack.png"],
      ["document", "bill.pdf"],
    ]);
    expect(message.content.attachments[0].media.size).toBe(png.byteLength);
    expect(message.content.letter.html).toContain("<b>here</b>");
    expect(message.content.letter.html).not.toMatch(/script|style|spy|img/);

    const { body } = await owner.upload(
      "offer.pdf",
      "application/pdf",
      Buffer.from("%PDF-1.4\nnew\n%%EOF\n"),
    );
    const media = { state: "stored", fileId: body.id, mime: body.mime, size: body.size, fileName: body.name };
    const sent = await owner.post(`/conversations/${id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content: { text: "Our offer", attachments: [{ kind: "document", media }] },
    });
    await ended(id, sent.id, "sent");
    expect(simulator.taken.at(-1)?.attachments).toMatchObject([
      { filename: "offer.pdf", contentType: "application/pdf", size: body.size },
    ]);
  });

  it("is not begun by programs, nor by letters of its own", async () => {
    const robot = (headers: Record<string, string>, name: string) =>
      simulator.deliver({ from: { name, address: "robot@example.com" }, to: address, text: "away", headers });
    await robot({ "Auto-Submitted": "auto-replied" }, "Robot");
    await robot({ Precedence: "bulk" }, "Robot");
    await robot({ "List-Id": "<news.example.com>" }, "Robot");
    await simulator.deliver({ from: { name: "Myself", address }, to: address, text: "a note" });
    await write("After Robots");
    const { items } = await owner.get("/conversations?limit=100");
    const names = items.map((item: any) => item.contact.name);
    expect(names).not.toContain("Robot");
    expect(names).not.toContain("Myself");
    expect((await owner.get(`/channels/${channelId}`)).unknownCount).toBe(4);
  });
});

describe("a letter's way", () => {
  it("is fetched once more for all of its files together", async () => {
    const before = simulator.fetches;
    const attachments = ["one", "two", "three"].map((name) => ({
      filename: `${name}.txt`,
      contentType: "text/plain",
      content: Buffer.from(`the file ${name}`),
    }));
    const from = { name: "Ida Files", address: "ida@example.com" };
    await simulator.deliver({ from, to: address, text: "Three files", attachments });
    const { id } = await conversationOf("Ida Files");
    const { content } = await messageWhere(owner, id, ({ content }) =>
      content.attachments?.every(({ media }: any) => media.state === "stored"),
    );
    expect(content.attachments).toHaveLength(3);
    for (const [index, { media }] of content.attachments.entries())
      expect(media.size).toBe(attachments[index]?.content.byteLength);
    expect(simulator.fetches - before).toBe(2);
  });

  it("ends at its server: it is sent while the folder of copies does not answer", async () => {
    const { id } = await write("Slow Folder");
    const release = simulator.holdAppends();
    const kept = mailbox.sent.letters.length;
    const { id: sent } = await owner.reply(id, "Straight away");
    await ended(id, sent, "sent");
    expect(mailbox.sent.letters).toHaveLength(kept);
    release();
    await waitFor(() => mailbox.sent.letters.length === kept + 1, "the copy");
  });
});

describe("what goes wrong", () => {
  it("is tried again, or told, by what the server says", async () => {
    const { id } = await write("Tomas Rivera");
    const cases = [
      [{ kind: "refuse", code: 550, message: "5.1.1 no such user" }, "permanent", "recipient_refused"],
      [{ kind: "refuse", code: 552, message: "5.3.4 too big" }, "too_large", "letter_too_large"],
      [{ kind: "refuse", code: 554, message: "5.7.1 spam" }, "permanent", "letter_refused"],
    ] as const;
    for (const [failure, kind, code] of cases) {
      simulator.failNext(failure);
      const message = await owner.reply(id, `For ${code}`);
      const { delivery } = await ended(id, message.id, "failed");
      expect(delivery.failure).toMatchObject({ class: kind, code });
      await owner.post(`/messages/${message.id}/retry`);
      await ended(id, message.id, "sent");
    }
    const before = simulator.taken.length;
    simulator.failNext({ kind: "drop_before_data" });
    const message = await owner.reply(id, "Once more");
    await ended(id, message.id, "sent");
    expect(simulator.taken.length).toBe(before + 1);
  });

  it("is uncertain when the connection ends after the letter, and nothing is sent twice", async () => {
    const { id } = await write("Sana Malik");
    const before = simulator.taken.length;
    simulator.failNext({ kind: "drop_after_data" });
    const message = await owner.reply(id, "Are you there?");
    await ended(id, message.id, "unknown");
    expect(simulator.taken.length).toBe(before + 1);
    const first = simulator.taken.at(-1)?.messageId;
    await owner.post(`/messages/${message.id}/retry`);
    await ended(id, message.id, "sent");
    expect(simulator.taken.at(-1)?.messageId).toBe(first);
  });

  it("comes back: a report of non-delivery fails the letter", async () => {
    const { id } = await write("Gone Away");
    const message = await owner.reply(id, "Hello?");
    await ended(id, message.id, "sent");
    const { messageId } = simulator.taken.at(-1) ?? {};
    simulator.deliverSource(
      address,
      `From: MAILER-DAEMON@mail.example
To: ${address}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mail.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; gone.away@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

From: ${address}
Message-ID: ${messageId ?? ""}
Subject: Hello?

Hello?
--b--
`,
    );
    const { delivery } = await ended(id, message.id, "failed");
    expect(delivery.failure).toMatchObject({ code: "bounced", message: "550 5.1.1 User unknown" });
  });

  it("is caught up after the connection was lost, once, even when the mailbox was numbered anew", async () => {
    await owner.patch(`/channels/${channelId}`, { paused: true });
    mailbox.inbox.renumber();
    await simulator.deliver({
      from: { name: "Late", address: "late@example.com" },
      to: address,
      text: "late",
    });
    await owner.patch(`/channels/${channelId}`, { paused: false });
    const { id } = await conversationOf("Late");
    expect(await threadOf(owner, id)).toHaveLength(1);
    const vera = await threadOf(owner, (await conversationOf("Vera")).id);
    expect(vera.filter(({ type }) => type === "incoming")).toHaveLength(1);
  });
});
