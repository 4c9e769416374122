import type { LocalDraft } from "./draft-copies.ts";

/** Written on two devices at once: both are kept, `theirs` first. Where each answers a message, mine decides. */
export function joinDrafts(theirs: LocalDraft, mine: LocalDraft): LocalDraft {
  const [first = "", second = ""] = [theirs.content.text, mine.content.text];
  const beginning = first && second ? `${first}\n\n` : first;
  const moved = mine.content.entities?.map((one) => ({ ...one, offset: one.offset + beginning.length }));
  const attachments = [...(theirs.content.attachments ?? []), ...(mine.content.attachments ?? [])];
  return {
    content: {
      ...theirs.content,
      ...mine.content,
      text: beginning + second,
      entities: [...(theirs.content.entities ?? []), ...(moved ?? [])],
      ...(attachments.length > 0 ? { attachments } : {}),
    },
    replyToMessageId: mine.replyToMessageId ?? theirs.replyToMessageId,
  };
}
