/** What agents do with a conversation while something else happens to it: neither undoes the other. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TelegramCustomer } from "../../demo/simulators/telegram.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { ContactModel, ConversationModel, MessageModel } from "../../inbox/models/index.ts";
import { hold } from "../support/hold.ts";
import { waitFor, type Answer, type Person } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { botToken, messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let owner: Person;
let customer: TelegramCustomer;
let id: string;
let count = 0;
beforeAll(async () => {
  world = await startWorld();
  owner = world.owner;
});
afterAll(() => world.stop());
afterEach(() => void vi.restoreAllMocks());
beforeEach(async () => {
  customer = await world.simulator.addCustomer({ name: `Customer ${++count}` });
  say("Is the mug still there?");
  const found = await waitFor(
    async () =>
      (await owner.get("/conversations?view=all")).items.find(
        ({ contact, preview }: any) => preview && contact.name === customer.name,
      ),
    "the conversation",
  );
  id = found.id;
});

const say = (text: string) => customer.say(text, { bot: world.bot });
const row = () => owner.get(`/conversations/${id}`);
const isTold = (text: string) =>
  waitFor(async () => (await row()).preview.text === text, `the row to show “${text}”`);

/** The customer writes, and the hub has recorded it, while the agents' change is on its way to the store. */
async function sayDuring(
  text: string,
  change: () => Promise<unknown>,
  fits: (filter: any, update: any) => boolean,
) {
  const held = hold(ConversationModel, "findOneAndUpdate", fits);
  const done = change();
  await held.reached;
  say(text);
  await isTold(text);
  held.release();
  await done;
}

describe("a message that comes while", () => {
  it.each(["resolved", "snoozed"])("the conversation becomes %s leaves it open", async (state) => {
    await sayDuring(
      "And the bowl?",
      () => owner.patch(`/conversations/${id}`, { state }),
      (_, update) => update.$set?.state === state,
    );
    expect(await row()).toMatchObject({ state: "open", needsReply: true, unread: 2 });
    const lines = (await threadOf(owner, id)).filter(({ type }) => type === "event");
    expect(lines).toEqual([]);
  });

  it("what was before it is read stays unread", async () => {
    const { lastSeq } = await row();
    await sayDuring(
      "And the bowl?",
      () => owner.post(`/conversations/${id}/read`, { seq: lastSeq }),
      (_, update) => update.$set?.unread === 0,
    );
    expect(await row()).toMatchObject({ readSeq: lastSeq, unread: 1 });
  });

  it("the conversation is marked as unread is the one that is unread", async () => {
    const { lastSeq } = await row();
    await owner.post(`/conversations/${id}/read`, { seq: lastSeq });
    await sayDuring(
      "And the bowl?",
      () => owner.patch(`/conversations/${id}`, { unread: true }),
      (_, update) => update.$set?.unread === 1 && update.$set.readSeq === lastSeq - 1,
    );
    expect(await row()).toMatchObject({ readSeq: lastSeq, unread: 1 });
  });
});

it("a colleague's note that comes while the conversation is resolved does not keep it open", async () => {
  const held = hold(ConversationModel, "findOneAndUpdate", (_, update) => update.$set?.state === "resolved");
  const done = owner.patch(`/conversations/${id}`, { state: "resolved" });
  await held.reached;
  await owner.reply(id, "They come back on Monday", { type: "note" });
  held.release();
  const { lastSeq } = await done;
  expect(await row()).toMatchObject({ state: "resolved", unread: 0, lastSeq, readSeq: lastSeq - 1 });
});

describe("a reply to somebody who has written more than its writer saw", () => {
  const answer = (more: object) => owner.reply(id, "Yes, it is.", more);

  it.each([false, true])(
    "goes out, and leaves the rest unread and waiting (thenResolve: %s)",
    async (then) => {
      const { lastSeq } = await row();
      say("And the bowl?");
      await isTold("And the bowl?");
      const waiting = (await threadOf(owner, id)).at(-1).createdAt;
      const reply = await answer({ seenSeq: lastSeq, ...(then ? { thenResolve: true } : {}) });
      await messageWhere(owner, id, (one) => one.id === reply.id && one.delivery.state === "sent");
      expect(await row()).toMatchObject({
        state: "open",
        needsReply: true,
        waitingSince: waiting,
        unread: 1,
        readSeq: lastSeq,
        lastSeq: reply.seq,
      });
    },
  );

  it("does so when it came while the reply was being stored", async () => {
    const { lastSeq } = await row();
    const held = hold(MessageModel, "findOne", ({ clientId }) => clientId);
    const done = answer({ seenSeq: lastSeq, thenResolve: true });
    await held.reached;
    say("And the bowl?");
    await isTold("And the bowl?");
    held.release();
    await done;
    expect(await row()).toMatchObject({ state: "open", needsReply: true, unread: 1, readSeq: lastSeq });
  });

  it("counts as seen what the team has answered already, from however early a part it is written", async () => {
    const { lastSeq } = await row();
    say("And the bowl?");
    await isTold("And the bowl?");
    await answer({});
    await answer({ seenSeq: lastSeq });
    expect(await row()).toMatchObject({ needsReply: false, unread: 0 });
  });

  it("closes the conversation where only a note came", async () => {
    const { lastSeq } = await row();
    await owner.reply(id, "They come back on Monday", { type: "note" });
    await answer({ seenSeq: lastSeq, thenResolve: true });
    expect(await row()).toMatchObject({ state: "resolved", needsReply: false, unread: 0 });
  });
});

it("a conversation that is snoozed anew while its time comes sleeps on", async () => {
  const held = hold(
    ConversationModel,
    "findOneAndUpdate",
    (filter, update) => filter.state === "snoozed" && update.$set.state === "open",
  );
  await owner.patch(`/conversations/${id}`, { state: "snoozed", snoozedUntil: new Date().toISOString() });
  await held.reached;
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await owner.patch(`/conversations/${id}`, { state: "snoozed", snoozedUntil: tomorrow });
  held.release();
  const other = (await owner.get("/conversations?view=all")).items.find((one: any) => one.id !== id);
  await owner.patch(`/conversations/${other.id}`, {
    state: "snoozed",
    snoozedUntil: new Date().toISOString(),
  });
  await waitFor(
    async () => (await owner.get(`/conversations/${other.id}`)).state === "open",
    "the next turn, after the held one",
  );
  expect(await row()).toMatchObject({ state: "snoozed", snoozedUntil: tomorrow });
});

it("two changes of the newest message that cross leave the later one in the row", async () => {
  const note = await owner.reply(id, "on Monday", { type: "note" });
  const edit = (text: string) => owner.patch(`/messages/${note.id}`, { text });
  const held = hold(
    ConversationModel,
    "findOneAndUpdate",
    (_, update) => update.$set?.preview?.text === "on Tuesday",
  );
  const first = edit("on Tuesday");
  await held.reached;
  await edit("on Wednesday");
  held.release();
  await first;
  expect((await threadOf(owner, id)).at(-1).content.text).toBe("on Wednesday");
  expect((await row()).preview).toMatchObject({ text: "on Wednesday" });
});

it.each(["another picture", "no picture"])(
  "a picture that is fetched while the customer puts %s in its place does not come back",
  async (instead) => {
    const bot = world.bot;
    const held = hold(
      MessageModel,
      "findOneAndUpdate",
      (_, update) => update.$set?.["content.attachments.0.media"],
    );
    const first = await customer.sendPhoto(await picture(320, 200), { bot });
    await held.reached;
    const { photo: _photo, ...rest } = first.message;
    const edited =
      instead === "no picture"
        ? { ...rest, text: "Rather not" }
        : { ...rest, photo: (await customer.sendPhoto(await picture(64, 48), { bot })).message.photo };
    bot.queue.push("edited_message", { ...edited, edit_date: Math.floor(Date.now() / 1000) });
    const { id: messageId } = await messageWhere(
      owner,
      id,
      ({ editedAt, content }) => editedAt && (content.text === "Rather not" || content.attachments),
    );
    held.release();
    const shown = await messageWhere(
      owner,
      id,
      (one) =>
        one.id === messageId &&
        (one.content.attachments?.[0]?.media.state === "stored" || one.content.text === "Rather not"),
    );
    expect(shown.content.attachments?.[0].media.width).toBe(instead === "no picture" ? undefined : 64);
    await waitFor(
      async () => !(await acrossWorkspaces(MessageModel.findOne({ _id: messageId })).lean())?.pendingMedia,
      "the files to be settled",
    );
    expect((await threadOf(owner, id)).find((one) => one.id === messageId).content).toEqual(shown.content);
  },
);

it("a label that is given while it gets another name stays, under the new one", async () => {
  const contactId = (await row()).contact.id;
  for (const [model, path, name, to] of [
    [ConversationModel, `/conversations/${id}`, "Broken", "Damaged"],
    [ContactModel, `/contacts/${contactId}`, "Often", "Regular"],
  ] as const) {
    await owner.put("/tags", { name, hue: 12 });
    const held = hold(model, "updateMany", (_, update) => update.$pull);
    const renamed = owner.patch("/tags", { name, to });
    await held.reached;
    await owner.patch(path, { tags: [name] });
    held.release();
    await renamed;
    expect((await owner.get(path)).tags).toEqual([to]);
  }
});

/** Replies that the messenger refused, as the account's page shows them. */
async function refused(count: number, failureClass: string): Promise<string[]> {
  world.simulator.failNext({ method: "sendMessage", kind: "400", times: count });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const reply = await owner.reply(id, `Reply ${n}`);
    await messageWhere(owner, id, (one) => one.id === reply.id && one.delivery.state === "failed");
    ids.push(reply.id);
  }
  const { workspaceId } = await acrossWorkspaces(MessageModel.findById(ids[0])).orFail().lean();
  await MessageModel.updateMany(
    { workspaceId, _id: { $in: ids } },
    { $set: { "delivery.failure.class": failureClass } },
  );
  return ids;
}

describe("replies that could not go out, of which a colleague sends one again first,", () => {
  const isSent = (messageId: string) =>
    messageWhere(owner, id, (one) => one.id === messageId && one.delivery.state === "sent");

  async function overtaken([first]: string[], act: () => Promise<Answer>): Promise<Answer> {
    const held = hold(MessageModel, "findOneAndUpdate", ({ _id }) => String(_id) === first);
    const done = act();
    await held.reached;
    await owner.post(`/messages/${first}/retry`);
    await isSent(first!);
    held.release();
    return done;
  }

  it("are the others alone for the account's page", async () => {
    const failed = await refused(2, "permanent");
    const { status, body } = await overtaken(failed, () =>
      owner.ask("POST", `/channels/${world.channelId}/retry`, {}),
    );
    expect(status).toBe(200);
    expect(body.items.map((one: any) => one.id)).toEqual([failed[1]]);
    await isSent(failed[1]!);
  });

  it("go out with new credentials all the same", async () => {
    const failed = await refused(2, "auth");
    const { status } = await overtaken(failed, () =>
      owner.ask("PATCH", `/channels/${world.channelId}`, { credentials: { token: botToken } }),
    );
    expect(status).toBe(200);
    await isSent(failed[1]!);
  });
});
