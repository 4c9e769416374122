/**
 * Reading a mailbox: by IDLE where there is one, by looking every minute where there is none, and where reading begins.
 * What becomes of copies of sent letters when it ends.
 */
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import email from "../../connectors/email/index.ts";
import { MailSimulator, type Mailbox, type MailServers } from "../../demo/simulators/mail.ts";
import { waitFor } from "../support/hub.ts";
import { recordingHost, sendOf, type RecordingHost } from "../support/telegram.ts";
import { eventually } from "../support/eventually.ts";

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
  vi.useRealTimers();
});
afterAll(() => servers?.close());

const credentials = () =>
  email.credentials.parse({
    address: mailbox.address,
    password: mailbox.password,
    imapHost: servers.imap,
    smtpHost: servers.smtp,
  });

function open(): RecordingHost {
  host = recordingHost();
  running = email.open(credentials(), host).run();
  return host;
}

const connected = (at: RecordingHost) =>
  waitFor(() => at.health.at(-1)?.state === "connected", "the mailbox");
const deliver = (text: string) => simulator.deliver({ from: "maria@example.com", to: mailbox.address, text });
const textsOf = (at: RecordingHost): string[] =>
  at.received.map((bytes) => (JSON.parse(new TextDecoder().decode(bytes)) as { text: string }).text.trim());

it("a server with IDLE tells of a letter by itself", async () => {
  mailbox.idle = true;
  const at = open();
  await connected(at);
  await deliver("At once");
  await waitFor(() => textsOf(at).includes("At once"), "the letter");
});

it("a server without it is looked at every minute", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  mailbox.idle = false;
  const profile = await email.check(credentials(), recordingHost());
  expect(profile.checks.map(({ code }) => code)).toContain("polling");
  const at = open();
  await connected(at);
  await deliver("A minute later");
  vi.advanceTimersByTime(59_000);
  expect(textsOf(at)).toEqual([]);
  vi.advanceTimersByTime(1000);
  await waitFor(() => textsOf(at).includes("A minute later"), "the letter");
});

it("reading begins where the check was made", async () => {
  mailbox.idle = true;
  await deliver("Long ago");
  const { kept } = recordingHost();
  await email.check(credentials(), recordingHost({ kept }));
  await deliver("After the check");
  host = recordingHost({ kept });
  running = email.open(credentials(), host).run();
  const at = host;
  await waitFor(() => textsOf(at).length > 0, "the letter");
  expect(textsOf(at)).toEqual(["After the check"]);
});

/** A connected mailbox that has just sent a letter, whose copy the server does not take yet. */
async function sentOne(): Promise<{
  at: RecordingHost;
  release: () => void;
  kept: number;
  end: Promise<void>;
}> {
  mailbox.idle = true;
  const at = recordingHost();
  host = at;
  const session = email.open(credentials(), at);
  running = session.run();
  await connected(at);
  await deliver("Do you have mugs?");
  await waitFor(() => at.received.length > 0, "the letter");
  const [body = new Uint8Array()] = at.received;
  const [event] = email.parseUpdate(body, new Date(), mailbox.address);
  const release = simulator.holdAppends();
  const kept = mailbox.sent.letters.length;
  await session.perform(sendOf(event?.threadKey ?? "", { text: "Yes" }));
  return { at, release, kept, end: running };
}

it("an account that ends waits for the copies that are on their way", async () => {
  const { at, release, kept, end } = await sentOne();
  let ended = false;
  void end.then(() => (ended = true));
  at.stop();
  await deliver("Meanwhile"); // a round trip with the server
  expect(ended).toBe(false);
  release();
  await end;
  expect(mailbox.sent.letters).toHaveLength(kept + 1);
  expect(at.logged.join()).not.toContain("copies");
});

it("it does not wait for ever, and says what is left", async () => {
  const { at, release, kept, end } = await sentOne();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  at.stop();
  await eventually(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
  await vi.advanceTimersByTimeAsync(5000);
  await end;
  vi.useRealTimers();
  expect(at.logged.join("\n")).toContain('stopped before all copies of letters were kept {"letters":1}');
  release();
  await waitFor(() => mailbox.sent.letters.length === kept + 1, "the copy");
});
