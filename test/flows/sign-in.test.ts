import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { StaffModel } from "../../core/auth/index.ts";
import { Person, startHub, type TestHub } from "../support/hub.ts";
import { personOfAnotherWorkspace } from "../support/stranger.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;
const password = "a kiln at 1240 degrees";

describe("the first run", () => {
  it("refuses guesses and weak passwords, and makes one owner by the printed link", async () => {
    const link = await hub.server.firstRunLink();
    const token = link?.split("#")[1];
    const person = new Person(hub.url);
    const request = {
      token,
      workspaceName: "Clay & Co",
      name: "Anna Kim",
      email: "anna@clay.example",
      password,
      locale: "ru",
    };
    expect(await person.get("/setup")).toEqual({ needed: true, signUp: false, mail: false });
    expect(code(await person.ask("POST", "/setup", { ...request, token: "guessed" }))).toBe(
      "410 link_expired",
    );
    expect(code(await person.ask("POST", "/setup", { ...request, password: "password123" }))).toBe(
      "422 password_too_common",
    );
    expect(code(await person.ask("POST", "/setup", { ...request, password: "short" }))).toBe(
      "400 invalid_input",
    );
    const both = await Promise.all([
      person.ask("POST", "/setup", request),
      new Person(hub.url).ask("POST", "/setup", request),
    ]);
    expect(both.map((answer) => answer.status).toSorted((a, b) => a - b)[0]).toBe(201);
    expect(both.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(await person.get("/setup")).toEqual({ needed: false, signUp: false, mail: false });
    expect(await hub.server.firstRunLink()).toBeUndefined();
    expect(code(await new Person(hub.url).ask("POST", "/setup", request))).toBe("409 already_set_up");
  });
});

describe("signing in", () => {
  it("never says which part was wrong, and stops guessing", async () => {
    const guesser = new Person(hub.url);
    const wrong = await guesser.ask("POST", "/session", {
      email: "anna@clay.example",
      password: "not this one",
    });
    const nobody = await guesser.ask("POST", "/session", {
      email: "nobody@clay.example",
      password: "not this one",
    });
    expect(code(wrong)).toBe("401 wrong_credentials");
    expect(nobody.body).toEqual(wrong.body);
    const answers = [];
    for (let tries = 0; tries < 12; tries += 1)
      answers.push(
        await guesser.ask("POST", "/session", { email: "victim@clay.example", password: "guess" }),
      );
    expect(code(answers.at(-1))).toBe("429 rate_limited");
    expect(Number(answers.at(-1)?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("gives a cookie that scripts cannot read, and stores its hash alone", async () => {
    const response = await fetch(`${hub.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "anna@clay.example", password }),
    });
    const cookie = response.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^sb_session=[\w-]{43};/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(hub.logged.join("")).not.toContain(cookie.slice(11, 54));
  });

  it("lists devices, ends one, and signs out", async () => {
    const [phone, laptop] = [new Person(hub.url), new Person(hub.url)];
    for (const device of [phone, laptop])
      await device.enter("/session", { email: "anna@clay.example", password });
    const ear = await phone.listen();
    const { items } = await laptop.get("/sessions");
    const other = items.find((session: any) => !session.current);
    expect(items.filter((session: any) => session.current)).toHaveLength(1);
    for (const session of items.filter((one: any) => !one.current))
      await laptop.delete(`/sessions/${session.id}`);
    expect(other).toBeDefined();
    await ear.wait("session_ended", () => true);
    expect(code(await phone.ask("GET", "/session"))).toBe("401 unauthenticated");
    await laptop.delete("/session");
    expect(code(await laptop.ask("GET", "/session"))).toBe("401 unauthenticated");
  });
});

describe("people", () => {
  it("join by a link that works once, with the role and channels chosen by the inviter", async () => {
    const owner = new Person(hub.url);
    await owner.enter("/session", { email: "anna@clay.example", password });
    const { link } = await owner.post("/invitations", {
      email: "oleg@clay.example",
      name: "Oleg Volkov",
      role: "administrator",
      channelIds: [],
    });
    const token = link.split("#")[1];
    const preview = await new Person(hub.url).post("/invitations/preview", { token });
    expect(preview).toMatchObject({
      invitedBy: "Anna Kim",
      workspaceName: "Clay & Co",
      email: "oleg@clay.example",
      role: "administrator",
    });
    const oleg = new Person(hub.url);
    await oleg.enter("/invitations/accept", {
      token,
      name: "Oleg Volkov",
      password: "blue glaze number five",
      locale: "en",
    });
    expect((await oleg.get("/session")).me).toMatchObject({
      role: "administrator",
      channelIds: [],
      displayName: "Oleg",
    });
    expect(
      code(
        await new Person(hub.url).ask("POST", "/invitations/accept", {
          token,
          name: "Again",
          password: "blue glaze number five",
          locale: "en",
        }),
      ),
    ).toBe("410 link_expired");
    expect((await owner.get("/invitations")).items).toEqual([]);
    expect(
      code(
        await owner.ask("POST", "/invitations", {
          email: "oleg@clay.example",
          role: "employee",
          channelIds: "all",
        }),
      ),
    ).toBe("409 already_exists");
  });

  it("have one invitation each: a second takes the place of the first", async () => {
    const owner = new Person(hub.url);
    await owner.enter("/session", { email: "anna@clay.example", password });
    const invite = (role: string) =>
      owner.post("/invitations", { email: "twice@clay.example", role, channelIds: "all" });
    const preview = ({ link }: any) =>
      new Person(hub.url).ask("POST", "/invitations/preview", { token: link.split("#")[1] });
    const first = await invite("employee");
    const second = await invite("administrator");
    expect((await owner.get("/invitations")).items).toMatchObject([{ id: second.id, role: "administrator" }]);
    expect(code(await preview(first))).toBe("410 link_expired");
    expect((await preview(second)).body).toMatchObject({ role: "administrator" });
    await owner.ask("DELETE", `/invitations/${second.id}`);
  });

  it("may use the link again when joining failed", async () => {
    const owner = new Person(hub.url);
    await owner.enter("/session", { email: "anna@clay.example", password });
    const email = "galina@clay.example";
    const { link } = await owner.post("/invitations", { email, role: "employee", channelIds: "all" });
    const galina = new Person(hub.url);
    const accept = () =>
      galina.ask("POST", "/invitations/accept", {
        ...{ token: link.split("#")[1], name: "Galina", password: "blue glaze number five", locale: "en" },
      });
    const failing = vi.spyOn(StaffModel, "findOneAndUpdate").mockImplementationOnce(() => {
      throw new Error("the store is away");
    });
    expect((await accept()).status).toBe(500);
    failing.mockRestore();
    expect((await accept()).status).toBe(201);
    expect(code(await accept())).toBe("410 link_expired");
  });

  it("cannot have a password guessed at an invitation that somebody has made out to them", async () => {
    const owner = new Person(hub.url);
    await owner.enter("/session", { email: "anna@clay.example", password });
    await personOfAnotherWorkspace(hub.url);
    const email = "eve@other.example";
    const { link } = await owner.post("/invitations", {
      email,
      role: "employee",
      channelIds: "all",
    });
    const token = link.split("#")[1];
    const guess = (guessed: string) =>
      new Person(hub.url).ask("POST", "/invitations/accept", {
        ...{ token, name: "Eve", password: guessed, locale: "en" },
      });
    const answers = [];
    for (let tries = 0; tries < 9; tries += 1) answers.push(code(await guess(`guess number ${tries}`)));
    expect(answers.slice(0, 8)).toEqual(Array(8).fill("401 wrong_credentials"));
    expect(answers[8]).toBe("429 rate_limited");
    // the tries are those of the sign-in
    const right = { email, password: "another kiln entirely" };
    expect(code(await new Person(hub.url).ask("POST", "/session", right))).toBe("429 rate_limited");
  });

  it("change their profile, photo, settings and password", async () => {
    const oleg = new Person(hub.url);
    await oleg.enter("/session", { email: "oleg@clay.example", password: "blue glaze number five" });
    expect(await oleg.patch("/profile", { displayName: "Oleg V.", position: "Studio" })).toMatchObject({
      displayName: "Oleg V.",
      position: "Studio",
    });
    expect(await oleg.patch("/preferences", { theme: "dark", sendKey: "ctrl_enter" })).toMatchObject({
      theme: "dark",
      sendKey: "ctrl_enter",
      locale: "en",
    });
    const { default: sharp } = await import("sharp");
    const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: "#a84a24" } })
      .jpeg()
      .toBuffer();
    const changed = await oleg.ask("PUT", "/profile/photo", picture, { "content-type": "image/jpeg" });
    const photo = await fetch(`${hub.url}/api/v1/files/${changed.body.photoFileId}`, {
      headers: { cookie: oleg.cookie },
    });
    expect(photo.headers.get("content-type")).toBe("image/webp");
    expect(await sharp(Buffer.from(await photo.arrayBuffer())).metadata()).toMatchObject({
      width: 256,
      height: 256,
    });
    expect(
      code(
        await oleg.ask("PUT", "/profile/photo", Buffer.from("<svg onload=alert(1)>"), {
          "content-type": "image/jpeg",
        }),
      ),
    ).toBe("422 bad_image");

    const tablet = new Person(hub.url);
    await tablet.enter("/session", { email: "oleg@clay.example", password: "blue glaze number five" });
    expect(
      code(
        await oleg.ask("POST", "/profile/password", {
          currentPassword: "wrong",
          newPassword: "a new and longer one",
        }),
      ),
    ).toBe("401 wrong_credentials");
    await oleg.post("/profile/password", {
      currentPassword: "blue glaze number five",
      newPassword: "a new and longer one",
    });
    expect(code(await tablet.ask("GET", "/session"))).toBe("401 unauthenticated");
    expect((await oleg.get("/session")).me.displayName).toBe("Oleg V.");
  });

  it("cannot step down or leave as the last owner", async () => {
    const owner = new Person(hub.url);
    await owner.enter("/session", { email: "anna@clay.example", password });
    expect(code(await owner.ask("PATCH", `/staff/${owner.id}`, { active: false }))).toBe("403 forbidden");
    expect(code(await owner.ask("PATCH", `/staff/${owner.id}`, { role: "employee" }))).toBe("403 forbidden");
  });
});
