/** Mail servers that encrypt, with a certificate of their own making: what is trusted, and what is told to nobody else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MailSimulator, type MailServers } from "../../demo/simulators/mail.ts";
import { makeCertificate, type Certificate } from "../support/certificate.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import { messageWhere } from "../support/world.ts";

const password = "an app password";
let certificate: Certificate;
let trusting: Program;
let owner: Person;
/** In this process, which knows nothing of the certificate. */
let strict: TestHub;
let stranger: Person;
const open: MailServers[] = [];

beforeAll(async () => {
  certificate = await makeCertificate();
  trusting = await Program.create({ environment: { NODE_EXTRA_CA_CERTS: certificate.path } });
  await trusting.start();
  owner = await trusting.owner();
  strict = await startHub();
  stranger = await strict.owner();
});
afterAll(async () => {
  await strict?.stop();
  await trusting?.remove();
  await Promise.all(open.map((servers) => servers.close()));
  await certificate?.remove();
});

async function serve(
  begins?: "at_once" | "by_starttls",
): Promise<{ simulator: MailSimulator } & MailServers> {
  const simulator = new MailSimulator();
  const { key, cert } = certificate;
  const servers = await simulator.listen(begins && { key, cert, begins });
  open.push(servers);
  return { simulator, ...servers };
}

/** By a name of this machine that the hub does not treat as its own: nothing may go there in the clear. */
const outside = (place: string): string => place.replace("127.0.0.1", "0.0.0.0");
const credentialsOf = (address: string, { imap, smtp }: MailServers, encryption: string) => ({
  address,
  password,
  encryption,
  imapHost: outside(imap),
  smtpHost: outside(smtp),
});

describe.each([
  { begins: "at_once", encryption: "tls" },
  { begins: "by_starttls", encryption: "starttls" },
  { begins: "by_starttls", encryption: "auto" },
] as const)("encryption that begins $begins, chosen as $encryption", ({ begins, encryption }) => {
  it("carries letters both ways, and nothing in the clear", async () => {
    const servers = await serve(begins);
    const { simulator } = servers;
    const address = `${encryption}@clay.example`;
    simulator.addMailbox(address, password);
    const credentials = credentialsOf(address, servers, encryption);
    const { id } = await owner.post("/channels", { kind: "email", credentials });
    await waitFor(
      async () => (await owner.get(`/channels/${id}`)).health.state === "connected",
      "the mailbox",
    );
    const from = { name: `Vera ${encryption}`, address: "vera@example.com" };
    await simulator.deliver({ from, to: address, text: "Is this private?" });
    const conversation = await waitFor(
      async () => (await owner.get(`/conversations?channelId=${id}`)).items.find((one: any) => one.preview),
      "the letter",
    );
    const { id: messageId } = await owner.reply(conversation.id, "It is.");
    await messageWhere(
      owner,
      conversation.id,
      (one) => one.id === messageId && one.delivery.state === "sent",
    );
    expect(simulator.taken.at(-1)?.text?.trim()).toBe("It is.");
    expect(simulator.logins.length).toBeGreaterThan(2);
    expect(simulator.logins.every(({ encrypted }) => encrypted)).toBe(true);
  });

  it("is refused with a certificate that nobody vouches for, before the login", async () => {
    const servers = await serve(begins);
    servers.simulator.addMailbox("self@clay.example", password);
    const { status, body } = await stranger.ask("POST", "/channels/check", {
      kind: "email",
      credentials: credentialsOf("self@clay.example", servers, encryption),
    });
    expect(status).toBe(502);
    expect(body.error.details).toMatchObject({ code: "certificate_refused" });
    expect(servers.simulator.logins).toEqual([]);
  });
});

describe("a server without encryption", () => {
  it.each(["auto", "starttls"])("gets no password, asked as %s", async (encryption) => {
    const servers = await serve();
    servers.simulator.addMailbox("bare@clay.example", password);
    const { body } = await stranger.ask("POST", "/channels/check", {
      kind: "email",
      credentials: credentialsOf("bare@clay.example", servers, encryption),
    });
    expect(body.error.details).toMatchObject({ code: "encryption_missing" });
    expect(servers.simulator.logins).toEqual([]);
  });

  it("takes no letter where only the incoming one encrypts", async () => {
    const safe = await serve("by_starttls");
    const bare = await serve();
    for (const { simulator } of [safe, bare]) simulator.addMailbox("half@clay.example", password);
    const { body } = await owner.ask("POST", "/channels/check", {
      kind: "email",
      credentials: credentialsOf("half@clay.example", { ...safe, smtp: bare.smtp }, "auto"),
    });
    expect(body.error.details).toMatchObject({ code: "encryption_missing" });
    expect(bare.simulator.logins).toEqual([]);
  });
});
