/**
 * A thread is named after its first letter. Ids that this hub gives to letters name their thread themselves, so that an
 * answer finds it even from a program that forgets what came before.
 */
import { createHash } from "node:crypto";

export function threadKeyOf(letter: {
  messageId: string;
  inReplyTo?: string | undefined;
  references: string[];
}): string {
  const before = [...(letter.inReplyTo ? [letter.inReplyTo] : []), ...letter.references.toReversed()];
  const own = before.map(threadOfOwn).find((key) => key !== undefined);
  return own ?? hashOf(letter.references[0] ?? letter.inReplyTo ?? letter.messageId);
}

function hashOf(messageId: string): string {
  return createHash("sha256").update(messageId).digest("hex").slice(0, 24);
}

/** The same for the same message of the hub: a letter that was sent twice can be told. */
export function ownMessageId(idempotencyKey: string, threadKey: string, address: string): string {
  const key = idempotencyKey.replace(/[^\w-]/g, "").slice(0, 64);
  return `<hub.${key}.${threadKey}@${address.split("@")[1] ?? "localhost"}>`;
}

/** The thread that an id of this hub's names. */
export function threadOfOwn(messageId: string): string | undefined {
  return /^<hub\.[\w-]{1,64}\.([0-9a-f]{24})@/.exec(messageId)?.[1];
}
