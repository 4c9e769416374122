/** Forms and booking requests: what they ask, and how that is drawn. They are plain forms: nothing has to run. */
import { safeAddress } from "./address.ts";
import { fill, type Fault, type PageWords } from "./words.ts";
import { lines, markup, type Markup, type Part } from "./html.ts";
import type { BlockOf, Words } from "./schema.ts";

export type FormBlock = BlockOf<"form"> | BlockOf<"booking">;

export interface Ask {
  id: string;
  kind: "name" | "email" | "phone" | "text" | "long" | "choice" | "check" | "date" | "time";
  label: string;
  required: boolean;
  options: string[];
}

/** How a form stands after it was sent: done, or what was typed with what is wrong with it. */
export interface FormState {
  blockId: string;
  sent?: boolean;
  values?: ReadonlyMap<string, string>;
  faults?: ReadonlyMap<string, { fault: Fault; times?: string }>;
  /** Of the whole form. */
  fault?: Fault;
  /** Where it is sent instead of the card. */
  action?: string;
  /** What brought the visitor, kept while a form is mended. */
  query?: string;
}

/** Characters of one answer. */
export const longest = { short: 200, long: 2000 };
/** The tick of the consent, and the field that only programs fill in. */
export const consentName = "agree";
export const trapName = "leave";

type Say = (words: Words) => string;

/** The questions in the words of a language; an option's place is its value, the same in every language. */
export function asksOf(block: FormBlock, say: Say, words: PageWords): Ask[] {
  if (block.type === "form")
    return block.fields.map(({ id, kind, label, options, required }) => ({
      ...{ id, kind, required },
      label:
        say(label) || (kind === "name" || kind === "email" || kind === "phone" ? words[kind] : words.text),
      options: kind === "choice" ? linesOf(say(options)) : [],
    }));
  const ask = (id: "name" | "email" | "phone" | "date" | "time", required = true): Ask => ({
    ...{ id, kind: id, label: words[id], required, options: [] },
  });
  const { reach } = block;
  const services = linesOf(say(block.services));
  return [
    ...(services.length > 0
      ? [{ id: "service", kind: "choice" as const, label: words.service, required: true, options: services }]
      : []),
    ask("date"),
    ask("time"),
    ask("name"),
    ...(reach === "email" ? [] : [ask("phone", reach !== "either")]),
    ...(reach === "phone" ? [] : [ask("email", reach !== "either")]),
    ...(block.comment
      ? [{ id: "comment", kind: "long" as const, label: words.comment, required: false, options: [] }]
      : []),
  ];
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim().slice(0, longest.short))
    .filter(Boolean)
    .slice(0, 50);
}

export function consentOf(block: FormBlock, say: Say, words: PageWords): string {
  return say(block.consentText) || words.consent;
}

/** Names what a form asks and what is agreed to, in the words of one language: other words, another version. */
export function versionOf(block: FormBlock, say: Say, words: PageWords): string {
  const consent = block.consent && [consentOf(block, say, words), block.consentUrl];
  const text = JSON.stringify([asksOf(block, say, words), consent]);
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < text.length; at++) {
    a = Math.imul(a ^ text.charCodeAt(at), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(at), 0x85ebca6b);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

export interface FormSheet {
  root: string;
  language: string;
  words: PageWords;
  form?: FormState | undefined;
  /** First day that can be asked for, `2026-11-28`. */
  today: string;
  say: Say;
  mark(block: { id: string }): Part;
}

export function drawForm(sheet: FormSheet, block: FormBlock): Part {
  const { words, say } = sheet;
  const asks = asksOf(block, say, words);
  if (asks.length === 0) return undefined;
  const state = sheet.form?.blockId === block.id ? sheet.form : undefined;
  const name = say(block.title);
  const head = name && markup`<h2>${name}</h2>`;
  const open = markup`<section class="fo" id="f-${block.id}"${sheet.mark(block)}>${head}`;
  if (state?.sent)
    return markup`${open}<p class="er" role="status">${lines(say(block.thanks) || words.thanks)}</p></section>`;
  const text = say(block.text) && markup`<p>${lines(say(block.text))}</p>`;
  const fault = state?.fault ?? (state?.faults?.size ? "mend" : undefined);
  const alert = fault && markup`<p class="er" role="alert">${words.fault[fault]}</p>`;
  const action = `${state?.action ?? `${sheet.root}/send/${block.id}`}?l=${sheet.language}&v=${versionOf(block, say, words)}${state?.query ?? ""}#f-${block.id}`;
  const fields = asks.map((ask) => field(sheet, block, ask, state));
  const button = say(block.button) || (block.type === "form" ? words.send : words.book);
  return markup`${open}${text}<form method="post" action="${action}">${alert}${fields}${agreement(sheet, block, state)}<label class="q hp" aria-hidden="true">${words.empty}<input name="${trapName}" tabindex="-1" autocomplete="off"></label><button class="btn">${button}</button></form></section>`;
}

const types = { name: "text", email: "email", phone: "tel", text: "text", date: "date", time: "time" };
const fills: Record<string, string> = { name: "name", email: "email", phone: "tel" };

function field(sheet: FormSheet, block: FormBlock, ask: Ask, state: FormState | undefined): Markup {
  const { kind, label, required } = ask;
  const value = state?.values?.get(ask.id) ?? "";
  const wrong = faultOf(sheet, block, ask.id, state);
  const always = markup` name="q-${ask.id}"${required && markup` required`}${wrong.attributes}`;
  if (kind === "check")
    return markup`<label class="q c"><input type="checkbox"${always}${value && markup` checked`}><span>${label}</span></label>${wrong.text}`;
  if (kind === "choice") {
    const options = ask.options.map(
      (option, index) =>
        markup`<option value="${index}"${value === String(index) && markup` selected`}>${option}</option>`,
    );
    return markup`<label class="q"><span>${label}</span><select${always}><option value="">${sheet.words.choose}</option>${options}</select></label>${wrong.text}`;
  }
  if (kind === "long")
    return markup`<label class="q"><span>${label}</span><textarea rows="3" maxlength="${longest.long}"${always}>${value && markup`\n`}${value}</textarea></label>${wrong.text}`;
  const filled = fills[kind] && markup` autocomplete="${fills[kind]}"`;
  const bound =
    kind === "date"
      ? markup` min="${sheet.today}"`
      : kind === "time"
        ? undefined
        : markup` maxlength="${longest.short}"`;
  return markup`<label class="q"><span>${label}</span><input type="${types[kind]}"${always}${filled}${bound}${value && markup` value="${value}"`}></label>${wrong.text}`;
}

function agreement(sheet: FormSheet, block: FormBlock, state: FormState | undefined): Part {
  if (!block.consent) return undefined;
  const { words } = sheet;
  const url = safeAddress(block.consentUrl ?? "");
  const link = url && markup` <a href="${url}" target="_blank" rel="noopener">${words.more}</a>`;
  const wrong = faultOf(sheet, block, consentName, state);
  const ticked = state?.values?.get(consentName) && markup` checked`;
  return markup`<label class="q c"><input type="checkbox" name="${consentName}" required${wrong.attributes}${ticked}><span>${consentOf(block, sheet.say, words)}${link}</span></label>${wrong.text}`;
}

/** What is wrong stands below its field, and the field names it. */
function faultOf(
  { words }: FormSheet,
  block: FormBlock,
  askId: string,
  state: FormState | undefined,
): { attributes: Part; text: Part } {
  const found = state?.faults?.get(askId);
  if (!found) return { attributes: undefined, text: undefined };
  const id = `e-${block.id}-${askId}`;
  return {
    attributes: markup` aria-invalid="true" aria-describedby="${id}"`,
    text: markup`<p class="er" id="${id}">${fill(words.fault[found.fault], { times: found.times ?? "" })}</p>`,
  };
}
