/** Letters that no mail program writes: none of them may keep the letters after it from being received. */
import type { ParsedMail } from "mailparser";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bounceOf } from "../../connectors/email/bounce.ts";
import { filesOf, readFacts } from "../../connectors/email/facts.ts";
import email from "../../connectors/email/index.ts";
import { splitQuoted } from "../../connectors/email/quoted.ts";
import { MailSimulator, type Mailbox, type MailServers } from "../../demo/simulators/mail.ts";
import { waitFor } from "../support/hub.ts";
import { nothingKept, recordingHost, type RecordingHost } from "../support/telegram.ts";
import { workOf } from "../support/work.ts";

const simulator = new MailSimulator();
let servers: MailServers;
let mailbox: Mailbox;
let host: RecordingHost | undefined;
let running: Promise<void> | undefined;

beforeAll(async () => {
  servers = await simulator.listen();
  mailbox = simulator.addMailbox("hello@clay.example", "an app password");
});
afterEach(async () => {
  host?.stop();
  await running;
});
afterAll(() => servers?.close());

async function open(overrides: Parameters<typeof recordingHost>[0] = {}): Promise<RecordingHost> {
  const at = recordingHost(overrides);
  const { address, password } = mailbox;
  const { imap: imapHost, smtp: smtpHost } = servers;
  host = at;
  running = email.open(email.credentials.parse({ address, password, imapHost, smtpHost }), at).run();
  await waitFor(() => at.health.at(-1)?.state === "connected", "the mailbox");
  return at;
}

const lettersOf = (at: RecordingHost): any[] =>
  at.received.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)));

/** The letter, once the one after it is there too. */
async function received(at: RecordingHost, source: string): Promise<any> {
  simulator.deliverSource(mailbox.address, source);
  await simulator.deliver({ from: "maria@example.com", to: mailbox.address, text: "And I?" });
  await waitFor(() => lettersOf(at).length === 2, "the letter after it");
  const [letter, next] = lettersOf(at);
  expect(next.text.trim()).toBe("And I?");
  return letter;
}

const factsOf = (source: string) =>
  readFacts({ uidValidity: "1", uid: 7, arrivedAt: new Date(0), source: Buffer.from(source) });

describe("a letter with headers that are too long", () => {
  const ids = Array.from({ length: 8000 }, (_, index) => `<${index}@example.com>`);

  it("keeps as much of them as a real one has", async () => {
    const long = "x".repeat(1200);
    const letter = await factsOf(
      [
        `From: ${"n".repeat(5000)} <maria@example.com>`,
        `To: <${long}@example.com>, <hello@clay.example>`,
        `Subject: ${"s".repeat(5000)}`,
        `Message-ID: <${long}@example.com>`,
        `In-Reply-To: <${long}@example.com>`,
        `References: <${long}@example.com> ${ids.join(" ")}`,
        "",
        "Hi",
      ].join("\r\n"),
    );
    expect(letter).toMatchObject({
      messageId: "<1.7@no-id>",
      from: { name: "n".repeat(255), address: "maria@example.com" },
      to: [{ name: "", address: "hello@clay.example" }],
      subject: "s".repeat(998),
    });
    expect(letter.inReplyTo).toBeUndefined();
    expect(letter.references).toEqual(["<0@example.com>", ...ids.slice(-99)]);
  });

  it("is received like any other", async () => {
    const { kept } = nothingKept();
    const write: typeof kept.write = (name, value) =>
      (value ?? "").length > 200_000 ? Promise.reject(new Error("too large")) : kept.write(name, value);
    const at = await open({ kept: { ...kept, write } });
    const head = `From: maria@example.com\nMessage-ID: <long@example.com>\nReferences: <${"r".repeat(250_000)}@x>`;
    expect(await received(at, `${head}\nTo: ${"t".repeat(250_000)} <x@example.com>\n\nHi`)).toMatchObject({
      messageId: "<long@example.com>",
      text: expect.stringContaining("Hi"),
    });
    expect(at.logged.join("\n")).not.toContain("could not be kept");
  });

  it("is received even when nothing can be kept of its thread", async () => {
    const { kept } = nothingKept();
    const write: typeof kept.write = (name, value) =>
      name.startsWith("thread ") ? Promise.reject(new Error("too large")) : kept.write(name, value);
    const at = await open({ kept: { ...kept, write } });
    expect(await received(at, "From: maria@example.com\nMessage-ID: <a@b>\n\nHi")).toMatchObject({
      messageId: "<a@b>",
    });
    expect(at.logged.join("\n")).toContain("could not be kept");
    expect(at.health.map(({ state }) => state)).not.toContain("degraded");
  });
});

describe("a letter that the parser refuses", () => {
  const part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n";
  const ofParts = [
    "From: =?utf-8?q?Mar=C3=ADa?= <Maria@example.com>",
    "Subject: Of many",
    " parts",
    "Message-ID: <parts@example.com>",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    part.repeat(1500),
  ].join("\r\n");

  it("is known by its sender, subject and id, and opens no conversation", async () => {
    const letter = await factsOf(ofParts);
    expect(letter).toMatchObject({
      messageId: "<parts@example.com>",
      from: { name: "María", address: "maria@example.com" },
      subject: "Of many parts",
      text: "",
      automatic: "unreadable",
      files: [],
    });
    const [event] = email.parseUpdate(new TextEncoder().encode(JSON.stringify(letter)), new Date());
    expect(event).toMatchObject({ type: "unknown", nativeType: "unreadable" });
    expect(await filesOf(Buffer.from(ofParts))).toEqual([]);
  });

  it("is known by its place when it has nothing else", async () => {
    expect(await factsOf(`References: <${"r".repeat(2_000_000)}@example.com>\r\n\r\nHi`)).toMatchObject({
      messageId: "<1.7@no-id>",
      from: { address: "unknown" },
      automatic: "unreadable",
    });
  });

  it("keeps no other from being received", async () => {
    const at = await open();
    expect(await received(at, ofParts)).toMatchObject({ automatic: "unreadable" });
    expect(at.logged.join("\n")).toContain("could not be read");
    expect(at.health.map(({ state }) => state)).not.toContain("degraded");
  });
});

describe("a report of a letter that came back", () => {
  const reportOf = (more: string) =>
    [
      "From: mailer-daemon@mail.example",
      "Message-ID: <report@mail.example>",
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      "I'm sorry to have to inform you",
      more,
    ].join("\r\n");

  it("names the letter, and why", async () => {
    const parts = [
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Final-Recipient: rfc822; nobody@example.com",
      "Action: failed",
      "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
      "",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "Subject: A vase",
      "Message-Id: <hub.1.0123456789abcdef01234567@clay.example>",
      "",
      "x".repeat(400_000),
      "--b--",
    ];
    const { bounce } = await factsOf(reportOf(parts.join("\r\n")));
    expect(bounce).toEqual({
      messageId: "<hub.1.0123456789abcdef01234567@clay.example>",
      failed: true,
      reason: "550 5.1.1 User unknown",
    });
    const headers = parts.map((line) => line.replace("message/rfc822", "text/rfc822-headers"));
    expect((await factsOf(reportOf(headers.join("\r\n")))).bounce).toEqual(bounce);
  });

  it("is read in no time, whatever it repeats", async () => {
    const source = Buffer.from(reportOf("content-type: message/rfc822\r\n".repeat(250_000)));
    const headers = new Map<string, any>([
      ["content-type", { value: "multipart/report", params: { "report-type": "delivery-status" } }],
    ]);
    const read = () => expect(bounceOf({ headers } as ParsedMail, source)).toBeUndefined();
    expect(await workOf(read)).toBeLessThan(5000);
  });
});

describe("a letter of many quoted lines", () => {
  const lines = ">\n".repeat(250_000);

  it("is folded in no time", async () => {
    const work = await workOf(() => {
      expect(splitQuoted(`${lines}x`)).toEqual({ own: `${lines}x` });
      expect(splitQuoted(`Hi\n\n${lines}\n`)).toEqual({ own: "Hi", quoted: lines.trim() });
    });
    expect(work).toBeLessThan(10_000);
  });
});
