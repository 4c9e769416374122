/** E-mail: a thread of letters, the first of which names it. */
import { createHash } from "node:crypto";
import { letterOf, quotedOf } from "../../simulators/mail.ts";
import type { Correspondent, MailSimulator, SeenLetter } from "../../simulators/mail.ts";
import type { Story } from "../../story.ts";
import { suppliesOf } from "../../supplies.ts";
import { withText, type Beat, type Phone } from "../play.ts";

/** The customer's last letters: the hub has to see them come to know whom an answer goes to. */
export type LastLetters = { correspondent: Correspondent; letter: SeenLetter }[];

export function mailPhone(
  simulator: MailSimulator,
  mailbox: string,
  last: LastLetters,
  { customer: { name, email }, lines: [first] }: Story,
): Phone {
  const subject = first?.letter?.subject;
  if (!email || !subject) throw new Error(`${name} needs an address and a subject to write letters`);
  const correspondent = simulator.addCorrespondent(name, email);
  const domain = email.split("@")[1] ?? "post.example";
  const firstId = `<1.${name.length}.history@${domain}>`;
  const threadKey = createHash("sha256").update(firstId).digest("hex").slice(0, 24);
  const { letters } = correspondent;

  async function write(beat: Beat, by: SeenLetter["by"]): Promise<Beat> {
    const { line } = beat;
    const number = letters.length + 1;
    const before = letters.at(-1);
    const id =
      by === "mailbox"
        ? `<hub.history${number}.${threadKey}@${mailbox.split("@")[1] ?? ""}>`
        : before
          ? `<${number}.${name.length}.history@${domain}>`
          : firstId;
    const letter: SeenLetter = {
      id,
      by,
      mailbox,
      at: beat.at,
      subject: before ? `Re: ${subject ?? ""}` : (subject ?? ""),
      text: line.text ?? "",
      html: line.letter?.html,
      files: await filesOf(beat, id),
      references: letters.map((one) => one.id),
      ...(before && { inReplyTo: before.id }),
    };
    letters.push(letter);
    const to = by === "mailbox" ? (email ?? "") : mailbox;
    const quoted = by === "correspondent" && before ? quotedOf(before, correspondent) : undefined;
    const shown = {
      subject: letter.subject,
      ...(letter.html && { html: letter.html }),
      ...(quoted && { quoted }),
      to: [to],
      cc: [],
    };
    return { ...withText(beat), externalId: id, content: { letter: shown } };
  }

  return {
    threadKey,
    aliases: [{ scheme: "email", scope: "", value: email, label: email }],
    block: () => undefined,
    reach: () => "sent",
    say: async (beat) => [await write(beat, "correspondent")],
    hear: (beat) => write(beat, "mailbox"),
    settle() {
      const newest = letters.findLast(({ by }) => by === "correspondent");
      if (newest) last.push({ correspondent, letter: newest });
    },
  };
}

async function filesOf({ line }: Beat, id: string): Promise<SeenLetter["files"]> {
  return Promise.all(
    suppliesOf(line).map(async (supply, index) => ({
      id: `${id}/${index}`,
      name: supply.fileName ?? `${supply.key}.jpg`,
      mime: supply.mime,
      bytes: await supply.bytes(),
    })),
  );
}

/** Everything that the mailbox got before the hub looked into it. */
export async function fillMailbox(simulator: MailSimulator, last: LastLetters): Promise<void> {
  const known = new Set(last.map(({ letter }) => letter.id));
  const earlier = simulator.correspondents
    .flatMap((correspondent) => correspondent.letters.map((letter) => ({ correspondent, letter })))
    .filter(({ letter }) => letter.by === "correspondent" && !known.has(letter.id))
    .toSorted((a, b) => a.letter.at.getTime() - b.letter.at.getTime());
  for (const { correspondent, letter } of earlier) await simulator.deliver(letterOf(correspondent, letter));
}
