/** Plays the stories on the customers' phones, so that these hold what the hub's history tells, under the same ids. */
import { Seeded } from "../random.ts";
import type { Desk, Line, Story } from "../story.ts";
import { suppliesOf, type Supply } from "../supplies.ts";
import type { HistoryContent } from "./messages.ts";
import { schedule } from "./schedule.ts";

/** One message, or one thing that happened. An album's line gives several beats. */
export interface Beat {
  line: Line;
  /** Place of the line in its story. */
  index: number;
  at: Date;
  supply?: Supply;
  /** Only the first message of an album carries the words. */
  text?: string;
  albumId?: string;
  /** Under which the messenger knows the message. */
  externalId?: string;
  /** Where the hub would have fetched the file. */
  source?: { type: string; value: string };
  /** What the hub makes of it, where it is more than words and files. */
  content?: HistoryContent;
  /** How far a message of the business came. */
  state?: "sent" | "delivered" | "read";
}

/** How one customer of a story talks with one account. */
export interface Phone {
  /** As the hub names the chat, and the person. */
  threadKey: string;
  aliases: { scheme: string; scope: string; value: string; label: string }[];
  /** What the customer says, presses or opens. */
  say(beat: Beat, before: Beat[]): Beat[] | Promise<Beat[]>;
  /** What the business says. */
  hear(beat: Beat, before: Beat[]): Beat | Promise<Beat>;
  block(): void;
  /** What the messenger tells of a message of the business that the customer has, or has answered. */
  reach(answered: boolean): "sent" | "delivered" | "read";
  /** The story is told: everything is as it was left. */
  settle?(beats: Beat[]): void;
}

export interface Played {
  story: Story;
  phone: Phone;
  beats: Beat[];
}

/** The phones of every desk's messenger. */
export type Phones = Record<Desk, (story: Story) => Phone | Promise<Phone>>;

/** Story after story. Nobody listens yet: the hub gets its history by another way. */
export async function playStories(phones: Phones, stories: Story[], now: Date): Promise<Played[]> {
  const random = new Seeded(2291);
  const played: Played[] = [];
  for (const story of stories) {
    const times = schedule(story, now, random);
    played.push(await playStory(await phones[story.desk](story), story, times));
  }
  return played;
}

async function playStory(phone: Phone, story: Story, times: Date[]): Promise<Played> {
  const beats: Beat[] = [];
  for (const [index, line] of story.lines.entries())
    beats.push(...(await playLine(phone, { line, index, at: times[index] ?? new Date() }, beats)));
  const lastSaid = story.lines.findLastIndex(({ by }) => by === "customer");
  for (const beat of beats)
    if (!beat.state && isAnswer(beat.line)) beat.state = phone.reach(beat.index < lastSaid);
  phone.settle?.(beats);
  return { story, phone, beats };
}

async function playLine(phone: Phone, beat: Beat, before: Beat[]): Promise<Beat[]> {
  const { line } = beat;
  if (line.event?.what === "blocked") phone.block();
  if (line.kind === "event" || line.kind === "note" || line.state === "failed") return [withText(beat)];
  return line.by === "customer" ? phone.say(beat, before) : [await phone.hear(withText(beat), before)];
}

export function isAnswer({ kind, by }: Line): boolean {
  return kind === "message" && by !== "customer";
}

/** The words and the file of a line that is one message. */
export function withText(beat: Beat): Beat {
  const [supply] = suppliesOf(beat.line);
  return {
    ...beat,
    ...(beat.line.text === undefined ? {} : { text: beat.line.text }),
    ...(supply ? { supply } : {}),
  };
}

/** The first message of the line that this one answers. */
export function answered({ replyTo }: Line, before: Beat[]): string | undefined {
  return before.find(({ index }) => index === replyTo)?.externalId;
}

/** The newest message with buttons, the place of the pressed one, and what the hub keeps of the press. */
export function pressed(
  { text = "" }: Line,
  before: Beat[],
): { target: Beat; index: number; content: HistoryContent } {
  const target = before.findLast(({ line }) => line.buttons?.includes(text));
  if (!target) throw new Error(`there is no button "${text}"`);
  const index = target.line.buttons?.indexOf(text) ?? 0;
  return { target, index, content: { action: { title: text, value: valueOf(index) } } };
}

/** What the hub gives a button of that place. */
export function valueOf(index: number): string {
  return `choice-${index + 1}`;
}
