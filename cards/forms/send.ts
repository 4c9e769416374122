/** A form that a visitor sends: stored before it is acknowledged, then handed to the inbox as a message. */
import { createHmac } from "node:crypto";
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { ObjectId } from "../../core/db.ts";
import { AppError, isDuplicate } from "../../core/errors.ts";
import { sameOrigin, toAppError } from "../../core/http.ts";
import type { ChannelRecord } from "../../inbox/index.ts";
import { consentName, consentOf, versionOf, type FormBlock, type FormState } from "../blocks/forms.ts";
import { isShown } from "../blocks/render.ts";
import { safeAddress } from "../blocks/address.ts";
import { pageWords, say, type Fault } from "../blocks/words.ts";
import type { Desk } from "../desk.ts";
import { EntryModel, type EntryRecord } from "../models/index.ts";
import type { OpenCard, Visitor } from "../pages.ts";
import { fromCard } from "../statistics/report.ts";
import { originOf } from "../taps.ts";
import { findFormChannel } from "./channel.ts";
import { formUpdate, type FormUpdate } from "./connector.ts";
import { handOver } from "./hand-over.ts";
import { openingOf } from "./hours.ts";
import { readForm, tellForm, type Shown, type Told, type Typed } from "./read.ts";

/** Texts of twenty fields at their longest, percent-encoded, are below it. */
const parse = express.urlencoded({ extended: false, limit: "512kb", parameterLimit: 100 });

/** What the public page gives: which card, in which language, how it is drawn, and how its visitor is counted. */
export interface FormSite {
  find(request: Request, response: Response): Promise<Visitor | undefined>;
  languageOf(open: OpenCard, request: Request): string;
  /** `utm_source`, `utm_campaign` and the tag of the page, as they stand in the origin of taps. */
  sourceOf(search: URLSearchParams): string;
  draw(visitor: Visitor, language: string, form: FormState): Promise<void>;
  countTap(open: OpenCard, language: string, blockId: string, request: Request): Promise<void>;
}

export function addForms(desk: Desk, router: Router, site: FormSite): void {
  const path = "/c/:slug/send/:block";
  router.post(path, parse, (request, response) => receive(desk, site, request, response));
  // Whoever reloads a page with a fault, or comes back to it later, gets the card.
  router.get(path, async (request, response) => {
    const visitor = await site.find(request, response);
    if (visitor) response.redirect(303, `${homeOf(visitor)}?l=${site.languageOf(visitor.open, request)}`);
  });
  router.use(path, (error: unknown, request: Request, response: Response, next: NextFunction) => {
    explain(desk, site, error, request, response).catch(next);
  });
}

async function receive(desk: Desk, site: FormSite, request: Request, response: Response): Promise<void> {
  const visitor = await site.find(request, response);
  if (!visitor) return;
  const { open } = visitor;
  const block = formOn(open, String(request.params["block"]));
  const channel = block && (await findFormChannel(open.card));
  if (!block || !channel) throw new AppError("not_found");
  if (!sameOrigin({ ...request.headers, origin: siteOf(request) }, desk.hub.config))
    throw new AppError("csrf");
  await desk.forms.take(request.ip ?? "");
  const language = site.languageOf(open, request);
  const limited = block.type === "booking" && block.hours;
  const shown = { language, languages: open.content.languages };
  const typed = readForm(block, shown, request.body, await openingOf(open, limited));
  if (isOutdated(block, shown, request))
    return refuse(site, { ...visitor, block, language }, 409, withoutChoices(block, typed), "changed");
  if (typed.trapped || typed.faults.size > 0)
    return refuse(site, { ...visitor, block, language }, 422, typed, typed.trapped ? "again" : undefined);
  const entry = await storeEntry(desk, { open, block, language, channel, typed, request, site });
  await handOver(desk.inbox, entry);
  await site.countTap(open, language, block.id, request);
  response.redirect(303, `${homeOf(visitor)}?l=${language}&sent=${block.id}#f-${block.id}`);
}

/** The form asked something else, or said something else of the consent, when it was filled in. */
function isOutdated(block: FormBlock, { language, languages }: Shown, request: Request): boolean {
  const seen = request.query["v"];
  if (typeof seen !== "string") return false; // a page of before forms had versions
  return seen !== versionOf(block, (words) => say(words, language, languages), pageWords(language));
}

/** What was chosen by its place, or agreed to, has to be chosen again. */
function withoutChoices(block: FormBlock, { values }: Typed): Pick<Typed, "values" | "faults"> {
  const chosen = new Set([
    consentName,
    "service",
    ...(block.type === "form"
      ? block.fields.filter(({ kind }) => kind === "choice").map(({ id }) => id)
      : []),
  ]);
  return { values: new Map([...values].filter(([id]) => !chosen.has(id))), faults: new Map() };
}

const homeOf = ({ seat }: Visitor): string => seat.root || "/";

/** Browsers inside of other apps send "null" with forms; which site it came from is in another header then. */
function siteOf({ headers }: Request): string | undefined {
  return headers.origin === "null" ? undefined : headers.origin;
}

function formOn({ content }: OpenCard, id: string): FormBlock | undefined {
  const block = content.blocks.find((one) => one.id === id);
  return block && (block.type === "form" || block.type === "booking") && isShown(block, new Date())
    ? block
    : undefined;
}

interface Asked extends Visitor {
  block: FormBlock;
  language: string;
}

/** The card once more, with what was typed, and what is wrong beside it. */
async function refuse(
  site: FormSite,
  { block, language, ...visitor }: Asked,
  status: number,
  typed: Pick<Typed, "values" | "faults">,
  fault?: Fault,
): Promise<void> {
  const search = searchOf(visitor.request);
  const query = new URLSearchParams([...search].filter(([name]) => name === "s" || name.startsWith("utm_")));
  const kept = query.size > 0 ? `&${query.toString()}` : "";
  visitor.response.status(status);
  const form = { blockId: block.id, ...typed, ...(fault ? { fault } : {}), query: kept };
  await site.draw(visitor, language, form);
}

/** Of the page that the form was on: in the referrer of the first try, in the address of the next. */
function searchOf(request: Request): URLSearchParams {
  const own = new URL(request.originalUrl, "http://card").searchParams;
  const referrer = request.headers.referer ?? "";
  const page = URL.canParse(referrer) ? [...new URL(referrer).searchParams] : [];
  const named = new Map([...page, ...own].map(([name, value]) => [name.slice(0, 30), value.slice(0, 60)]));
  return new URLSearchParams([...named].slice(0, 20));
}

interface Sent extends Omit<Asked, "response" | "seat"> {
  channel: ChannelRecord;
  typed: Typed;
  site: FormSite;
}

/** The same once more is answered with what was stored first, and handed to the inbox again: that adds nothing. */
async function storeEntry(desk: Desk, sent: Sent): Promise<EntryRecord> {
  const { open, block, language, channel, typed, request } = sent;
  const { workspaceId, _id: cardId, name: cardName } = open.card;
  const { languages } = open.content;
  const told = tellForm(block, typed.values, { language, languages });
  const [key, before] = keysOf(desk, sent, told);
  const repeated = await EntryModel.findOne({ workspaceId, key: { $in: [key, before] } }).lean();
  if (repeated) return repeated;
  const _id = new ObjectId();
  const now = new Date();
  const sender = senderOf(told, _id);
  const known = await EntryModel.exists({ workspaceId, sender }); // by any card
  const source = sent.site.sourceOf(searchOf(request));
  const update: FormUpdate = {
    id: _id.toHexString(),
    threadKey: sender,
    orderKey: String(now.getTime()).padStart(15, "0"),
    at: now.toISOString(),
    peer: {
      aliases: [{ scheme: "card_form", scope: "", value: sender }],
      // Who they are is only what they say: it names a new contact, and changes none that is known.
      name: known ? "" : told.name,
      ...(!known && told.email ? { email: told.email } : {}),
      ...(!known && told.phone ? { phone: told.phone } : {}),
      locale: language,
    },
    ...(told.text ? { text: told.text } : {}),
    card: { what: block.type, ...(told.title ? { title: told.title } : {}), lines: told.lines },
    from: fromCard(cardId, language),
    referral: originOf(cardName, told.title, source),
  };
  const consent = block.consent ? agreedTo(sent) : null;
  const record = { workspaceId, cardId, channelId: channel._id, key, sender, language, source, consent };
  try {
    const made = await EntryModel.create({
      _id,
      ...record,
      update: formUpdate.parse(update),
      waiting: true,
      createdAt: now,
    });
    return made.toObject();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return EntryModel.findOne({ workspaceId, key }).orFail().lean();
  }
}

function agreedTo({ block, language, open }: Sent): EntryRecord["consent"] {
  const { languages } = open.content;
  const text = consentOf(block, (words) => say(words, language, languages), pageWords(language));
  const url = safeAddress(block.consentUrl ?? "");
  return { text, ...(url ? { url } : {}) };
}

function senderOf(
  { email, phone }: { email: string | undefined; phone: string | undefined },
  id: ObjectId,
): string {
  if (email) return `mail:${email}`;
  const digits = phone?.replace(/\D/g, "").replace(/^8(?=\d{10}$)/, "7");
  return digits ? `tel:${digits}` : `none:${id.toHexString()}`;
}

const sameMs = 15 * 60_000;

/**
 * A page that is kept for everybody holds no token of its own, so that the same answers within a quarter of an hour or two
 * are one form that was sent twice. Where nothing in them tells a person, the browser counts too; of its address there is
 * a keyed hash alone.
 */
function keysOf(
  { hub }: Desk,
  { open, block, typed, request }: Sent,
  { email, phone, name }: Told,
): [now: string, before: string] {
  const who = email ?? phone ?? (name || `${request.ip ?? ""} ${request.headers["user-agent"] ?? ""}`);
  const what = JSON.stringify([open.card._id.toHexString(), block.id, [...typed.values], who]);
  const quarter = Math.floor(Date.now() / sameMs);
  const keyOf = (of: number): string =>
    createHmac("sha256", hub.secrets.derive("card forms")).update(`${of} ${what}`).digest("base64url");
  return [keyOf(quarter), keyOf(quarter - 1)];
}

/** What went wrong is said on the card itself; what is no form of a card is answered as everywhere. */
async function explain(
  desk: Desk,
  site: FormSite,
  error: unknown,
  request: Request,
  response: Response,
): Promise<void> {
  const known = toAppError(error);
  const faults: Partial<Record<string, Fault>> = { rate_limited: "many", too_large: "long", csrf: "again" };
  const fault = faults[known.code] ?? (known.status >= 500 ? "away" : undefined);
  if (!fault || response.headersSent) throw error;
  const visitor = await site.find(request, response);
  const block = visitor && formOn(visitor.open, String(request.params["block"]));
  if (!visitor || !block) throw error;
  const { open } = visitor;
  if (known.status >= 500) desk.hub.log.error({ err: error, code: known.code }, "a form was not stored");
  const wait = known.details?.["retryAfterSeconds"];
  if (typeof wait === "number") response.set("retry-after", String(wait));
  const language = site.languageOf(open, request);
  const shown = { language, languages: open.content.languages };
  const { values } = readForm(block, shown, request.body, { timeZone: "UTC", now: new Date() });
  const typed = { values, faults: new Map() };
  return refuse(site, { ...visitor, block, language }, known.status, typed, fault);
}
