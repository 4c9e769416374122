/** What was typed into a form, checked as the form asks. Whatever a program sends, it is texts of bounded length or a fault. */
import { DateTime } from "luxon";
import { emailOf, phoneOf } from "../blocks/address.ts";
import {
  asksOf,
  consentName,
  longest,
  trapName,
  type Ask,
  type FormBlock,
  type FormState,
} from "../blocks/forms.ts";
import { pageWords, say, type Fault } from "../blocks/words.ts";

export interface Typed {
  /** By the question's id; the tick of the consent under its own name. */
  values: Map<string, string>;
  faults: NonNullable<FormState["faults"]> & Map<string, { fault: Fault; times?: string }>;
  /** Only programs see the field that it was typed into. */
  trapped: boolean;
}

/** When the business takes bookings; undefined for a day without any limit. */
export interface Opening {
  timeZone: string;
  now: Date;
  /** The open spans of a day, and whether a moment is in one of them; undefined where no hours are set. */
  hours?: { timesOf(day: DateTime): string; isOpen(moment: DateTime): boolean } | undefined;
}

/** In which words a form was shown. */
export interface Shown {
  language: string;
  languages: readonly string[];
}

export function readForm(
  block: FormBlock,
  { language, languages }: Shown,
  body: unknown,
  opening: Opening,
): Typed {
  const sent = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const asks = asksOf(block, (words) => say(words, language, languages), pageWords(language));
  const values = new Map<string, string>();
  const faults: Typed["faults"] = new Map();
  const fail = (id: string, fault: Fault, times?: string) =>
    void faults.set(id, { fault, ...(times === undefined ? {} : { times }) });
  for (const ask of asks) {
    const value = clean(sent[`q-${ask.id}`], ask.kind === "long");
    if (value !== "") values.set(ask.id, value.slice(0, longest.long));
    const fault = faultIn(ask, value);
    if (fault) fail(ask.id, fault);
  }
  if (block.consent) {
    if (clean(sent[consentName], false) === "") fail(consentName, "agree");
    else values.set(consentName, "1");
  }
  if (block.type === "booking") {
    if (block.reach === "either" && !values.has("phone") && !values.has("email") && !faults.has("phone"))
      fail("phone", "either");
    checkMoment(values, opening, fail);
  }
  return { values, faults, trapped: clean(sent[trapName], false) !== "" };
}

/** Signs that are not written, and those that turn the direction of a text, are taken out. */
function clean(value: unknown, long: boolean): string {
  if (typeof value !== "string") return "";
  const text = value
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replace(/[^\P{Cc}\n]|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, "");
  return (long ? text : text.replaceAll("\n", " ")).trim();
}

function faultIn(ask: Ask, value: string): Fault | undefined {
  if (value === "") return ask.required ? "required" : undefined;
  if (value.length > (ask.kind === "long" ? longest.long : longest.short)) return "long";
  switch (ask.kind) {
    case "email":
      return emailOf(value) && value.length <= 200 ? undefined : "email";
    case "phone":
      return /^[+\d][\d\s().-]{2,30}$/.test(value) && phoneOf(value) ? undefined : "phone";
    case "choice":
      return /^\d{1,2}$/.test(value) && Number(value) < ask.options.length ? undefined : "choice";
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(value) && DateTime.fromISO(value).isValid ? undefined : "date";
    case "time":
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : "time";
    default:
      return undefined;
  }
}

function checkMoment(
  values: Map<string, string>,
  { timeZone, now, hours }: Opening,
  fail: (id: string, fault: Fault, times?: string) => void,
): void {
  const [date, time] = [values.get("date"), values.get("time")];
  const day = DateTime.fromISO(date ?? "", { zone: timeZone });
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf("day");
  if (!date || !day.isValid) return;
  if (day < today) return fail("date", "past");
  if (day > today.plus({ years: 1 })) return fail("date", "date");
  const times = hours?.timesOf(day);
  if (times === "") return fail("date", "closed");
  const moment = DateTime.fromISO(`${date}T${time ?? ""}`, { zone: timeZone });
  if (!time || !moment.isValid) return;
  if (moment.toJSDate() < now) return fail("time", "past");
  if (hours && !hours.isOpen(moment)) fail("time", "outside", times);
}

/** What the team reads: the questions in the card's first language, with what was answered. */
export interface Told {
  title: string;
  lines: { label: string; value: string }[];
  /** Longer answers, one after another. */
  text: string;
  name: string;
  email: string | undefined;
  phone: string | undefined;
}

export function tellForm(
  block: FormBlock,
  values: ReadonlyMap<string, string>,
  { language: asked, languages }: Shown,
): Told {
  const first = languages[0] ?? "en";
  const asks = asksOf(block, (words) => say(words, first, languages), pageWords(first));
  const shown = asksOf(block, (words) => say(words, asked, languages), pageWords(asked));
  const told: Told = {
    title: say(block.title, first, languages),
    lines: [],
    text: "",
    name: "",
    email: undefined,
    phone: undefined,
  };
  const long: { label: string; value: string }[] = [];
  for (const [index, ask] of asks.entries()) {
    const value = values.get(ask.id) ?? "";
    if (value === "") continue;
    if (ask.kind === "long") {
      long.push({ label: ask.label, value });
      continue;
    }
    if (ask.kind === "name") told.name ||= value;
    if (ask.kind === "email") told.email ??= emailOf(value)?.toLowerCase();
    if (ask.kind === "phone") told.phone ??= value;
    const seen = shown[index]?.options ?? [];
    const option = (seen.length === ask.options.length ? ask.options : seen)[Number(value)] ?? value;
    told.lines.push({
      label: ask.label.slice(0, 200),
      value: ask.kind === "choice" ? option : ask.kind === "check" ? "✓" : value.slice(0, 200),
    });
  }
  told.text =
    long.length === 1
      ? (long[0]?.value ?? "")
      : long
          .map(({ label, value }) => `${label}\n${value}`)
          .join("\n\n")
          .slice(0, 20_000);
  return told;
}
