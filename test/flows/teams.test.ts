/** Teams, business hours and ratings, through the hub's doors. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { StaffModel } from "../../core/auth/index.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { sweepLeavers } from "../../inbox/leavers.ts";
import { ConversationModel } from "../../inbox/models/index.ts";
import { hold, holdAnswer } from "../support/hold.ts";
import { conversationSaying, waitFor, type Person } from "../support/hub.ts";
import { newKey, Visitor } from "../support/visitor.ts";
import { messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let widget: any;
let employee: Person;
const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;
const week = Array.from({ length: 7 }, () => [{ from: "10:00", to: "20:00" }]);

beforeAll(async () => {
  world = await startWorld();
  employee = await world.owner.invite("oleg@clay.example");
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
});
afterAll(() => world.stop());

it("makes, changes and removes teams; employees see them and change nothing", async () => {
  const { owner } = world;
  const team = await owner.post("/teams", {
    name: "Orders",
    names: { ru: "Заказы" },
    memberIds: [employee.id],
    public: true,
  });
  expect((await employee.get("/teams")).items).toMatchObject([
    { id: team.id, name: "Orders", memberIds: [employee.id] },
  ]);
  expect(code(await employee.ask("POST", "/teams", { name: "x", memberIds: [], public: true }))).toBe(
    "403 forbidden",
  );
  expect(
    code(await owner.ask("POST", "/teams", { name: "x", memberIds: ["0".repeat(24)], public: true })),
  ).toBe("404 not_found");
  expect(
    code(await owner.ask("PUT", `/teams/${"0".repeat(24)}`, { name: "x", memberIds: [], public: true })),
  ).toBe("404 not_found");
  expect(code(await owner.ask("POST", "/teams", { name: { $gt: "" }, memberIds: [], public: true }))).toBe(
    "400 invalid_input",
  );
  const changed = await owner.put(`/teams/${team.id}`, {
    name: "Orders and delivery",
    memberIds: [],
    public: true,
  });
  expect(changed).toMatchObject({ name: "Orders and delivery", memberIds: [] });
  await owner.delete(`/teams/${team.id}`);
  expect((await owner.get("/teams")).items).toEqual([]);
});

it("gives back what somebody who was deactivated had: open and snoozed, with the team, live, and later what is reopened", async () => {
  const { owner } = world;
  const leaver = await owner.invite("leaver@clay.example");
  const team = await owner.post("/teams", { name: "Kiln", memberIds: [leaver.id], public: true });
  const texts = ["open", "snoozed", "resolved", "not theirs", "answered", "put off"];
  for (const text of texts) (await world.simulator.addCustomer({ name: text })).say(text, { bot: world.bot });
  const [open, snoozed, resolved, other, answered, putOff] = await Promise.all(
    texts.map((text) => conversationSaying(owner, text)),
  );
  for (const { id } of [open, snoozed, resolved, answered, putOff])
    await owner.patch(`/conversations/${id}`, { assigneeId: leaver.id, teamId: team.id });
  await owner.patch(`/conversations/${other.id}`, { assigneeId: owner.id });
  await owner.patch(`/conversations/${snoozed.id}`, { state: "snoozed" });
  for (const { id } of [resolved, answered, putOff])
    await owner.patch(`/conversations/${id}`, { state: "resolved" });
  const ear = await employee.listen();

  await owner.patch(`/staff/${leaver.id}`, { active: false });
  for (const { id, state } of [open, { ...snoozed, state: "snoozed" }]) {
    const { conversation } = await ear.wait(
      "conversation",
      ({ conversation: one }) => one.id === id && one.assigneeId === undefined,
    );
    expect(conversation).toMatchObject({ state, teamId: team.id });
    const lines = (await threadOf(owner, id)).filter(({ event }) => event?.what === "unassigned");
    expect(lines).toMatchObject([
      { sender: { id: owner.id }, event: { staffId: leaver.id, staffName: "leaver" } },
    ]);
  }
  expect((await owner.get(`/conversations/${resolved.id}`)).assigneeId).toBe(leaver.id);
  expect((await owner.get(`/conversations/${other.id}`)).assigneeId).toBe(owner.id);
  const kiln = (await owner.get(`/conversations?view=unassigned&teamId=${team.id}`)).items;
  expect(kiln.map(({ id }: any) => id)).toEqual([open.id]);
  const owners = (await owner.get(`/conversations?view=all&assigneeId=${owner.id}`)).items;
  expect(owners.map(({ id }: any) => id)).toEqual([other.id]);
  const closed = await owner.ask("GET", `/conversations?view=resolved&assigneeId=${owner.id}`);
  expect(closed.body.error.details.fields).toMatchObject([{ path: "query.assigneeId", code: "only_of_all" }]);

  world.simulator.customers.find(({ name }) => name === "resolved")?.say("once more", { bot: world.bot });
  await messageWhere(owner, resolved.id, ({ content }) => content.text === "once more");
  await waitFor(
    async () => (await owner.get(`/conversations/${resolved.id}`)).state === "open",
    "the conversation to be open",
  );
  await owner.reply(answered.id, "One thing more");
  await owner.patch(`/conversations/${putOff.id}`, { state: "snoozed" });
  for (const { id } of [resolved, answered, putOff])
    expect((await owner.get(`/conversations/${id}`)).assigneeId).toBeUndefined();
  employee.leave();
  await owner.delete(`/teams/${team.id}`);
});

it("gives back nothing that a colleague was given at that moment", async () => {
  const { owner } = world;
  const leaver = await owner.invite("hasty-leaver@clay.example");
  (await world.simulator.addCustomer({ name: "Zoya" })).say("Whose am I?", { bot: world.bot });
  const { id } = await conversationSaying(owner, "Whose am I?");
  await owner.patch(`/conversations/${id}`, { assigneeId: leaver.id });
  const found = holdAnswer(
    ConversationModel,
    "find",
    (by) => String(by.assigneeId) === leaver.id && by.state?.$in,
  );
  await owner.patch(`/staff/${leaver.id}`, { active: false });
  await found.reached;
  await owner.patch(`/conversations/${id}`, { assigneeId: owner.id });
  found.release();
  await waitFor(
    async () =>
      !(
        await acrossWorkspaces(StaffModel.findOne({ _id: leaver.id }))
          .orFail()
          .lean()
      ).left,
    "the leaving to be done",
  );
  expect((await owner.get(`/conversations/${id}`)).assigneeId).toBe(owner.id);
  const lines = (await threadOf(owner, id)).filter(({ event }) => event?.what === "unassigned");
  expect(lines).toEqual([]);
});

it("goes on giving back after a stop, and says it once", async () => {
  const { owner } = world;
  const leaver = await owner.invite("late-leaver@clay.example");
  (await world.simulator.addCustomer({ name: "Vera" })).say("Is it fired?", { bot: world.bot });
  const { id } = await conversationSaying(owner, "Is it fired?");
  await owner.patch(`/conversations/${id}`, { assigneeId: leaver.id });
  const stopped = hold(
    ConversationModel,
    "findOneAndUpdate",
    (by, change) => String(by.assigneeId) === leaver.id && change.$set?.assigneeId === null,
  );
  await owner.patch(`/staff/${leaver.id}`, { active: false });
  await stopped.reached;
  expect((await owner.get(`/conversations/${id}`)).assigneeId).toBe(leaver.id);
  await sweepLeavers(world.hub.server);
  expect((await owner.get(`/conversations/${id}`)).assigneeId).toBeUndefined();
  stopped.release();
  const lines = (await threadOf(owner, id)).filter(({ event }) => event?.staffId === leaver.id);
  expect(lines.map(({ event }) => event.what)).toEqual(["assigned", "unassigned"]);
});

it("keeps the order that an administrator gives to the teams", async () => {
  const { owner } = world;
  const made = [];
  for (const name of ["Orders", "Studio", "Wholesale"])
    made.push((await owner.post("/teams", { name, memberIds: [], public: true })).id);
  const turned = made.toReversed();
  expect((await owner.put("/teams/order", { ids: turned })).items.map((one: any) => one.id)).toEqual(turned);
  expect((await employee.get("/teams")).items.map((one: any) => one.id)).toEqual(turned);
  const wrong: [Person, object, string][] = [
    [employee, { ids: made }, "403 forbidden"],
    [owner, { ids: made.slice(1) }, "409 conflict"],
    [owner, { ids: [made[0], made[0], made[1]] }, "409 conflict"],
    [owner, { ids: [...made.slice(1), "0".repeat(24)] }, "409 conflict"],
    [owner, { ids: { $gt: "" } }, "400 invalid_input"],
  ];
  for (const [person, body, expected] of wrong)
    expect(code(await person.ask("PUT", "/teams/order", body))).toBe(expected);
  for (const id of made) await owner.delete(`/teams/${id}`);
});

it("says what hours would mean before they are set, and keeps nothing of them", async () => {
  const { owner } = world;
  const always = Array.from({ length: 7 }, () => [{ from: "00:00", to: "24:00" }]);
  const closed = always.map(() => []);
  const preview = (body: object) => owner.post("/hours/preview", body);
  expect(await preview({ timeZone: "UTC", week: always, holidays: [] })).toMatchObject({ open: true });
  const never = await preview({ timeZone: "UTC", week: closed, holidays: [] });
  expect(never.open).toBe(false);
  expect(never.opensAt).toBeUndefined();
  const everyDay = [{ from: "2020-01-01", to: "2020-12-31", name: "A long year", yearly: true }];
  expect((await preview({ timeZone: "UTC", week: always, holidays: everyDay })).open).toBe(false);
  expect(code(await owner.ask("POST", "/hours/preview", { timeZone: "UTC", week: 7, holidays: [] }))).toBe(
    "400 invalid_input",
  );
  expect((await owner.get("/hours")).hours).toBeNull();
});

it("keeps hours of the business and of a team, and says when it opens", async () => {
  const { owner } = world;
  expect(await owner.get("/hours")).toEqual({ hours: null, own: false, open: true });
  const set = await owner.put("/hours", { timeZone: "Europe/Moscow", week, holidays: [] });
  expect(set.hours.timeZone).toBe("Europe/Moscow");
  expect(set.open || set.opensAt).toBeTruthy();
  const team = await owner.post("/teams", { name: "Night shift", memberIds: [], public: false });
  expect((await owner.get(`/teams/${team.id}/hours`)).hours.timeZone).toBe("Europe/Moscow");
  await owner.put(`/teams/${team.id}/hours`, { timeZone: "Asia/Almaty", week, holidays: [] });
  expect(await owner.get(`/teams/${team.id}/hours`)).toMatchObject({
    own: true,
    hours: { timeZone: "Asia/Almaty" },
  });
  await owner.delete(`/teams/${team.id}/hours`);
  expect((await owner.get(`/teams/${team.id}/hours`)).hours.timeZone).toBe("Europe/Moscow");
  for (const wrong of [
    { timeZone: "Mars/Olympus", week, holidays: [] },
    { timeZone: "UTC", week: week.slice(1), holidays: [] },
    { timeZone: "UTC", week: week.map(() => [{ from: "20:00", to: "10:00" }]), holidays: [] },
    { timeZone: "UTC", week: week.map(() => [{ from: "25:00", to: "26:00" }]), holidays: [] },
  ])
    expect(code(await owner.ask("PUT", "/hours", wrong))).toBe("400 invalid_input");
  expect(code(await employee.ask("PUT", "/hours", { timeZone: "UTC", week, holidays: [] }))).toBe(
    "403 forbidden",
  );
  await owner.delete(`/teams/${team.id}`);
  await owner.delete("/hours");
});

it("tells pages that are open of other hours, once", async () => {
  const { owner } = world;
  const page = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { language: "en" } });
  expect(page.welcome.config.open).toBe(true);
  const configs = () => page.frames.flatMap((frame) => (frame.t === "config" ? frame.config : []));
  await owner.put("/hours", { timeZone: "UTC", week: week.map(() => []), holidays: [] });
  await waitFor(() => configs().at(-1)?.open === false, "the page to say that nobody is here");
  await owner.put("/hours", { timeZone: "UTC", week: week.map(() => []), holidays: [] });
  await owner.delete("/hours");
  await waitFor(() => configs().at(-1)?.open === true, "the page to say that somebody is here");
  expect(configs()).toHaveLength(2);
  page.leave();
});

it("brings a conversation to the team that the visitor chose, and moves it by hand", async () => {
  const { owner } = world;
  const orders = await owner.post("/teams", {
    name: "Orders",
    names: { ru: "Заказы" },
    memberIds: [],
    public: true,
  });
  const wholesale = await owner.post("/teams", { name: "Wholesale", memberIds: [], public: false });
  const draft = structuredClone(widget.draft);
  draft.preChat = { ...draft.preChat, on: true, departments: true };
  await owner.put(`/widgets/${widget.id}/draft`, draft);
  await owner.post(`/widgets/${widget.id}/publish`);
  const lena = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { language: "ru" } });
  expect(lena.welcome.config.departments).toMatchObject([{ id: orders.id, name: "Заказы", open: true }]);
  const john = await Visitor.arrive(world.hub.url, { key: widget.key, hello: { language: "en" } });
  expect(john.welcome.config.departments).toMatchObject([{ id: orders.id, name: "Orders" }]);
  await lena.say(newKey(), "Where is my order?", {
    departmentId: orders.id,
    form: { name: "Lena Orlova", email: "lena@example.com", order: "2841" },
    consent: { text: "I agree." },
  });
  const conversation = await waitFor(
    async () => (await owner.get(`/conversations?teamId=${orders.id}`)).items.find((one: any) => one.preview),
    "the team's conversation",
  );
  expect(conversation).toMatchObject({ teamId: orders.id, contact: { name: "Lena Orlova" } });
  const { visit } = await owner.get(`/conversations/${conversation.id}/visit`);
  expect(visit).toMatchObject({
    name: "Lena Orlova",
    email: "lena@example.com",
    traits: { order: "2841" },
    consents: [{ text: "I agree." }],
  });
  expect((await owner.get("/conversations/counts")).byTeam[orders.id]).toBe(1);

  const moved = await owner.patch(`/conversations/${conversation.id}`, { teamId: wholesale.id });
  expect(moved.teamId).toBe(wholesale.id);
  const line = (await threadOf(owner, conversation.id)).findLast((one) => one.type === "event");
  expect(line.event).toMatchObject({ what: "assigned_team", teamName: "Wholesale" });
  expect((await owner.get(`/conversations?teamId=${orders.id}`)).items).toEqual([]);
  expect(
    code(await owner.ask("PATCH", `/conversations/${conversation.id}`, { teamId: "0".repeat(24) })),
  ).toBe("404 not_found");
  lena.leave();
});

it("asks for a rating when a conversation is closed, and keeps it without reopening", async () => {
  const { owner } = world;
  const lena = await Visitor.arrive(world.hub.url, { key: widget.key });
  const thread = newKey();
  await lena.say(thread, "Thanks for the help");
  const conversation = await conversationSaying(owner, "Thanks for the help");
  await owner.reply(conversation.id, "You are welcome");
  await lena.sees(thread, "You are welcome");
  await owner.patch(`/conversations/${conversation.id}`, { state: "resolved" });
  await lena.wait("thread", (frame) => frame.thread.rating?.asked === true);
  expect((await lena.ask({ t: "rate", thread, score: 4 })).t).toBe("ok");
  expect((await lena.ask({ t: "rate", thread, score: 4, comment: "quick" })).t).toBe("ok");
  expect((await lena.ask({ t: "rate", thread, score: 6 })).t).toBe("no");
  await lena.wait("thread", (frame) => frame.thread.rating?.score === 4);
  const rated = await owner.get(`/conversations/${conversation.id}`);
  expect(rated).toMatchObject({
    state: "resolved",
    needsReply: false,
    rating: { score: 4, comment: "quick" },
  });
  const lines = (await threadOf(owner, conversation.id)).filter((one) => one.event?.what === "rated");
  expect(lines).toMatchObject([
    { sender: { kind: "contact" }, event: { what: "rated", score: 4, comment: "quick" } },
  ]);
  lena.leave();
});
