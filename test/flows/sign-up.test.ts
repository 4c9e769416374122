/** SIGNUP=open: a workspace of one's own by a confirmed e-mail; closed unless it is set. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../../core/config.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { StaffModel } from "../../core/auth/index.ts";
import { SignUpModel } from "../../workspace/models/sign-up.ts";
import { Person, startHub, waitFor, type TestHub } from "../support/hub.ts";
import { openMailbox, type Mailbox } from "../support/mailbox.ts";

const password = "two kilns and a wheel";
const founder = { workspaceName: "Moss", name: "Lena Moss", password, locale: "en" };

let mailbox: Mailbox;
let hub: TestHub;
let host: Person;

/** Each test comes from a place of its own: what one asks for too often is not held against the next. */
let place = 1;
const newcomer = (): Person => new Person(hub.url);
const from = (): Record<string, string> => ({ "x-forwarded-for": `10.0.0.${place}` });

async function ask(email: string, locale = "en"): Promise<number> {
  return (await newcomer().ask("POST", "/sign-up", { email, locale }, from())).status;
}
const lastLetter = (email: string) =>
  mailbox.letters.findLast(({ to }) => to && !Array.isArray(to) && to.value[0]?.address === email);
const tokenFor = (email: string): string => /sign-up#([\w-]+)/.exec(lastLetter(email)?.text ?? "")?.[1] ?? "";

async function register(email: string, more: object = {}): Promise<Person> {
  expect(await ask(email)).toBe(202);
  const person = newcomer();
  await person.enter("/sign-up/complete", { ...founder, token: tokenFor(email), ...more });
  return person;
}

beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox?.stop());

describe("a hub with SIGNUP=open", () => {
  beforeAll(async () => {
    hub = await startHub({ ...mailbox.environment, SIGNUP: "open", TRUST_PROXY: "on" });
  });
  afterAll(() => hub?.stop());

  it("lets nobody register before it has its owner", async () => {
    expect(await newcomer().get("/setup")).toEqual({ needed: true, signUp: false, mail: true });
    expect(await ask("early@moss.example")).toBe(403);
    expect(mailbox.letters).toEqual([]);
    host = await hub.owner();
    expect(await newcomer().get("/setup")).toEqual({ needed: false, signUp: true, mail: true });
  });

  it("founds a workspace by the link of the letter, which works once", async () => {
    expect(await ask("Lena@Moss.example", "ru")).toBe(202);
    const letter = lastLetter("lena@moss.example");
    expect(letter?.subject).toBe("Ваше пространство в Switchboard");
    const token = tokenFor("lena@moss.example");
    expect(letter?.text).toContain(`${hub.url}/sign-up#${token}`);
    expect(await newcomer().post("/sign-up/check", { token })).toEqual({ email: "lena@moss.example" });
    const lena = newcomer();
    await lena.enter("/sign-up/complete", { ...founder, token });
    const { me, workspace } = await lena.get("/session");
    expect(me).toMatchObject({ email: "lena@moss.example", role: "super_administrator", channelIds: "all" });
    expect(workspace.name).toBe("Moss");
    for (const path of ["/sign-up/check", "/sign-up/complete"])
      expect((await newcomer().ask("POST", path, { ...founder, token })).status).toBe(410);
    const again = newcomer();
    await again.enter("/session", { email: "lena@moss.example", password });
    expect(again.id).toBe(lena.id);
    expect(hub.logged.join("")).not.toMatch(/lena@moss\.example|sign-up#/);
    expect(hub.logged.join("")).not.toContain(token);
  });

  it("keeps the workspaces apart", async () => {
    const stranger = await register("olaf@oak.example", { workspaceName: "Oak" });
    const people = async (one: Person): Promise<string[]> =>
      (await one.get("/staff")).items.map(({ email }: any) => email);
    expect(await people(stranger)).toEqual(["olaf@oak.example"]);
    expect(await people(host)).toEqual(["anna@clay.example"]);
    const card = await host.post("/cards", { name: "Clay & Co", slug: "clay" });
    expect((await stranger.ask("GET", `/cards/${card.id}`)).status).toBe(404);
    expect((await stranger.get("/cards")).items).toEqual([]);
  });

  it("lets somebody who works in several go from one to another, and comes back to the last", async () => {
    const rita = await register("rita@moss.example", { workspaceName: "Rita" });
    const { link } = await host.post("/invitations", {
      email: "rita@moss.example",
      role: "employee",
      channelIds: "all",
    });
    const joined = newcomer();
    const token = new URL(link).hash.slice(1);
    await joined.enter("/invitations/accept", { token, name: "Rita Moss", password, locale: "en" });
    const there = await joined.get("/session");
    expect(there.workspaces.map(({ name }: any) => name)).toEqual(["Clay & Co", "Rita"]);
    expect([there.workspace.name, there.me.role]).toEqual(["Clay & Co", "employee"]);

    const again = newcomer();
    await again.enter("/session", { email: "rita@moss.example", password });
    expect((await again.get("/session")).workspace.name).toBe("Clay & Co");
    const former = again.cookie;
    const own = there.workspaces[1].id;
    await again.enter("/session/workspace", { workspaceId: own });
    const here = await again.get("/session");
    expect([here.workspace.name, here.me.id]).toEqual(["Rita", rita.id]);
    const closed = await fetch(`${hub.url}/api/v1/session`, { headers: { cookie: former } });
    expect(closed.status).toBe(401);

    const once = newcomer();
    await once.enter("/session", { email: "rita@moss.example", password });
    expect((await once.get("/session")).workspace.name).toBe("Rita");
    const elsewhere = newcomer();
    await elsewhere.enter("/session", { email: "rita@moss.example", password });
    await elsewhere.enter("/session/workspace", { workspaceId: there.workspace.id });
    const changed = { currentPassword: password, newPassword: "moss and stone 1200" };
    expect((await once.ask("POST", "/profile/password", changed)).status).toBe(204);
    expect((await once.ask("GET", "/session")).status).toBe(200);
    expect((await elsewhere.ask("GET", "/session")).status).toBe(401);
    const alien = (await register("olga@oak.example", { workspaceName: "Oak" })).get("/session");
    const foreign = (await alien).workspace.id;
    for (const workspaceId of [foreign, "nobody", "0".repeat(24)])
      expect((await once.ask("POST", "/session/workspace", { workspaceId })).status).toBe(404);
    expect((await once.ask("POST", "/session/workspace", { workspaceId: { $ne: "" } })).status).toBe(400);
  });

  it("answers alike whether somebody is here or not, and sends whoever is a way to sign in", async () => {
    expect(await ask("anna@clay.example")).toBe(202);
    const letter = lastLetter("anna@clay.example");
    expect(letter?.text).toContain(`${hub.url}/sign-in`);
    expect(letter?.text).not.toContain("sign-up#");
  });

  it("leads the owner of a mailbox to an account that an inviter has made in its name", async () => {
    place = 4;
    const email = "ceo@fern.example";
    await host.invite(email); // who made the link has used it too, and knows the password
    expect(await ask(email)).toBe(202);
    expect(lastLetter(email)?.text).toContain(`${hub.url}/new-password\n`);
    expect((await newcomer().ask("POST", "/password", { email, locale: "en" }, from())).status).toBe(202);
    const letter = await waitFor(() => {
      const last = lastLetter(email);
      return last?.text?.includes("/new-password#") ? last : undefined;
    }, "the link");
    const token = /new-password#([\w-]+)/.exec(letter.text ?? "")?.[1];
    await newcomer().post("/password/complete", { token, password });
    await newcomer().enter("/session", { email, password });
    const former = { email, password: "glaze and fire 900" };
    expect((await newcomer().ask("POST", "/session", former)).status).toBe(401);
  });

  it("takes the newest link alone, and no forged or old one", async () => {
    await ask("mila@moss.example");
    const first = tokenFor("mila@moss.example");
    await ask("mila@moss.example");
    const second = tokenFor("mila@moss.example");
    expect(second).not.toBe(first);
    const statuses = async (token: unknown): Promise<number> =>
      (await newcomer().ask("POST", "/sign-up/complete", { ...founder, token })).status;
    expect(await statuses(first)).toBe(410);
    for (const token of ["", "x".repeat(43), "../../etc"]) expect(await statuses(token)).toBe(410);
    for (const token of [{ $gt: "" }, null, 7, "x".repeat(65)]) expect(await statuses(token)).toBe(400);
    await SignUpModel.updateOne({ email: "mila@moss.example" }, { $set: { expiresAt: new Date(0) } });
    expect(await statuses(second)).toBe(410);
  });

  it("founds one workspace when the link is used twice at once, and keeps it after a refusal", async () => {
    await ask("twice@moss.example");
    const token = tokenFor("twice@moss.example");
    const complete = (more: object = {}): Promise<{ status: number }> =>
      newcomer().ask("POST", "/sign-up/complete", { ...founder, token, ...more });
    expect((await complete({ password: "password123" })).status).toBe(422);
    expect((await complete({ password: "short" })).status).toBe(400);
    const answers = await Promise.all([complete(), complete()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 410]);
    const made = acrossWorkspaces(StaffModel.countDocuments({ email: "twice@moss.example" }));
    expect(await made).toBe(1);
  });

  it("opens no server of the machine for a stranger, and does not tell what listens there", async () => {
    let knocks = 0;
    const listening = createServer((socket) => {
      knocks += 1;
      socket.end("* OK ready\r\n");
    });
    listening.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const { port } = listening.address() as AddressInfo;
    const stranger = await register("ivan@oak.example", { workspaceName: "Oak" });
    const check = async (more: object): Promise<unknown> => {
      const credentials = {
        address: "a@oak.example",
        password: "x",
        smtpHost: "mail.oak.example:465",
        ...more,
      };
      return (await stranger.ask("POST", "/channels/check", { kind: "email", credentials })).body.error
        .details;
    };
    const closed = await check({ imapHost: "127.0.0.1:9" });
    for (const hostile of [
      { imapHost: `127.0.0.1:${port}` },
      { imapHost: `localhost:${port}`, encryption: "tls" },
      { imapHost: `0x7f.1:${port}` },
      { imapHost: "8.8.8.8:993", proxyUrl: `http://127.0.0.1:${port}` },
      { imapHost: "8.8.8.8:993", proxyUrl: `socks5://[::1]:${port}` },
    ])
      expect(await check(hostile)).toEqual(closed);
    expect(JSON.stringify(closed)).toContain("network");
    const telegram = {
      token: "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      proxyUrl: `http://127.0.0.1:${port}`,
    };
    expect(
      (await stranger.ask("POST", "/channels/check", { kind: "telegram", credentials: telegram })).status,
    ).toBe(502);
    expect(knocks).toBe(0);
    listening.close();
  });

  it("refuses what is no e-mail, header tricks and floods", async () => {
    for (const email of [
      "",
      "nobody",
      "a@b.example\r\nBcc: c@d.example",
      "a@b.example, c@d.example",
      { $ne: "" },
    ])
      expect((await newcomer().ask("POST", "/sign-up", { email, locale: "en" }, from())).status).toBe(400);
    place = 2;
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push(await ask("flood@moss.example"));
    expect(statuses).toEqual([202, 202, 202, 429]);
    place = 3;
    expect(await ask("flood@moss.example")).toBe(429); // from anywhere: nobody's mailbox is filled by strangers
    const many = [];
    for (let count = 0; count < 21; count++) many.push(await ask(`many${count}@moss.example`));
    expect(many.at(-1)).toBe(429);
    expect(many.filter((status) => status === 202)).toHaveLength(19);
  });
});

describe("a hub without it", () => {
  it("is closed, and says so to whoever asks", async () => {
    const closed = await startHub(mailbox.environment);
    const person = await closed.owner();
    expect(await person.get("/setup")).toEqual({ needed: false, signUp: false, mail: true });
    for (const [path, body] of [
      ["/sign-up", { email: "a@b.example", locale: "en" }],
      ["/sign-up/check", { token: "x" }],
      ["/sign-up/complete", { ...founder, token: "x" }],
    ] as const) {
      const { status, body: answer } = await person.ask("POST", path, body);
      expect([status, answer.error.code]).toEqual([403, "sign_up_closed"]);
    }
    await closed.stop();
  });

  it("starts with SIGNUP=open only where letters can go out", () => {
    const set = { SECRET_KEY: "x".repeat(32) };
    expect(() => readConfig({ ...set, SIGNUP: "open" })).toThrow(ConfigError);
    expect(() => readConfig({ ...set, SIGNUP: "open" })).toThrow(/SMTP_URL/);
    expect(() => readConfig({ ...set, SIGNUP: "maybe" })).toThrow(/closed, or open/);
  });
});
