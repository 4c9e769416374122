/** What an answer needs of a thread: whom it goes to, and what it follows. Kept beside the account. */
import { z } from "zod";
import type { ConnectorHost } from "../contract.ts";
import type { Facts } from "./facts.ts";
import { threadKeyOf } from "./thread.ts";

const person = z.object({ name: z.string(), address: z.string() });
const keptThread = z.object({
  to: person,
  cc: z.array(person),
  subject: z.string(),
  references: z.array(z.string()),
});
export type KeptThread = z.infer<typeof keptThread>;

const nameOf = (threadKey: string): string => `thread ${threadKey}`;

/** The newest letter of the customer decides. */
export async function keepThread(letter: Facts, own: string, host: ConnectorHost): Promise<void> {
  const to = letter.replyTo ?? letter.from;
  const others = [...letter.to, ...letter.cc].filter(
    ({ address }) => address !== own && address !== to.address,
  );
  const ids = [...letter.references, ...(letter.inReplyTo ? [letter.inReplyTo] : []), letter.messageId];
  const references = [...new Set(ids)];
  const thread: KeptThread = {
    to,
    cc: others.filter(({ address }, index) => others.findIndex((one) => one.address === address) === index),
    subject: letter.subject,
    // The first and the newest are what mail programs look at.
    references: references.length > 20 ? [...references.slice(0, 1), ...references.slice(-19)] : references,
  };
  await host.kept.write(nameOf(threadKeyOf(letter)), JSON.stringify(thread));
}

export async function readThread(threadKey: string, host: ConnectorHost): Promise<KeptThread | undefined> {
  const found = await host.kept.read(nameOf(threadKey));
  return found === undefined ? undefined : keptThread.parse(JSON.parse(found));
}
