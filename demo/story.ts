/** What a story of the demo is: one conversation of a customer with the studio, line by line. */
import type { PictureName } from "./pictures.ts";

export type Colleague = "nina" | "mark" | "daria" | "timur";
/** The studio has two bots on Telegram, the shop's and the one of its classes, and an account of every other kind. */
export const kindOf = {
  shop: "telegram",
  classes: "telegram",
  whatsapp: "whatsapp",
  viber: "viber",
  facebook: "facebook",
  instagram: "instagram",
  mail: "email",
} as const;
export type Desk = keyof typeof kindOf;

export interface Customer {
  name: string;
  language: "en" | "ru";
  username?: string;
  picture?: PictureName;
  phone?: string;
  email?: string;
  company?: string;
  city?: string;
  languages?: string;
  timeZone?: string;
  about?: string;
}

export interface LineExtras {
  /** Minutes after the line before; chosen at random otherwise. */
  after?: number;
  /** Several make an album. */
  photos?: PictureName[];
  /** Seconds of a voice note. */
  voice?: number;
  video?: "round" | "wide";
  document?: "price-list.pdf" | "guest-list.txt" | "care-guide.pdf";
  sticker?: { picture: PictureName; emoji: string };
  place?: { latitude: number; longitude: number; title?: string; address?: string };
  card?: { name: string; phone: string };
  /** Which line of the story it answers, counted from 0. */
  replyTo?: number;
  forwardedFrom?: string;
  edited?: boolean;
  reaction?: { by: "contact" | "staff"; emoji: string };
  buttons?: string[];
  /** A reply that did not arrive. */
  state?: "failed" | "unknown";
  failure?: { class: string; code: string; message: string };
  /** A template of the messenger; the text is what it says filled in. */
  template?: { name: string; language: string; params: string[] };
  /** Of the studio, that this line answers. */
  story?: PictureName;
  /** Of an e-mail: the subject of its thread stands in the first line. */
  letter?: { subject?: string; html?: string };
  mentions?: Colleague[];
}

export interface Line extends LineExtras {
  by: "customer" | "assignee" | "system" | Colleague;
  kind: "message" | "note" | "start" | "press" | "event";
  text?: string;
  event?: {
    what: "assigned" | "unassigned" | "resolved" | "reopened" | "snoozed" | "tagged" | "blocked";
    to?: Colleague;
    hours?: number;
    tag?: string;
  };
}

/** `began`: so many days ago at an hour of the day. `ended`: the last line was said so many minutes ago. */
export type StoryTime = { began: { daysAgo: number; hour: number } } | { ended: { minutesAgo: number } };

export interface Story {
  customer: Customer;
  desk: Desk;
  time: StoryTime;
  lines: Line[];
  assignee?: Colleague;
  /** The team has looked at what the customer wrote last. */
  seen?: boolean;
}

/** The customer says or sends something. */
export const they = (text?: string, extras: LineExtras = {}): Line => ({
  by: "customer",
  kind: "message",
  ...(text === undefined ? {} : { text }),
  ...extras,
});

/** Whoever has the conversation answers. */
export const we = (text?: string, extras: LineExtras = {}): Line => ({
  by: "assignee",
  kind: "message",
  ...(text === undefined ? {} : { text }),
  ...extras,
});

/** A note for colleagues alone. */
export const note = (by: Colleague, text: string, mentions: Colleague[] = [], after = 3): Line => ({
  by,
  kind: "note",
  text,
  mentions,
  after,
});

/** The customer came by a link. */
export const start = (payload: string): Line => ({ by: "customer", kind: "start", text: payload });

/** The customer pressed a button of the message before. */
export const press = (title: string, after = 2): Line => ({
  by: "customer",
  kind: "press",
  text: title,
  after,
});

/** Somebody did something with the conversation. */
export const did = (by: Line["by"], event: NonNullable<Line["event"]>, after = 1): Line => ({
  by,
  kind: "event",
  event,
  after,
});
