/** The phone number of an account and its webhook, as the platform knows them. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import type { Graph } from "../graph.ts";
import type { WhatsappCredentials } from "./credentials.ts";

const number = z.object({
  id: z.string(),
  display_phone_number: z.string(),
  verified_name: z.string().catch(""),
  quality_rating: z.string().catch("UNKNOWN"),
  name_status: z.string().optional().catch(undefined),
});
export type PhoneNumber = z.infer<typeof number>;

/** https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status */
export async function fetchNumber(
  graph: Graph,
  { phoneNumberId }: WhatsappCredentials,
): Promise<PhoneNumber> {
  const fields = "id,display_phone_number,verified_name,quality_rating,name_status";
  const found = number.safeParse(await graph.call(phoneNumberId, { query: { fields } }));
  if (found.success) return found.data;
  throw new ConnectorError("permanent", "not_a_number", "this id is no phone number of WhatsApp");
}

const numbers = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Whether the number is one of the account's: templates and webhooks are the account's, not the number's. */
export async function belongs(
  graph: Graph,
  { phoneNumberId, businessAccountId }: WhatsappCredentials,
): Promise<boolean> {
  const query = { fields: "id", limit: "200" };
  const found = numbers.safeParse(await graph.call(`${businessAccountId}/phone_numbers`, { query }));
  return found.data?.data.some(({ id }) => id === phoneNumberId) ?? false;
}

const subscribed = z.object({
  data: z.array(
    z.object({
      override_callback_uri: z.string().optional().catch(undefined),
      whatsapp_business_api_data: z.object({ id: z.string() }).optional().catch(undefined),
    }),
  ),
});

/** Where the account's messages go for this app; undefined while the app is not subscribed. */
export async function fetchSubscription(
  graph: Graph,
  { businessAccountId }: WhatsappCredentials,
  appId: string,
): Promise<{ url: string | undefined } | undefined> {
  const found = subscribed.safeParse(await graph.call(`${businessAccountId}/subscribed_apps`));
  const own = found.data?.data.find(
    ({ whatsapp_business_api_data }) => whatsapp_business_api_data?.id === appId,
  );
  return own && { url: own.override_callback_uri };
}

/**
 * Messages of the account come to this hub from now on; the platform asks the address at once whether it is ours.
 * https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override
 */
export async function subscribe(
  graph: Graph,
  { businessAccountId }: WhatsappCredentials,
  host: Pick<ConnectorHost, "webhookUrl" | "webhookSecret">,
): Promise<void> {
  const json = { override_callback_uri: host.webhookUrl, verify_token: host.webhookSecret };
  await graph.call(`${businessAccountId}/subscribed_apps`, { method: "POST", json });
}

/** Without an address of its own the account's messages go where the app's do. */
export async function giveBack(graph: Graph, { businessAccountId }: WhatsappCredentials): Promise<void> {
  await graph.call(`${businessAccountId}/subscribed_apps`, { method: "POST", json: {} });
}

/** Whether an address is a webhook of this hub: one account of WhatsApp may hold several numbers of it. */
export function isOurs(url: string | undefined, webhookUrl: string): boolean {
  return url !== undefined && url.startsWith(webhookUrl.slice(0, webhookUrl.lastIndexOf("/") + 1));
}
