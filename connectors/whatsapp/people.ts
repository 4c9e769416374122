/**
 * Who writes. A person has a phone (`wa_id`), which a username may hide, and an id of their own for every business
 * (BSUID). The thread goes by the latter where there is one: it stays when the phone is hidden later.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
 */
import type { Peer, PeerAlias } from "../contract.ts";
import { cut } from "./content.ts";
import type { WireContact } from "./wire.ts";

export interface Ids {
  phone?: string | undefined;
  user?: string | undefined;
}

export interface Person {
  threadKey: string;
  peer: Peer;
}

/** Undefined when nothing tells who it is. `account` is the WhatsApp Business account, for which a user id counts. */
export function personOf(ids: Ids, contacts: WireContact[], account: string): Person | undefined {
  const contact = contacts.find(
    ({ wa_id, user_id }) => (wa_id && wa_id === ids.phone) || (user_id && user_id === ids.user),
  );
  const fallback = !ids.phone && !ids.user && contacts.length === 1 ? contacts[0] : undefined;
  const known = contact ?? fallback;
  const phone = ids.phone || known?.wa_id;
  const user = ids.user || known?.user_id;
  const [first, ...rest] = aliasesOf({ phone, user }, account);
  if (!first) return undefined;
  const username = known?.profile?.username;
  const name = known?.profile?.name || username || (phone && formatPhone(phone)) || first.value;
  return {
    threadKey: first.value,
    peer: {
      aliases: [first, ...rest],
      name: cut(name, 255),
      ...(username && { username: cut(username, 100) }),
      ...(phone && isPhone(phone) && { phone: `+${phone}` }),
    },
  };
}

export function aliasesOf({ phone, user }: Ids, account: string): PeerAlias[] {
  return [
    ...(user ? [{ scheme: "whatsapp_user", scope: account, value: user }] : []),
    ...(phone ? [{ scheme: "wa_phone", scope: "", value: phone }] : []),
  ];
}

/** Whether a thread goes by a user id (`US.13491208655302741918`) rather than by a phone. */
export function isUserId(threadKey: string): boolean {
  return /^[A-Z]{2}\./.test(threadKey);
}

function isPhone(value: string): boolean {
  return /^\d{5,16}$/.test(value);
}

function formatPhone(phone: string): string {
  return isPhone(phone) ? `+${phone}` : phone;
}
