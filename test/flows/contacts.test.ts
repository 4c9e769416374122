/** Contacts across channels: found, listed, made one by people, and told apart again. */
import { acrossWorkspaces, toObjectId, type ObjectId } from "../../core/db.ts";
import { ConversationModel, mintLinkToken } from "../../inbox/index.ts";
import type { Inbox } from "../../inbox/inbox.ts";
import { sweepMerges } from "../../inbox/merge.ts";
import { ContactModel, MergeModel, ThreadModel } from "../../inbox/models/index.ts";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hold } from "../support/hold.ts";
import { waitFor, type Person } from "../support/hub.ts";
import { picture } from "../support/pictures.ts";
import { messageWhere, startWorld, threadOf, type World } from "../support/world.ts";

let world: World;
let owner: Person;
beforeAll(async () => {
  world = await startWorld();
  owner = world.owner;
});
afterAll(() => world.stop());

/** A customer who has written; answers with the contact. */
async function customer(name: string, text = "Hello"): Promise<{ id: string; say: (text: string) => void }> {
  const person = await world.simulator.addCustomer({ name });
  person.say(text, { bot: world.bot });
  const { contact } = await conversationWith(name);
  return { id: contact.id, say: (more) => void person.say(more, { bot: world.bot }) };
}

/** The conversation with somebody of that name, once its first message is there. */
function conversationWith(name: string): Promise<any> {
  return waitFor(async () => {
    const { items } = await owner.get("/conversations?view=all");
    return items.find(({ contact, preview }: any) => contact.name === name && preview);
  }, `the conversation with ${name}`);
}

describe("the list of contacts", () => {
  it("shows those active last first, page by page, with where they write and who is responsible", async () => {
    for (const name of ["Ada One", "Bela Two", "Cora Three"]) await customer(name);
    const first = await owner.get("/contacts?limit=2");
    expect(first.items.map((row: any) => row.name)).toEqual(["Cora Three", "Bela Two"]);
    expect(first.total).toBe(3);
    expect(first.items[0].channelIds).toEqual([world.channelId]);
    const second = await owner.get(`/contacts?limit=2&cursor=${first.next}`);
    expect(second.items.map((row: any) => row.name)).toEqual(["Ada One"]);
    await owner.patch(`/conversations/${first.items[0].conversationId}`, { assigneeId: owner.id });
    const mine = await owner.get(`/contacts?responsibleId=${owner.id}`);
    expect(mine.items.map((row: any) => row.name)).toEqual(["Cora Three"]);
  });

  it("adds a contact by hand, who is found by the phone and visible to all", async () => {
    const added = await owner.post("/contacts", {
      name: "Dora Made",
      phone: "+44 7700 900118",
      tags: ["VIP"],
    });
    expect((await owner.get("/contacts?q=447700900118")).items[0].id).toBe(added.id);
    expect((await owner.get("/contacts?tag=VIP")).items.map((row: any) => row.id)).toEqual([added.id]);
    const mate = await owner.invite("mate@clay.example", { channelIds: [] });
    expect((await mate.get("/contacts")).items.map((row: any) => row.name)).toEqual(["Dora Made"]);
    expect((await mate.ask("GET", `/contacts?channelId=${world.channelId}`)).status).toBe(404);
  });

  it("shows who writes for the first time to nobody without a right to that channel, from the first moment", async () => {
    const mate = await owner.invite("apart@clay.example", { channelIds: [] });
    const found = async (by: Person): Promise<any[]> => (await by.get("/contacts?q=Otilia%20First")).items;
    const person = await world.simulator.addCustomer({ name: "Otilia First" });
    const held = hold(ThreadModel, "findOneAndUpdate");
    person.say("Hello", { bot: world.bot });
    await held.reached;
    expect(await found(owner)).toHaveLength(1);
    expect(await found(mate)).toEqual([]);
    held.release();
    await conversationWith("Otilia First");
    expect(await found(mate)).toEqual([]);
  });

  it("finds a number however it is written, as far as it is typed", async () => {
    const { id } = await owner.post("/contacts", { name: "Numbered", phone: "+79160001122" });
    for (const typed of ["+7 916 000-11-22", "8 (916) 000 11 22", "916 000 11 22", "+7 916 00", "7916000"]) {
      const q = encodeURIComponent(typed);
      expect(
        (await owner.get(`/contacts?q=${q}`)).items.map((row: any) => row.id),
        typed,
      ).toEqual([id]);
    }
    expect((await owner.get(`/contacts?q=${encodeURIComponent("+8 916 000")}`)).items).toEqual([]);
    const person = await customer("Calls Herself");
    await owner.patch(`/contacts/${person.id}`, { phone: "+7 (495) 700-80-90" });
    const found = await owner.get(`/search?q=${encodeURIComponent("8 495 7008090")}`);
    expect(found.contacts.map((one: any) => one.id)).toEqual([person.id]);
  });

  it("is a table whose cells calculate nothing", async () => {
    await owner.post("/contacts", { name: '=HYPERLINK("x","y")', company: 'Quoted, "twice"' });
    const response = await fetch(`${owner.url}/api/v1/contacts.csv`, { headers: { cookie: owner.cookie } });
    expect(response.headers.get("content-type")).toContain("text/csv");
    const text = await response.text();
    expect(text).toContain(`"'=HYPERLINK(""x"",""y"")"`);
    expect(text).toContain('"Quoted, ""twice"""');
    const russian = await fetch(`${owner.url}/api/v1/contacts.csv?separator=%3B`, {
      headers: { cookie: owner.cookie },
    });
    expect(await russian.text()).toMatch(/^name;phone;email;/);
    expect((await owner.ask("GET", "/contacts.csv?separator=%7C")).status).toBe(400);
  });

  it.each(["cursor=nonsense", "limit=0", "channelId=x", "q[$gt]="])("refuses %s", async (query) => {
    expect((await owner.ask("GET", `/contacts?${query}`)).status).toBe(query.startsWith("q[") ? 200 : 400);
  });
});

describe("a contact", () => {
  it("has a label for every alias and a title for every conversation, as version 1 promises", async () => {
    const person = await world.simulator.addCustomer({ name: "Pia Picture" });
    await person.sendPhoto(await picture(), { bot: world.bot });
    const { contact } = await conversationWith("Pia Picture");
    const { aliases, conversations } = await owner.get(`/contacts/${contact.id}`);
    expect(aliases[0].label).toBe(aliases[0].value);
    expect(conversations[0].title).toBe("image");
  });
});

describe("contacts that are one person", () => {
  it("are suggested by the same phone, once, and no more when somebody says that they differ", async () => {
    const [maria, masha] = [await customer("Maria Sokolova"), await customer("Masha S.")];
    await owner.patch(`/contacts/${maria.id}`, { phone: "+7 916 555-01-42" });
    await owner.patch(`/contacts/${masha.id}`, { phone: "8 (916) 555 01 42" });
    const { items } = await owner.get("/contacts/suggestions");
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ reason: "phone" });
    expect(items[0].contacts.map((one: any) => one.id).sort()).toEqual([maria.id, masha.id].sort());
    await owner.delete(`/contacts/suggestions/${items[0].id}`);
    await owner.patch(`/contacts/${masha.id}`, { phone: "+79165550142" });
    expect((await owner.get("/contacts/suggestions")).items).toEqual([]);
  });

  it("are all suggested in the end, however many share a phone, and settled by those who see both alone", async () => {
    const phone = "+44 7700 900777";
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1)
      ids.push((await owner.post("/contacts", { name: `Shared ${index}`, phone })).id);
    const pairsOfLast = async (): Promise<any[]> =>
      (await owner.get("/contacts/suggestions")).items.filter((one: any) =>
        one.contacts.some(({ id }: any) => id === ids.at(-1)),
      );
    expect(await pairsOfLast()).toHaveLength(5);
    for (const { id } of await pairsOfLast()) await owner.delete(`/contacts/suggestions/${id}`);
    await owner.patch(`/contacts/${ids.at(-1)}`, { phone });
    const further = await pairsOfLast();
    expect(further).toHaveLength(2);
    for (const { id } of (await owner.get("/contacts/suggestions")).items)
      await owner.delete(`/contacts/suggestions/${id}`);

    const pair = ["Seen one", "Seen two"];
    for (const name of pair) await owner.post("/contacts", { name, email: "seen@example.com" });
    for (const letter of "abcdefghijklm") {
      const { id } = await customer(`Zqw${letter}k Hidden`);
      await owner.patch(`/contacts/${id}`, { phone: "+44 7700 900778" });
    }
    const all = (await owner.get("/contacts/suggestions")).items;
    expect(all).toHaveLength(50);
    const mate = await owner.invite("sees-little@clay.example", { channelIds: [] });
    const [seen, ...others] = (await mate.get("/contacts/suggestions")).items;
    expect(seen.contacts.map(({ name }: any) => name).sort()).toEqual(pair);
    expect(others).toEqual([]);
    expect((await mate.ask("DELETE", `/contacts/suggestions/${all[0].id}`)).status).toBe(404);
    expect((await owner.get("/contacts/suggestions")).items[0].id).toBe(all[0].id);
    expect((await mate.ask("DELETE", `/contacts/suggestions/${seen.id}`)).status).toBe(204);
  });

  it("are merged once, whoever asks for what at the same moment", async () => {
    for (let round = 0; round < 6; round += 1) {
      const made = ["a", "b", "c"].map((name) => owner.post("/contacts", { name: `Round ${round} ${name}` }));
      const [a, b, c] = (await Promise.all(made)).map(({ id }) => id);
      const merge = (keptId: string, otherId: string) =>
        owner.ask("POST", "/contacts/merges", { keptId, otherId, fromOther: [] });
      const answers = await Promise.all([merge(a, b), merge(b, a), merge(b, c), merge(c, a)]);
      const done = answers.filter(({ status }) => status < 300).length;
      expect(answers.every(({ status }) => status < 300 || [404, 409].includes(status))).toBe(true);
      expect(done).toBeGreaterThan(0);
      expect((await owner.get(`/contacts?q=${encodeURIComponent(`Round ${round}`)}`)).items).toHaveLength(
        3 - done,
      );
    }
  });

  it("are merged with the fields that were chosen; what they write comes to one; undone, both are as before", async () => {
    const [kept, other] = [await customer("Nora Kept"), await customer("Nora Other", "first of the other")];
    await owner.patch(`/contacts/${kept.id}`, { city: "Moscow", tags: ["VIP"] });
    await owner.patch(`/contacts/${other.id}`, { city: "Kazan", email: "nora@example.com", tags: ["New"] });
    const merge = await owner.post("/contacts/merges", {
      keptId: kept.id,
      otherId: other.id,
      fromOther: ["city"],
    });
    const one = await owner.get(`/contacts/${kept.id}`);
    expect(one).toMatchObject({ name: "Nora Kept", city: "Kazan", email: "nora@example.com" });
    expect(one.tags.sort()).toEqual(["New", "VIP"]);
    expect(one.aliases).toHaveLength(2);
    expect(one.conversations).toHaveLength(2);
    expect((await owner.ask("GET", `/contacts/${other.id}`)).status).toBe(404);

    other.say("after the merge");
    await waitFor(
      async () =>
        (await owner.get(`/contacts/${kept.id}`)).conversations.some(
          (conversation: any) => conversation.title === "after the merge",
        ),
      "the message at the kept contact",
    );
    const threads = await owner.get(`/contacts/${kept.id}/threads`);
    expect(threads.items).toHaveLength(2);

    expect((await owner.get(`/contacts/${kept.id}`)).merges).toMatchObject([
      { id: merge.id, otherName: "Nora Other" },
    ]);
    await owner.post(`/contacts/merges/${merge.id}/undo`);
    expect(await owner.get(`/contacts/${kept.id}`)).toMatchObject({ city: "Moscow", tags: ["VIP"] });
    const apart = await owner.get(`/contacts/${other.id}`);
    expect(apart).toMatchObject({ name: "Nora Other", city: "Kazan", tags: ["New"] });
    expect(apart.conversations.map((conversation: any) => conversation.title)).toEqual(["after the merge"]);
    expect((await owner.get(`/contacts/${kept.id}`)).email).toBeUndefined();
    expect((await owner.ask("POST", `/contacts/merges/${merge.id}/undo`)).status).toBe(404);
  });

  it.each([
    ["the other one's in a thread of the kept one", 1, 0],
    ["the kept one's in a thread of the other one", 0, 1],
  ])("have each their own conversation again, %s", async (what, whose, where) => {
    const { simulator, bot } = world;
    const names = [`Kim ${what}`, `Kat ${what}`];
    const people = await Promise.all(names.map((name) => simulator.addCustomer({ name })));
    const rowOf = (name: string) =>
      waitFor(async () => {
        const { items } = await owner.get("/conversations?view=all&limit=100");
        return items.find((one: any) => one.preview && one.contact.name === name);
      }, `the conversation of ${name}`);
    for (const person of people) person.say(`${person.name} is here`, { bot });
    const rows = [await rowOf(names[0]!), await rowOf(names[1]!)];
    const [kept, other] = rows.map((one) => one.contact.id);
    const threads = await Promise.all(
      [kept, other].map(async (id) => (await owner.get(`/contacts/${id}/threads`)).items[0].id),
    );
    const merge = await owner.post("/contacts/merges", { keptId: kept, otherId: other, fromOther: [] });
    await owner.patch(`/conversations/${rows[whose].id}`, { threadId: threads[where] });
    await owner.post(`/contacts/merges/${merge.id}/undo`);

    for (const [index, { id }] of rows.entries()) {
      const { contact } = await owner.get(`/conversations/${id}`);
      expect(contact.id).toBe([kept, other][index]);
      const reply = await owner.reply(id, `For ${names[index]} alone`);
      await messageWhere(owner, id, (one) => one.id === reply.id && one.delivery.state === "sent");
    }
    for (const [index, person] of people.entries()) {
      const got = person.chat(bot).messages.map(({ message }) => message.text ?? "");
      expect(got.filter((text) => text.startsWith("For "))).toEqual([`For ${names[index]} alone`]);
      person.say("Once more", { bot });
      await messageWhere(owner, rows[index].id, ({ content }) => content.text === "Once more");
    }
  });

  it("have one face in every conversation, and each its own again when the merge is undone", async () => {
    const plain = await customer("Faceless One");
    const seen = await world.simulator.addCustomer({ name: "Seen Two", photo: await picture() });
    seen.say("Hello", { bot: world.bot });
    const faceOf = async (name: string): Promise<any> =>
      (await owner.get("/conversations?view=all&limit=100")).items.filter(
        (one: any) => one.contact.name === name,
      );
    const other = await waitFor(async () => {
      const [one] = await faceOf("Seen Two");
      return one?.contact.avatarFileId ? one.contact : undefined;
    }, "the face");
    const merge = await owner.post("/contacts/merges", {
      keptId: plain.id,
      otherId: other.id,
      fromOther: [],
    });
    const both = await faceOf("Faceless One");
    expect(both.map((one: any) => one.contact.avatarFileId)).toEqual([
      other.avatarFileId,
      other.avatarFileId,
    ]);
    await owner.post(`/contacts/merges/${merge.id}/undo`);
    expect((await faceOf("Faceless One"))[0].contact.avatarFileId).toBeUndefined();
    expect((await faceOf("Seen Two"))[0].contact.avatarFileId).toBe(other.avatarFileId);
  });

  it("are seen by those of the other one's channel while they are one, and no longer", async () => {
    const token = "7418025593:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw3";
    const bot = await world.simulator.addBot({ token, username: "clay_third_bot", name: "Third" });
    const { id: channelId } = await owner.post("/channels", { kind: "telegram", credentials: { token } });
    const kept = await customer("Petra Kept");
    (await world.simulator.addCustomer({ name: "Petra Other" })).say("Hello", { bot });
    const mate = await owner.invite("third@clay.example", { channelIds: [channelId] });
    const seen = async () =>
      (await mate.get(`/contacts?channelId=${channelId}`)).items.map((one: any) => one.name);
    await waitFor(async () => (await seen()).length === 1, "the other one");
    const [{ id: otherId }] = (await mate.get("/contacts?q=Petra")).items;
    const merge = await owner.post("/contacts/merges", { keptId: kept.id, otherId, fromOther: [] });
    expect(await seen()).toEqual(["Petra Kept"]);
    await owner.post(`/contacts/merges/${merge.id}/undo`);
    expect(await seen()).toEqual(["Petra Other"]);
    expect((await mate.ask("GET", `/contacts/${kept.id}`)).status).toBe(404);
    expect((await owner.get(`/contacts?channelId=${world.channelId}&q=Petra`)).items).toMatchObject([
      { id: kept.id, channelIds: [world.channelId] },
    ]);
  });

  it.each(["merging", "undoing"] as const)(
    "are left alone by a sweep that read a record, %s, which was given up since",
    async (state) => {
      const [kept, other] = [await customer(`Kept ${state}`), await customer(`Other ${state}`)];
      const { id } = await owner.post("/contacts/merges", {
        keptId: kept.id,
        otherId: other.id,
        fromOther: [],
      });
      if (state === "merging") await owner.post(`/contacts/merges/${id}/undo`);
      const _id = toObjectId(id)!;
      const stale = await acrossWorkspaces(MergeModel.findOne({ _id })).orFail().lean();
      const found = { limit: () => ({ lean: () => Promise.resolve([{ ...stale, state }]) }) };
      const find = vi.spyOn(MergeModel, "find").mockReturnValueOnce(found as never);
      await sweepMerges({
        hub: { events: { publish: vi.fn() }, log: { error: vi.fn() } },
      } as unknown as Inbox);
      find.mockRestore();
      const mergedInto = async () =>
        (
          await acrossWorkspaces(ContactModel.findOne({ _id: toObjectId(other.id)! }))
            .orFail()
            .lean()
        ).mergedInto;
      expect((await mergedInto())?.toHexString()).toBe(state === "merging" ? undefined : kept.id);
      const ids = [kept.id, other.id].map((one) => toObjectId(one)!);
      expect(
        await acrossWorkspaces(ContactModel.countDocuments({ _id: { $in: ids }, heldBy: { $ne: null } })),
      ).toBe(0);
    },
  );

  it("cannot be merged with themselves, nor by somebody who may not see both", async () => {
    const [one, two] = [await customer("Olga One"), await customer("Olga Two")];
    const body = { keptId: one.id, otherId: two.id, fromOther: [] };
    expect((await owner.ask("POST", "/contacts/merges", { ...body, otherId: one.id })).status).toBe(409);
    const mate = await owner.invite("stranger@clay.example", { channelIds: [] });
    expect((await mate.ask("POST", "/contacts/merges", body)).status).toBe(404);
  });
});

describe("a short code in a text", () => {
  it("leads the customer into the conversation that it was made for, once", async () => {
    const from = await customer("Zoya Widget");
    const row = (await owner.get("/contacts?q=Zoya")).items[0];
    const conversation = await owner.get(`/conversations/${row.conversationId}`);
    const stored = await acrossWorkspaces(
      ConversationModel.findOne({ _id: toObjectId(row.conversationId) as ObjectId }),
    ).lean();
    const workspaceId = stored?.workspaceId as ObjectId;
    const to = {
      workspaceId,
      channelId: toObjectId(world.channelId) as ObjectId,
      conversationId: toObjectId(conversation.id) as ObjectId,
      origin: "clay.example/mugs",
    };
    const code = await mintLinkToken(to, 10, "short");
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    const elsewhere = await world.simulator.addCustomer({ name: "Zoya Elsewhere" });
    elsewhere.say(`👋 #${code}`, { bot: world.bot });
    await waitFor(
      async () => (await owner.get(`/contacts/${from.id}`)).aliases.length === 2,
      "the second id of the contact",
    );
    const stranger = await world.simulator.addCustomer({ name: "Stranger Copying" });
    stranger.say(`👋 #${code}`, { bot: world.bot });
    await waitFor(async () => (await owner.get("/contacts?q=Copying")).items[0], "a contact of its own");
    expect((await owner.get(`/contacts/${from.id}`)).aliases).toHaveLength(2);
  });
});

describe("answers", () => {
  it("go another way when an agent chooses one of the customer's other threads", async () => {
    const second = await world.simulator.addBot({
      token: "7418025592:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2",
      username: "clay_second_bot",
      name: "Second",
    });
    await owner.post("/channels", { kind: "telegram", credentials: { token: second.token } });
    const vera = await world.simulator.addCustomer({ name: "Vera Ways" });
    vera.say("here", { bot: world.bot });
    const { id, contact } = await conversationWith("Vera Ways");
    vera.say("there", { bot: second });
    const threads = await waitFor(async () => {
      const { items } = await owner.get(`/contacts/${contact.id}/threads`);
      return items.length === 2 ? items : undefined;
    }, "both threads");
    const there = threads.find((thread: any) => thread.channelId !== world.channelId);
    const moved = await owner.patch(`/conversations/${id}`, { threadId: there.id });
    expect(moved.channelId).toBe(there.channelId);
    await owner.reply(id, "answered there");
    await waitFor(
      () => vera.chat(second).messages.some((one) => one.message.text === "answered there"),
      "the answer at the second bot",
    );

    const lines = async (): Promise<string[]> =>
      (await threadOf(owner, id))
        .filter(({ event }) => /blocked/.test(event?.what))
        .map(({ event, channelId }) => `${event.what} ${channelId === there.channelId ? "there" : "here"}`);
    const isBlocked = async () => (await owner.get(`/conversations/${id}`)).blocked;
    const expected: string[] = [];
    for (const [line, act, blocked] of [
      ["blocked here", () => vera.block(world.bot), false],
      ["blocked there", () => vera.block(second), true],
      ["unblocked here", () => vera.unblock(world.bot), true],
      ["unblocked there", () => vera.unblock(second), false],
    ] as const) {
      act();
      expected.push(line);
      await waitFor(async () => (await lines()).includes(line), line);
      expect(await isBlocked(), line).toBe(blocked);
    }
    expect(await lines()).toEqual(expected);

    const foreign = await customer("Foreign Thread");
    const others = await owner.get(`/contacts/${foreign.id}/threads`);
    const refused = await owner.ask("PATCH", `/conversations/${id}`, {
      threadId: others.items[0].id,
    });
    expect(refused.status).toBe(404);
  });
});
