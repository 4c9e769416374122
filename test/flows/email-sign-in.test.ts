/** A mailbox that is signed in at its vendor: no password, tokens that end and are renewed, a sign-in that is withdrawn. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MailSimulator, mailClient, type MailServers } from "../../demo/simulators/mail.ts";
import { startHub, waitFor, type Person, type TestHub } from "../support/hub.ts";
import { messageWhere } from "../support/world.ts";

const simulator = new MailSimulator();
let servers: MailServers;
let hub: TestHub;
let owner: Person;

beforeAll(async () => {
  servers = await simulator.listen();
  hub = await startHub({ API_ROOTS: `email=${servers.url}` });
  owner = await hub.owner();
});
afterAll(async () => {
  owner?.leave();
  await hub?.stop();
  await servers?.close();
});

const typedOf = (address: string, provider: string) => ({
  address,
  provider,
  imapHost: servers.imap,
  smtpHost: servers.smtp,
  clientId: mailClient.id,
  clientSecret: mailClient.secret,
});

/** What the browser's window does: the vendor's page, its button, the way back. */
async function agree(url: string): Promise<number> {
  expect(await (await fetch(url)).text()).toContain("read and send your letters");
  return (await comeBack(await agreedAt(url))).status;
}

/** Where the vendor leads a browser whose person agrees. */
async function agreedAt(url: string): Promise<string> {
  return (await fetch(url, { method: "POST", redirect: "manual" })).headers.get("location") ?? "";
}

const comeBack = (place: string | URL, cookie = owner.cookie): Promise<Response> =>
  fetch(place, { headers: { cookie } });

async function signIn(typed: Record<string, string>, channelId?: string): Promise<string> {
  const more = channelId ? { channelId } : {};
  const begun = await owner.post("/channels/sign-ins", { kind: "email", credentials: typed, ...more });
  expect(await agree(begun.url)).toBe(200);
  expect(await owner.get(`/channels/sign-ins/${begun.id}`)).toMatchObject({ state: "done" });
  return begun.id;
}

const healthOf = async (id: string): Promise<any> => (await owner.get(`/channels/${id}`)).health;
const inState = (id: string, state: string): Promise<any> =>
  waitFor(async () => {
    const health = await healthOf(id);
    return health.state === state && health;
  }, `${state}`);

async function letterFrom(name: string, to: string): Promise<any> {
  const from = { name, address: `${name.toLowerCase()}@example.com` };
  await simulator.deliver({ from, to, text: "Hi" });
  return waitFor(
    async () =>
      (await owner.get("/conversations?limit=100")).items.find(
        (item: any) => item.contact.name === name && item.preview,
      ),
    `the letter of ${name}`,
  );
}

const ended = (conversationId: string, id: string, state: string): Promise<any> =>
  messageWhere(owner, conversationId, (one) => one.id === id && one.delivery.state === state);

describe.each(["google", "microsoft"])("signed in at %s", (provider) => {
  const address = `shop@${provider}.example`;
  let id: string;

  it("works without a password, and shows nothing of what the sign-in brought", async () => {
    simulator.addMailbox(address, "a password that nobody typed");
    const typed = typedOf(address, provider);
    const signInId = await signIn(typed);
    const channel = await owner.post("/channels", { kind: "email", credentials: typed, signInId });
    id = channel.id;
    await inState(id, "connected");
    const conversation = await letterFrom(`Olga${provider}`, address);
    const message = await owner.reply(conversation.id, "Hello Olga");
    await ended(conversation.id, message.id, "sent");
    expect(simulator.logins.filter(({ method }) => method === "password")).toEqual([]);
    const shown = await owner.get(`/channels/${id}`);
    expect(Object.keys(shown.credentials).toSorted()).toEqual(
      [...Object.keys(typed), "encryption", "sentCopy"].toSorted(),
    );
    const { items } = await owner.get("/connectors");
    const fields = items.find(({ kind }: any) => kind === "email").fields.map(({ name }: any) => name);
    expect(fields).toContain("clientId");
    for (const name of ["refreshToken", "accessToken", "expiresAt"]) expect(fields).not.toContain(name);
    const log = hub.logged.join("\n");
    for (const secret of [mailClient.secret, "refresh-"]) expect(log).not.toContain(secret);
  });

  it("renews a token that has ended, for letters both ways", async () => {
    simulator.expireTokens();
    await owner.post(`/channels/${id}/reconnect`);
    await inState(id, "connected");
    const asked = simulator.grants.length;
    const conversation = await letterFrom(`Pia${provider}`, address);
    simulator.expireTokens();
    const message = await owner.reply(conversation.id, "Hello Pia");
    await ended(conversation.id, message.id, "sent");
    expect(simulator.grants.slice(asked)).toEqual(["refresh_token"]);
    await owner.post(`/channels/${id}/reconnect`);
    await inState(id, "connected");
    expect(simulator.grants.length).toBe(asked + 1);
  });

  it("says that it has to be signed in again, and goes on when it is", async () => {
    const conversation = await letterFrom(`Rosa${provider}`, address);
    simulator.withdrawSignIns();
    const held = await owner.reply(conversation.id, "Written meanwhile");
    await ended(conversation.id, held.id, "failed");
    expect(await inState(id, "needs_login")).toMatchObject({ problem: { code: "sign_in_expired" } });
    const signInId = await signIn({}, id);
    await owner.patch(`/channels/${id}`, { signInId });
    await inState(id, "connected");
    await ended(conversation.id, held.id, "sent");
    await letterFrom(`Tom${provider}`, address);
  });
});

describe("a sign-in", () => {
  it("is no sign-in when its page is denied, or its code was used before", async () => {
    const address = "other@google.example";
    simulator.addMailbox(address, "unused");
    const typed = typedOf(address, "google");
    const begin = () => owner.post("/channels/sign-ins", { kind: "email", credentials: typed });
    const denied = await begin();
    expect((await comeBack(await agreedAt(`${denied.url}&deny=1`))).status).toBe(400);
    expect(await owner.get(`/channels/sign-ins/${denied.id}`)).toMatchObject({
      state: "failed",
      problem: { code: "sign_in_refused" },
    });
    const first = await begin();
    const place = await agreedAt(first.url);
    expect((await comeBack(place)).status).toBe(200);
    const second = await begin();
    const state = new URL(second.url).searchParams.get("state") ?? "";
    const stolen = new URL(place);
    stolen.searchParams.set("state", state);
    expect((await comeBack(stolen)).status).toBe(400);
    expect(await owner.get(`/channels/sign-ins/${second.id}`)).toMatchObject({
      problem: { code: "sign_in_expired" },
    });
  });

  it("comes back into the browser that began it, and no other", async () => {
    simulator.addMailbox("lured@google.example", "unused");
    const colleague = await owner.invite("admin@clay.example", { role: "administrator" });
    for (const cookie of ["", colleague.cookie]) {
      const typed = typedOf("lured@google.example", "google");
      const begun = await owner.post("/channels/sign-ins", { kind: "email", credentials: typed });
      const place = await agreedAt(begun.url);
      expect((await comeBack(place, cookie)).status).toBe(400);
      expect(await owner.get(`/channels/sign-ins/${begun.id}`)).toMatchObject({
        state: "failed",
        problem: { code: "sign_in_elsewhere" },
      });
      expect((await comeBack(place)).status).toBe(400);
    }
  });

  it("cannot be typed: tokens of a request are left out", async () => {
    const { status, body } = await owner.ask("POST", "/channels/check", {
      kind: "email",
      credentials: { ...typedOf("other@google.example", "google"), refreshToken: "refresh-made-up" },
    });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "invalid_input" });
    expect(JSON.stringify(body)).toContain("password");
  });
});
