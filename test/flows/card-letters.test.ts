/** Answers to forms where anybody may register: the hub carries no letters of strangers to strangers. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { waitFor } from "../support/hub.ts";
import { openMailbox, type Mailbox } from "../support/mailbox.ts";
import { startWorld, threadOf, type World } from "../support/world.ts";

let mailbox: Mailbox;
let world: World;
beforeAll(async () => {
  mailbox = await openMailbox();
  world = await startWorld({ ...mailbox.environment, SIGNUP: "open" });
});
afterAll(async () => {
  await world?.stop();
  await mailbox?.stop();
});

const fields = [
  { id: "n", kind: "name", label: {}, required: true },
  { id: "e", kind: "email", label: {} },
];
async function makeCard(slug: string): Promise<void> {
  const card = await world.owner.post("/cards", { name: "Your bank", slug });
  card.draft.blocks.push({ id: "ask", type: "form", fields, consent: false });
  const { rev } = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  await world.owner.post(`/cards/${card.id}/publish?rev=${rev}`);
}
/** Sends a form with somebody's address and answers it; the state of the answer. */
async function answer(slug: string, name: string, email: string, known = name): Promise<any> {
  const sent = await fetch(`${world.hub.url}/c/${slug}/send/ask?l=en`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ "q-n": name, "q-e": email }),
  });
  expect(sent.status).toBe(303);
  const all = async (): Promise<any[]> => (await world.owner.get("/conversations?view=all")).items;
  const conversation = await waitFor(
    async () => (await all()).find(({ contact, preview }) => contact.name === known && preview),
    "the conversation",
  );
  const message = await world.owner.reply(conversation.id, `Your account is locked, ${name}`);
  return waitFor(async () => {
    const found = (await threadOf(world.owner, conversation.id)).find(({ id }) => id === message.id);
    return ["sent", "failed", "unknown"].includes(found?.delivery?.state) ? found.delivery : undefined;
  }, "the answer to be sent or refused");
}

it("one letter goes to an address until somebody has answered it by mail, whatever the card", async () => {
  await makeCard("bank");
  await makeCard("bank-two");
  expect((await answer("bank", "Vic", "victim@example.com")).state).toBe("sent");
  expect(await answer("bank", "Vic again", "victim@example.com", "Vic")).toMatchObject({
    state: "failed",
    failure: { code: "letter_unanswered" },
  });
  expect(await answer("bank-two", "Vic", "victim@example.com")).toMatchObject({ state: "failed" });
  expect((await answer("bank", "Other", "other@example.com")).state).toBe("sent");
  expect(mailbox.letters.map(({ to }) => (to as any).text)).toEqual([
    "victim@example.com",
    "other@example.com",
  ]);
});

it("an address that is several is none", async () => {
  const sent = await fetch(`${world.hub.url}/c/bank/send/ask?l=en`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ "q-n": "Two", "q-e": "one,two@example.com" }),
  });
  expect(sent.status).toBe(422);
});
