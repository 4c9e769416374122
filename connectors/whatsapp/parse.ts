/** Deliveries as canonical events: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks. Pure and total. */
import { createHash } from "node:crypto";
import type { InboundEvent, Quote } from "../contract.ts";
import { newsOf } from "./account.ts";
import { adCard, contentOf, cut } from "./content.ts";
import { meaningOf } from "./errors.ts";
import { aliasesOf, personOf, type Person } from "./people.ts";
import * as wire from "./wire.ts";
import type { WireMessage, WireValue } from "./wire.ts";

/** Where an event stands: its account, its number, and what else the delivery says of people. */
interface Place {
  account: string;
  value: WireValue;
  receivedAt: Date;
  /** Names what cannot be read: unique in the delivery. */
  unknown(nativeType: string, at?: Date): Unknown;
}

type Unknown = Extract<InboundEvent, { type: "unknown" }>;
type Base = Omit<Unknown, "type" | "nativeType">;

/** A delivery may hold many events of several numbers; whatever cannot be read becomes `unknown`, never nothing. */
export function parseUpdate(body: Uint8Array, receivedAt: Date): InboundEvent[] {
  const unknown = unknowns(body, receivedAt);
  const delivery = wire.delivery.safeParse(decode(body)).data;
  if (!delivery) return [unknown("unreadable")];
  return delivery.entry.flatMap((raw) => {
    const entry = wire.entry.safeParse(raw).data;
    if (!entry) return [unknown("entry")];
    const at = dateOf(entry.time === undefined ? undefined : String(entry.time), receivedAt);
    return entry.changes.flatMap((change) => readChange(change, entry.id, at, receivedAt, unknown));
  });
}

function readChange(
  raw: unknown,
  account: string,
  at: Date,
  receivedAt: Date,
  unknown: Place["unknown"],
): InboundEvent[] {
  const change = wire.change.safeParse(raw).data;
  if (!change) return [unknown("change", at)];
  const { field } = change;
  const news = newsOf(field, change.value);
  if (news) {
    const { nativeType: _nativeType, ...base } = unknown(field, at);
    return [{ ...base, type: "account", ...news }];
  }
  const value = wire.value.safeParse(change.value).data;
  if (!value) return [unknown(field, at)];
  const place = { account, value, receivedAt, unknown };
  const events = [
    ...(value.messages ?? []).map((one) => readMessage(one, place, "in")),
    ...(value.message_echoes ?? []).map((one) => readMessage(one, place, "echo")),
    ...(value.statuses ?? []).map((one) => readStatus(one, place)),
    ...(value.calls ?? []).map((one) => readCall(one, place)),
    ...(value.user_id_update ?? []).map((one) => readUserIdUpdate(one, place)),
  ];
  const [first, ...rest] = events;
  return first ? [first, ...rest] : [unknown(value.errors ? "errors" : field, at)];
}

// ---- messages -----------------------------------------------------------------------------------------------------

function readMessage(raw: unknown, place: Place, way: "in" | "echo"): InboundEvent {
  const message = wire.message.safeParse(raw).data;
  if (!message) return place.unknown("message");
  if (message.group_id) return place.unknown(`group:${message.type}`);
  const ids =
    way === "in"
      ? { phone: message.from, user: message.from_user_id }
      : { phone: message.to, user: message.to_user_id };
  const person = personOf(ids, place.value.contacts, place.account);
  if (!person) return place.unknown(message.type);
  const base = baseOf(place, person.threadKey, `message:${message.id}`, message.timestamp);
  return (
    changeOf(message, base, place, person, way) ?? {
      ...base,
      type: "message",
      externalId: message.id,
      peer: person.peer,
      content: withAd(message),
      ...quoteOf(message),
      ...(message.context?.forwarded || message.context?.frequently_forwarded ? { forwardedFrom: "" } : {}),
      ...(way === "echo" && { echo: true }),
    }
  );
}

/** What concerns another message, or the person; undefined for a message of its own. */
function changeOf(
  { type, edit, revoke, reaction, system }: WireMessage,
  base: Base,
  place: Place,
  person: Person,
  way: "in" | "echo",
): InboundEvent | undefined {
  if (type === "edit" && edit)
    return { ...base, type: "edit", externalId: edit.original_message_id, content: contentOf(edit.message) };
  if (type === "revoke" && revoke)
    return { ...base, type: "delete", externalIds: [revoke.original_message_id] };
  if (type === "reaction" && reaction) {
    if (way === "echo") return { ...base, type: "unknown", nativeType: "echo:reaction" };
    const { message_id, emoji } = reaction;
    return {
      ...base,
      type: "reaction",
      externalId: message_id,
      actor: "contact",
      emojis: emoji ? [cut(emoji, 40)] : [],
    };
  }
  if (type !== "system" || !system) return undefined;
  const [first, ...rest] = aliasesOf({ phone: system.wa_id, user: system.user_id }, place.account);
  if (!first) return { ...base, type: "unknown", nativeType: `system:${cut(system.type, 40)}` };
  const phone = system.wa_id && /^\d{5,16}$/.test(system.wa_id) ? { phone: `+${system.wa_id}` } : {};
  return {
    ...base,
    type: "peer",
    peer: { ...person.peer, aliases: [...person.peer.aliases, first, ...rest], ...phone },
  };
}

function withAd(message: WireMessage) {
  const content = contentOf(message);
  return message.referral && !content.card ? { ...content, card: adCard(message.referral) } : content;
}

function quoteOf({ context, type, interactive, referral }: WireMessage): {
  replyTo?: Quote;
  referral?: string;
} {
  const isPress = type === "button" || interactive !== undefined;
  const from = referral && (referral.headline || referral.source_id);
  return {
    ...(context?.id && !isPress && { replyTo: { externalId: context.id } }),
    ...(from && { referral: cut(from, 200) }),
  };
}

// ---- everything else ----------------------------------------------------------------------------------------------

function readStatus(raw: unknown, place: Place): InboundEvent {
  const status = wire.status.safeParse(raw).data;
  if (!status) return place.unknown("status");
  if (status.recipient_type === "group") return place.unknown("group:status");
  const ids = { phone: status.recipient_id, user: status.recipient_user_id };
  const person = personOf(ids, place.value.contacts, place.account);
  if (!person) return place.unknown("status");
  const { id, status: state, biz_opaque_callback_data: key, errors } = status;
  return {
    ...baseOf(place, person.threadKey, `status:${id}:${state}`, status.timestamp),
    type: "delivery",
    state: state === "played" ? "read" : state,
    externalIds: [id],
    ...(key && { idempotencyKey: key }),
    ...(state === "failed" && { failure: failureOf(errors?.[0]) }),
  };
}

function failureOf(
  error:
    | { code: number; title?: string | undefined; error_data?: { details?: string | undefined } | undefined }
    | undefined,
) {
  const message = error ? `${error.code} ${error.error_data?.details ?? error.title ?? ""}` : "";
  return { ...meaningOf(error?.code ?? 0), message: cut(message.trim(), 500) };
}

/** The hub cannot take calls: that the customer tried is worth knowing. */
function readCall(raw: unknown, place: Place): InboundEvent {
  const call = wire.call.safeParse(raw).data;
  const ids = call && { phone: call.from, user: call.from_user_id };
  const person = ids && personOf(ids, place.value.contacts, place.account);
  if (!call || !person) return place.unknown("call");
  return {
    ...baseOf(place, person.threadKey, `call:${call.id}`, call.timestamp),
    type: "message",
    externalId: call.id,
    peer: person.peer,
    content: { card: { what: "call" } },
  };
}

/** It says no name: an empty one leaves the contact's as it is. */
function readUserIdUpdate(raw: unknown, place: Place): InboundEvent {
  const update = wire.userIdUpdate.safeParse(raw).data;
  if (!update) return place.unknown("user_id_update");
  const { previous, current } = update.user_id;
  const person = personOf({ user: previous }, [], place.account);
  if (!person) return place.unknown("user_id_update");
  const further = aliasesOf({ user: current, phone: update.wa_id }, place.account);
  return {
    ...baseOf(place, previous, `user_id:${previous}:${current}`, update.timestamp),
    type: "peer",
    peer: { ...person.peer, name: "", aliases: [...person.peer.aliases, ...further] },
  };
}

// ---- the envelope -------------------------------------------------------------------------------------------------

function baseOf(place: Place, threadKey: string, dedupKey: string, timestamp: string | undefined): Base {
  const at = dateOf(timestamp, place.receivedAt);
  return {
    dedupKey,
    orderKey: orderKeyOf(at),
    threadKey,
    at,
    accountExternalId: place.value.metadata.phone_number_id,
  };
}

function unknowns(body: Uint8Array, receivedAt: Date): Place["unknown"] {
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  let count = 0;
  return (nativeType, at = receivedAt) => ({
    type: "unknown",
    nativeType: cut(nativeType, 60) || "unnamed",
    dedupKey: `unknown:${digest}:${count++}`,
    orderKey: orderKeyOf(at),
    threadKey: "account",
    at,
  });
}

function orderKeyOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1000)).padStart(12, "0");
}

/** Seconds since 1970, as digits; before 1970 and after the year 5000 nobody writes. */
function dateOf(timestamp: string | undefined, otherwise: Date): Date {
  const seconds = /^\d{1,11}$/.test(timestamp ?? "") ? Number(timestamp) : Number.NaN;
  return Number.isNaN(seconds) ? otherwise : new Date(seconds * 1000);
}

function decode(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
