/** E-mail on the customers' page: the letters between a correspondent and a mailbox, newest below. */
import { randomUUID } from "node:crypto";
import { found, type Act, type Failure, type Place, type Stage, type StageMessage } from "../stage.ts";
import type { MailSimulator } from "../mail.ts";
import { fileOf, quotedOf, type Correspondent, type SeenLetter } from "./correspondent.ts";
import type { SmtpFailure } from "./mailbox.ts";

const failures: Partial<Record<Failure, SmtpFailure>> = {
  "5xx": { kind: "refuse", code: 451, message: "4.3.0 Try again later" },
  no_answer: { kind: "drop_after_data" },
  refused: { kind: "refuse", code: 550, message: "5.1.1 No such mailbox" },
};

export function mailStage(simulator: MailSimulator): Stage {
  const correspondent = (address: string): Correspondent =>
    found(
      simulator.correspondents.find((one) => one.address === address),
      "correspondent",
    );
  return {
    kind: "email",
    title: "E-mail",
    failures: ["5xx", "no_answer", "refused"],
    asks: "address",
    accounts: () => simulator.mailboxes.map(({ address }) => ({ id: address, name: address })),
    people: () => simulator.correspondents.map(personOf),
    chat: ({ account, person }) => ({
      status: "online",
      acts: ["say", "send"],
      files: ["photo", "document"],
      emojis: [],
      replies: true,
      letters: true,
      pressed: [],
      messages: correspondent(person)
        .letters.filter(({ mailbox }) => mailbox === account)
        .map(messageOf),
    }),
    perform: (place, act, bytes) => perform(simulator, correspondent(place.person), place, act, bytes),
    add({ name, handle }) {
      const address = handle ?? `${randomUUID().slice(0, 8)}@post.example`;
      return simulator.addCorrespondent(name, address.toLowerCase()).address;
    },
    file: (id) => fileBy(simulator, id),
    failNext: (failure) => simulator.failNext(found(failures[failure], "failure")),
    follow(listener) {
      simulator.events.on("change", listener);
      return () => void simulator.events.off("change", listener);
    },
  };
}

function personOf({ name, address, letters }: Correspondent) {
  const last = letters.at(-1);
  return {
    id: address,
    name,
    handle: address,
    last: last && { text: last.subject, at: last.at.getTime() },
  };
}

const page = "html";

function messageOf({ id, by, at, subject, text, html, files }: SeenLetter): StageMessage {
  return {
    id,
    by: by === "correspondent" ? "customer" : "business",
    at: at.getTime(),
    subject,
    text,
    html: html && `${id}/${page}`,
    media: files.map((file) => ({
      kind: file.mime.startsWith("image/") ? "photo" : "document",
      id: file.id,
      name: file.name,
      size: file.bytes.byteLength,
    })),
    reactions: [],
    acts: [],
  };
}

function fileBy({ correspondents }: MailSimulator, id: string): ReturnType<Stage["file"]> {
  const letters = correspondents.flatMap((one) => one.letters);
  const shown = letters.find((letter) => id === `${letter.id}/${page}`);
  if (shown?.html)
    return { bytes: Buffer.from(shown.html), mime: "text/html; charset=utf-8", name: "letter.html" };
  return letters.flatMap(({ files }) => files).find((file) => file.id === id);
}

async function perform(
  simulator: MailSimulator,
  correspondent: Correspondent,
  { account }: Place,
  act: Act,
  bytes: Uint8Array | undefined,
): Promise<void> {
  if (act.do !== "say" && act.do !== "send") return found<void>(undefined, "act");
  const letters = correspondent.letters.filter(({ mailbox }) => mailbox === account);
  const answered = act.subject ? undefined : (letters.find(({ id }) => id === act.replyTo) ?? letters.at(-1));
  const words = act.do === "say" ? act.text : (act.caption ?? "");
  const id = `<${randomUUID()}@${correspondent.address.split("@")[1] ?? "post.example"}>`;
  const letter: SeenLetter = {
    id,
    by: "correspondent",
    mailbox: account,
    at: new Date(),
    subject: act.subject ?? (answered ? answering(answered.subject) : words.slice(0, 60)),
    text: words,
    files: act.do === "send" ? [attached(id, act, found(bytes, "file"))] : [],
    references: answered ? [...answered.references, answered.id] : [],
    ...(answered && { inReplyTo: answered.id }),
  };
  await simulator.write(correspondent, letter, answered && quotedOf(answered, correspondent));
}

function attached(
  id: string,
  { as, name = as, mime = "application/octet-stream" }: Extract<Act, { do: "send" }>,
  bytes: Uint8Array,
): SeenLetter["files"][number] {
  return fileOf(id, 0, name, mime, bytes);
}

function answering(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
