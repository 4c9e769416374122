/** A password that was forgotten is set anew by a letter; nobody learns by it who is here. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccountModel, SessionModel, StaffModel } from "../../core/auth/index.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { holdAnswer } from "../support/hold.ts";
import { Person, startHub, waitFor, type TestHub } from "../support/hub.ts";
import { openMailbox, openMuteMailbox, type Mailbox } from "../support/mailbox.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";
import { PasswordResetModel } from "../../workspace/models/password-reset.ts";

const former = "a kiln at 1240 degrees";
const email = "anna@clay.example";

let mailbox: Mailbox;
let hub: TestHub;
let anna: Person;

/** Each test comes from a place of its own. */
let place = 1;
const newcomer = (): Person => new Person(hub.url);
const ask = async (to: unknown, locale = "en"): Promise<number> => {
  const from = { "x-forwarded-for": `10.0.1.${place}` };
  return (await newcomer().ask("POST", "/password", { email: to, locale }, from)).status;
};
const lettersTo = (address: string) =>
  mailbox.letters.filter(({ to }) => to && !Array.isArray(to) && to.value[0]?.address === address);
const tokenOf = (text: string | undefined): string => /new-password#([\w-]+)/.exec(text ?? "")?.[1] ?? "";
/** The token of the letter that comes after those that are there. */
async function newToken(to = email, locale = "en"): Promise<string> {
  const before = lettersTo(to).length;
  expect(await ask(to, locale)).toBe(202);
  await waitFor(() => lettersTo(to).length > before, "a letter");
  return tokenOf(lettersTo(to).at(-1)?.text);
}
const complete = async (token: unknown, password: unknown): Promise<number> => {
  const from = { "x-forwarded-for": `10.0.2.${place}` };
  return (await newcomer().ask("POST", "/password/complete", { token, password }, from)).status;
};
const signIn = async (password: string, who = email): Promise<number> => {
  const from = { "x-forwarded-for": `10.0.3.${place}` };
  return (await newcomer().ask("POST", "/session", { email: who, password }, from)).status;
};

beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox?.stop());

describe("a forgotten password", () => {
  beforeAll(async () => {
    hub = await startHub({ ...mailbox.environment, TRUST_PROXY: "on" });
    anna = await hub.owner();
  });
  afterAll(() => hub?.stop());

  it("is set anew by the link of the letter, once, and ends every session", async () => {
    const password = "two kilns and a wheel";
    const ear = await anna.listen();
    const closed = new Promise((resolve) => ear.socket.once("disconnect", resolve));
    expect(await ask("Anna@Clay.example", "ru")).toBe(202);
    const letter = await waitFor(() => lettersTo(email).at(-1), "a letter");
    expect(letter.subject).toBe("Новый пароль для Switchboard");
    expect(letter.text).toContain(`${hub.url}/new-password#`);
    const good = tokenOf(letter.text);
    expect(await newcomer().post("/password/check", { token: good })).toEqual({ email });
    expect(await signIn(former)).toBe(200);
    expect(await complete(good, "password123")).toBe(422);
    expect(await complete(good, "short")).toBe(400);
    expect(await complete(good, password)).toBeLessThan(300);
    await closed;
    expect((await anna.ask("GET", "/session")).status).toBe(401);
    expect([await signIn(former), await signIn(password)]).toEqual([401, 200]);
    expect(await complete(good, "another wheel and kiln")).toBe(410);
    expect((await newcomer().ask("POST", "/password/check", { token: good })).status).toBe(410);
    const logged = hub.logged.join("");
    for (const secret of [good, password, "new-password#"]) expect(logged).not.toContain(secret);
    anna = newcomer();
    await anna.enter("/session", { email, password });
  });

  it("is answered alike for somebody and nobody, and nobody is written to", async () => {
    place = 2;
    const answers = [];
    for (const who of ["nobody@clay.example", email]) {
      const from = { "x-forwarded-for": "10.0.1.2" };
      const { status, body } = await newcomer().ask("POST", "/password", { email: who, locale: "en" }, from);
      answers.push([status, body]);
    }
    expect(answers[0]).toEqual(answers[1]);
    await waitFor(() => lettersTo(email).length >= 2, "a letter");
    expect(lettersTo("nobody@clay.example")).toEqual([]);
  });

  it("takes the newest link alone, none that is forged or old, and one of two at once", async () => {
    place = 3;
    const ivan = "ivan@clay.example";
    await anna.invite(ivan);
    const first = await newToken(ivan);
    const second = await newToken(ivan);
    expect(second).not.toBe(first);
    await waitFor(
      async () => (await PasswordResetModel.countDocuments({ email: ivan })) === 1,
      "the former to go",
    );
    expect(await complete(first, "a wheel and two kilns")).toBe(410);
    for (const token of ["", "x".repeat(22), "../../etc"])
      expect(await complete(token, "a wheel and two kilns")).toBe(410);
    for (const token of [{ $gt: "" }, null, 7, "x".repeat(65)])
      expect(await complete(token, "a wheel and two kilns")).toBe(400);
    await PasswordResetModel.updateMany({}, { $set: { expiresAt: new Date(0) } });
    expect(await complete(second, "a wheel and two kilns")).toBe(410);
    const third = await newToken(ivan);
    const both = await Promise.all([
      complete(third, "a wheel and two kilns"),
      complete(third, "a wheel and nine kilns"),
    ]);
    expect(both.filter((status) => status < 300)).toHaveLength(1);
    expect(both.filter((status) => status === 410)).toHaveLength(1);
  });

  it("keeps the former link until the letter with the newer one is out, which is tried again", async () => {
    place = 7;
    const petr = "petr@clay.example";
    await anna.invite(petr);
    const first = await newToken(petr);
    mailbox.away = true;
    expect(await ask(petr)).toBe(202);
    await waitFor(() => hub.logged.join("").includes("the disk of letters is full"), "the reason in the log");
    mailbox.away = false;
    expect((await newcomer().ask("POST", "/password/check", { token: first })).status).toBe(200);
    // as if the process had ended then, a while ago
    const ago = { createdAt: new Date(Date.now() - 60_000), nextAt: new Date(0) };
    await PasswordResetModel.updateMany({ email: petr, nextAt: { $type: "date" } }, { $set: ago });
    const before = lettersTo(petr).length;
    const letter = await waitFor(() => lettersTo(petr)[before], "the letter of the sweep");
    expect(await complete(tokenOf(letter.text), "a wheel and two kilns")).toBe(204);
    expect(await complete(first, "a wheel and nine kilns")).toBe(410);
  });

  it("is written of four times at most where answers of the mail server are lost, with the same link", async () => {
    place = 12;
    const inna = "inna@clay.example";
    await anna.invite(inna);
    mailbox.answer = 451;
    const first = await newToken(inna);
    const asked = { email: inna };
    await waitFor(() => PasswordResetModel.exists({ ...asked, letters: 1, nextAt: { $gt: new Date() } }));
    const ago = { createdAt: new Date(Date.now() - 60_000), letters: 3, nextAt: new Date(0) };
    await PasswordResetModel.updateOne(asked, { $set: ago });
    const last = await waitFor(() => lettersTo(inna)[1], "the letter of the sweep");
    mailbox.answer = undefined;
    expect(tokenOf(last.text)).toBe(first);
    expect(await PasswordResetModel.findOne(asked, { _id: 0, letters: 1, nextAt: 1 }).lean()).toEqual({
      letters: 4,
    });
    expect(await complete(first, "a wheel and two kilns")).toBe(204);
  });

  it("is not written of again where the mail server refuses for good", async () => {
    place = 13;
    const kira = "kira@clay.example";
    await anna.invite(kira);
    mailbox.answer = 550;
    await newToken(kira);
    await waitFor(() => PasswordResetModel.exists({ email: kira, letters: 1, nextAt: null }));
    mailbox.answer = undefined;
  });

  it("lets in whoever has guessed too often before", async () => {
    place = 8;
    const rita = "rita@clay.example";
    await anna.invite(rita);
    for (let tries = 0; tries < 9; tries++) await signIn("wheel or kiln?", rita);
    expect(await signIn("glaze and fire 900", rita)).toBe(429);
    const token = await newToken(rita);
    const from = { "x-forwarded-for": "10.0.3.8" };
    const body = { token, password: "a wheel and two kilns" };
    expect((await newcomer().ask("POST", "/password/complete", body, from)).status).toBe(204);
    expect(await signIn("a wheel and two kilns", rita)).toBe(200);
  });

  it("is nobody's who works nowhere any more, and its link ends when the password is changed", async () => {
    place = 4;
    const olga = await anna.invite("olga@clay.example");
    const token = await newToken("olga@clay.example");
    const from = { currentPassword: "glaze and fire 900", newPassword: "glaze and fire 1200" };
    await olga.post("/profile/password", from);
    expect(await complete(token, "a wheel and two kilns")).toBe(410);
    const next = await newToken("olga@clay.example");
    await anna.patch(`/staff/${olga.id}`, { active: false });
    expect(await complete(next, "a wheel and two kilns")).toBe(410);
  });

  it("stands against a change under the former password that was under way", async () => {
    place = 9;
    const vera = await anna.invite("vera@clay.example");
    const token = await newToken("vera@clay.example");
    const held = holdAnswer(AccountModel, "findById");
    const change = { currentPassword: "glaze and fire 900", newPassword: "glaze and fire 1200" };
    const changing = vera.ask("POST", "/profile/password", change);
    await held.reached;
    expect(await complete(token, "a wheel and two kilns")).toBe(204);
    held.release();
    const { status, body } = await changing;
    expect([status, body.error?.code]).toEqual([401, "wrong_credentials"]);
    expect(await signIn("glaze and fire 1200", "vera@clay.example")).toBe(401);
    expect(await signIn("a wheel and two kilns", "vera@clay.example")).toBe(200);
  });

  describe("signs out who was coming in by the former one:", () => {
    let stranger: Person;
    beforeAll(async () => {
      stranger = await personOfAnotherWorkspace(hub.url);
    });
    const sessionsOf = async (who: string): Promise<number> => {
      const staff = await acrossWorkspaces(StaffModel.find({ email: who }, { _id: 1 })).lean();
      return acrossWorkspaces(SessionModel.countDocuments({ staffId: { $in: staff.map(({ _id }) => _id) } }));
    };

    it("by going over to another workspace", async () => {
      place = 10;
      const zoya = "zoya@clay.example";
      await anna.invite(zoya);
      const there = await stranger.invite(zoya);
      const { workspaces } = await there.get("/session");
      const other = workspaces.find(({ name }: any) => name === "Clay & Co");
      const token = await newToken(zoya);
      const held = holdAnswer(StaffModel, "find", (by) => "accountId" in by);
      const going = there.ask("POST", "/session/workspace", { workspaceId: other.id });
      await held.reached;
      expect(await complete(token, "a wheel and two kilns")).toBe(204);
      held.release();
      const { status, headers } = await going;
      expect([status, headers.getSetCookie()]).toEqual([401, []]);
      expect(await sessionsOf(zoya)).toBe(0);
    });

    it("by an invitation", async () => {
      place = 11;
      const yana = "yana@clay.example";
      await anna.invite(yana);
      const { link } = await stranger.post("/invitations", {
        ...{ email: yana, role: "employee", channelIds: "all" },
      });
      const token = await newToken(yana);
      let asked = 0; // first whether there is an account, then for its password
      const held = holdAnswer(AccountModel, "findOne", (by) => by.email === yana && ++asked === 2);
      const coming = new Person(hub.url).ask("POST", "/invitations/accept", {
        ...{ token: link.split("#")[1], name: "Yana", password: "glaze and fire 900", locale: "en" },
      });
      await held.reached;
      expect(await complete(token, "a wheel and two kilns")).toBe(204);
      held.release();
      expect((await coming).status).toBe(401);
      expect(await sessionsOf(yana)).toBe(0);
      expect(await acrossWorkspaces(StaffModel.countDocuments({ email: yana }))).toBe(1);
      // it was not accepted, and can be still
      await new Person(hub.url).enter("/invitations/accept", {
        ...{ token: link.split("#")[1], name: "Yana", password: "a wheel and two kilns", locale: "en" },
      });
    });
  });

  it("is asked for seldom, from one place and for one mailbox", async () => {
    place = 5;
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push(await ask("flood@clay.example"));
    expect(statuses).toEqual([202, 202, 202, 429]);
    place = 6;
    expect(await ask("flood@clay.example")).toBe(429);
    for (const bad of [
      "",
      "nobody",
      "a@b.example\r\nBcc: c@d.example",
      "a@b.example, c@d.example",
      { $ne: "" },
    ])
      expect(await ask(bad)).toBe(400);
    const many = [];
    for (let count = 0; count < 21; count++) many.push(await ask(`many${count}@clay.example`));
    expect(many.at(-1)).toBe(429);
  });
});

describe("a mail server that takes a connection and says nothing", () => {
  it("does not hold up the stop", async () => {
    const mute = await openMuteMailbox();
    const { knocks } = mute;
    const waiting = await startHub(mute.environment);
    await waiting.owner();
    const ago = new Date(Date.now() - 120_000);
    const expiresAt = new Date(Date.now() + 3_600_000);
    const left = { email, locale: "en" as const, letters: 1, nextAt: ago, createdAt: ago, expiresAt };
    await PasswordResetModel.create([left, left]);
    await waitFor(() => knocks.length > 0, "the first letter of the sweep");
    await waiting.stop();
    expect(waiting.logged.join("")).toContain("the hub is stopping");
    expect(knocks).toHaveLength(1);
    mute.stop();
  });
});

describe("a hub that sends no letters", () => {
  it("sends no link either, and the sign-in page knows it", async () => {
    const mute = await startHub();
    const person = new Person(mute.url);
    expect((await person.get("/setup")).mail).toBe(false);
    const { status, body } = await person.ask("POST", "/password", { email, locale: "en" });
    expect([status, body.error.code]).toEqual([403, "mail_off"]);
    // the operator's start prints one
    await mute.owner();
    expect(await mute.server.passwordLink("nobody@clay.example")).toBeUndefined();
    const first = await mute.server.passwordLink(email);
    const link = new URL((await mute.server.passwordLink(email)) ?? "");
    expect(link.pathname).toBe("/new-password");
    const completed = async (token: string) =>
      (await person.ask("POST", "/password/complete", { token, password: "a wheel and two kilns" })).status;
    expect(await completed(tokenOf(first))).toBe(410);
    expect(await completed(tokenOf(link.href))).toBe(204);
    expect(await completed(tokenOf(link.href))).toBe(410);
    await mute.stop();
  });
});
