/** What stored letters mean: threads, quotations, HTML, loops and reports. */
import { describe, expect, it } from "vitest";
import email from "../../connectors/email/index.ts";
import { fixturesOf } from "../support/fixtures.ts";

const receivedAt = new Date("2026-03-01T12:00:00Z");
const account = "hello@clay.example";
const thread = "0123456789abcdef01234567";

const read = (letter: object): any =>
  email.parseUpdate(new TextEncoder().encode(JSON.stringify(letter)), receivedAt, account)[0];
const eventOf = (name: string): any => {
  const body = fixturesOf("email").find((fixture) => fixture.name === name)?.body ?? new Uint8Array();
  return email.parseUpdate(body, receivedAt, account)[0];
};
const letter = (more: object) => ({
  kind: "letter",
  uidValidity: "1",
  uid: 1,
  arrivedAt: receivedAt,
  messageId: "<x@example.com>",
  from: { name: "Maria", address: "maria@example.com" },
  ...more,
});

describe("letters", () => {
  it("are messages of a person, with what they say apart from what they quote", () => {
    expect(eventOf("first")).toMatchObject({
      type: "message",
      externalId: "<first@mail.example>",
      peer: {
        aliases: [{ scheme: "email", scope: "", value: "maria@example.com" }],
        email: "maria@example.com",
      },
      content: { text: expect.stringContaining("+49 151 1234567"), letter: { subject: "A vase" } },
    });
    expect(eventOf("answer").content).toMatchObject({
      text: "Then I take two.",
      letter: { quoted: expect.stringMatching(/^On Sun.*wrote:\n> Yes, it is\./) },
    });
    expect(eventOf("answer-russian").content).toMatchObject({ text: "Спасибо!" });
    expect(eventOf("no-text").content).toEqual({
      letter: { subject: "Are you open on Sunday?", to: ["hello@clay.example"], cc: [] },
    });
    expect(eventOf("files").content.attachments.map(({ kind }: any) => kind)).toEqual(["document", "image"]);
  });

  it("leave scripts, styles, pictures and quotations of their HTML behind", () => {
    const { html } = eventOf("html").content.letter;
    expect(html).toContain("<p>Hello <b>you</b></p>");
    expect(html).toContain('<a href="https://shop.example/">good</a>');
    expect(html).not.toMatch(/script|style|onclick|img|spy|earlier|javascript/);
  });

  it("of HTML alone say the same as text: it is what is searched for and shown in lists", () => {
    const html = "<p>Hello &amp; <b>welcome</b></p><ul><li>one</li><li>two</li></ul><script>x()</script>";
    expect(read(letter({ text: "", html })).content.text).toBe("Hello & welcome\none\ntwo");
  });

  it("find their thread by the first letter, or by an id of this hub", () => {
    const root = read(letter({ messageId: "<root@example.com>" })).threadKey;
    const keys = [
      letter({ inReplyTo: "<root@example.com>" }),
      letter({ inReplyTo: "<third@example.com>", references: ["<root@example.com>", "<third@example.com>"] }),
    ].map((one) => read(one).threadKey);
    expect(keys).toEqual([root, root]);
    const own = `<hub.665f1c2ab1.${thread}@clay.example>`;
    expect(read(letter({ inReplyTo: own })).threadKey).toBe(thread);
    expect(read(letter({ references: ["<other@example.com>", own, "<z@example.com>"] })).threadKey).toBe(
      thread,
    );
    expect(read(letter({})).threadKey).not.toBe(root);
  });

  it("of programs, of lists and of the account itself open no conversation", () => {
    expect(eventOf("auto-reply")).toMatchObject({ type: "unknown", nativeType: "auto_submitted" });
    expect(eventOf("newsletter")).toMatchObject({ type: "unknown", nativeType: "list" });
    expect(eventOf("own-copy")).toMatchObject({ type: "unknown", nativeType: "own" });
  });

  it("that came back fail the letter they are about, and nobody else's", () => {
    expect(eventOf("bounce")).toMatchObject({
      type: "delivery",
      state: "failed",
      threadKey: thread,
      failure: { code: "bounced", message: "550 5.1.1 User unknown" },
    });
    expect(eventOf("bounce-of-others")).toMatchObject({ type: "unknown", nativeType: "bounce" });
    expect(eventOf("delayed")).toMatchObject({ type: "unknown", nativeType: "delayed" });
  });
});
