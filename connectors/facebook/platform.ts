/** The two messengers of the Messenger Platform: what differs between them. */
import type { Capabilities } from "../contract.ts";
import { instagram as instagramCan, messenger as messengerCan } from "./capabilities.ts";

export interface Platform {
  kind: "facebook" | "instagram";
  title: string;
  /** `object` of its webhooks. */
  object: "page" | "instagram";
  aliasScheme: string;
  capabilities: Capabilities;
  /** Webhook fields that the hub reads, as the page subscribes to them. */
  fields: readonly string[];
  /** The app's callback may be set by a call; otherwise a person pastes it at Meta. */
  setsCallback: boolean;
}

/** https://developers.facebook.com/docs/messenger-platform/webhooks */
export const messenger: Platform = {
  kind: "facebook",
  title: "Messenger",
  object: "page",
  aliasScheme: "facebook_psid",
  capabilities: messengerCan,
  fields: [
    "messages",
    "messaging_postbacks",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_referrals",
    "messaging_optins",
  ],
  setsCallback: true,
};

/** https://developers.facebook.com/docs/messenger-platform/instagram/features/webhook */
export const instagram: Platform = {
  kind: "instagram",
  title: "Instagram",
  object: "instagram",
  aliasScheme: "instagram_igsid",
  capabilities: instagramCan,
  fields: ["messages", "messaging_postbacks", "message_reactions", "message_edits", "messaging_referrals"],
  setsCallback: false,
};
