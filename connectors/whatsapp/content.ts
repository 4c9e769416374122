/** What a WhatsApp message says, in canonical form. */
import { z } from "zod";
import {
  attachmentsMax,
  type Card,
  type InboundAttachment,
  type InboundContent,
  type MediaKind,
} from "../contract.ts";
import type { WireFile, WireMessage, WireSaid } from "./wire.ts";

/** Total: a kind that cannot be shown is `unsupported` by its own name. */
export function contentOf(message: WireSaid): InboundContent {
  return readers.get(message.type)?.(message) ?? unsupported(message);
}

const readers = new Map(
  Object.entries<(message: WireSaid) => InboundContent | undefined>({
    text: ({ text, context }) => {
      const product = context?.referred_product?.product_retailer_id;
      const card = product === undefined ? undefined : { what: "product", title: cut(product, 300) };
      return text && { text: cut(text.body, 20_000), ...(card && { card }) };
    },
    image: ({ image }) => image && mediaOf("image", image),
    video: ({ video }) => video && mediaOf("video", video),
    audio: ({ audio }) => audio && mediaOf(audio.voice ? "voice" : "audio", audio),
    voice: ({ voice }) => voice && mediaOf("voice", voice),
    document: ({ document }) => document && mediaOf("document", document),
    sticker: ({ sticker }) => sticker && mediaOf("sticker", sticker),
    location: ({ location }) => location && { attachments: [placeOf(location)] },
    contacts: ({ contacts }) =>
      contacts && contacts.length > 0
        ? { attachments: contacts.slice(0, attachmentsMax).map(contactOf) }
        : undefined,
    button: ({ button, context }) => button && actionOf(button.text, button.payload, context?.id),
    interactive: interactiveOf,
    order: ({ order }) => order && { card: orderCard(order) },
  }),
);

function unsupported({ type, unsupported: named, errors }: WireSaid): InboundContent {
  const nativeType = named?.type ?? (type === "unsupported" ? errors?.[0]?.title : undefined) ?? type;
  return { unsupported: { nativeType: cut(nativeType, 100) } };
}

function mediaOf(kind: MediaKind, file: WireFile): InboundContent {
  const media = {
    state: "pending" as const,
    ...(file.mime_type !== undefined && { mime: file.mime_type.split(";")[0] ?? file.mime_type }),
    ...(file.filename !== undefined && { fileName: cut(file.filename, 255) }),
  };
  return {
    ...(file.caption && { text: cut(file.caption, 20_000) }),
    attachments: [{ kind, media, source: { type: "media_id", value: file.id } }],
  };
}

function placeOf({
  latitude,
  longitude,
  name,
  address,
}: NonNullable<WireSaid["location"]>): InboundAttachment {
  return {
    kind: "location",
    latitude,
    longitude,
    ...(name && { name: cut(name, 255) }),
    ...(address && { address: cut(address, 500) }),
  };
}

function contactOf({
  name,
  phones = [],
  emails = [],
}: NonNullable<WireSaid["contacts"]>[number]): InboundAttachment {
  const numbers = phones.flatMap(({ phone, wa_id }) => phone ?? wa_id ?? []).slice(0, 10);
  const addresses = emails.flatMap(({ email }) => email ?? []).slice(0, 10);
  return {
    kind: "contact",
    name: cut(name?.formatted_name ?? name?.first_name ?? numbers[0] ?? "", 255),
    phones: numbers.map((number) => cut(number, 40)),
    ...(addresses.length > 0 && { emails: addresses.map((address) => cut(address, 254)) }),
  };
}

function interactiveOf({ interactive, context }: WireSaid): InboundContent | undefined {
  const reply = interactive?.button_reply ?? interactive?.list_reply;
  if (reply) return actionOf(reply.title, reply.id, context?.id);
  if (interactive?.nfm_reply) return { card: formCard(interactive.nfm_reply) };
  const permission = interactive?.call_permission_reply;
  return permission && { service: { what: "call_permission", data: { response: permission.response } } };
}

function actionOf(
  title: string | undefined,
  value: string | undefined,
  target: string | undefined,
): InboundContent {
  return {
    action: {
      ...(title !== undefined && { title: cut(title, 256) }),
      ...(value !== undefined && { value: cut(value, 256) }),
      ...(target !== undefined && { targetExternalId: target }),
    },
  };
}

function orderCard({ text, product_items }: NonNullable<WireSaid["order"]>): Card {
  const lines = product_items
    .slice(0, 60)
    .map(({ product_retailer_id, quantity, item_price, currency = "" }) => ({
      label: cut(`${quantity} × ${product_retailer_id}`, 200),
      value: cut(`${item_price} ${currency}`.trim(), 200),
    }));
  return { what: "order", ...(text && { text: cut(text, 2000) }), lines };
}

/** The answers of a form; its token is the business's own and says nothing to people. */
function formCard({
  name,
  body,
  response_json,
}: NonNullable<NonNullable<WireSaid["interactive"]>["nfm_reply"]>): Card {
  const answers = z.record(z.string(), z.unknown()).safeParse(parseJson(response_json ?? "")).data ?? {};
  const lines = Object.entries(answers)
    .filter(([key]) => key !== "flow_token")
    .slice(0, 60)
    .map(([key, given]) => ({
      label: cut(key.replaceAll("_", " "), 200),
      value: cut(typeof given === "string" ? given : JSON.stringify(given), 200),
    }));
  return {
    what: "form",
    ...(name && { title: cut(name, 300) }),
    ...(body && { text: cut(body, 2000) }),
    lines,
  };
}

/** The advertisement or post under which the customer began to write. */
export function adCard({
  source_url,
  headline,
  body,
  source_type,
}: NonNullable<WireMessage["referral"]>): Card {
  const url =
    source_url &&
    z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .safeParse(source_url).data;
  return {
    what: source_type === "post" ? "post" : "ad",
    ...(headline && { title: cut(headline, 300) }),
    ...(body && { text: cut(body, 2000) }),
    ...(url && { url }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function cut(text: string, max: number): string {
  return text.slice(0, max);
}
