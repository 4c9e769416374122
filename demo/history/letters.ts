/**
 * How an answer to an old letter finds its way: the hub learns whom a thread goes to from letters that it sees come, and
 * keeps that sealed, so that no history can write it down. The last letter of every thread comes once more, without its
 * files, and what the hub made of it is taken away again: the history has it with its own time.
 */
import { ObjectId, type Db } from "mongodb";
import { letterOf, type MailSimulator } from "../simulators/mail.ts";
import type { LastLetters } from "./phones/mail.ts";

export async function teachThreads(
  database: Db,
  channel: string,
  simulator: MailSimulator,
  last: LastLetters,
): Promise<void> {
  const channelId = new ObjectId(channel);
  for (const { correspondent, letter } of last)
    await simulator.deliver(letterOf(correspondent, { ...letter, files: [] }));
  const recorded = { channelId, pending: false };
  await until(
    async () => (await database.collection("inbound").countDocuments(recorded)) === last.length,
    "the letters to be read",
  );
  const threads = await database.collection("threads").find({ channelId }).toArray();
  const contactIds = threads.map(({ contactId }) => contactId as ObjectId);
  await database.collection("contacts").deleteMany({ _id: { $in: contactIds } });
  await database.collection("aliases").deleteMany({ contactId: { $in: contactIds } });
  for (const name of ["threads", "conversations", "messages"])
    await database.collection(name).deleteMany({ channelId });
}

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
