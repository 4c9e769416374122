/**
 * Meta delivers what a page is subscribed to, at the address of its app.
 * https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps and …/application/subscriptions
 */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import { createGraph } from "../graph.ts";
import type { Graph, GraphHost } from "../graph.ts";
import { messenger } from "./platform.ts";
import type { Platform } from "./platform.ts";

/** Both messengers of a page are told by one subscription, so each asks for the fields of both. */
const pageFields = messenger.fields;

/** Fields that the page is not subscribed to yet for this app; all of them where it is not subscribed at all. */
export async function missingFields(graph: Graph, platform: Platform, appId: string): Promise<string[]> {
  const answer = subscribed.safeParse(
    await graph.call("me/subscribed_apps", { query: { fields: "id,subscribed_fields" } }),
  );
  const own = answer.data?.data.find(({ id }) => id === appId);
  return platform.fields.filter((field) => !own?.subscribed_fields.includes(field));
}

const subscribed = z.object({
  data: z.array(z.object({ id: z.coerce.string(), subscribed_fields: z.array(z.string()).default([]) })),
});

/** Doing it again changes nothing. */
export async function subscribePage(graph: Graph): Promise<void> {
  await graph.call("me/subscribed_apps", {
    method: "POST",
    query: { subscribed_fields: pageFields.join(",") },
  });
}

export async function unsubscribePage(graph: Graph): Promise<void> {
  await graph.call("me/subscribed_apps", { method: "DELETE" });
}

/** The app itself, which alone may change where its webhooks go. */
export function graphOfApp(appId: string, appSecret: string, host: GraphHost): Graph {
  return createGraph(`${appId}|${appSecret}`, host, ({ code, message }) =>
    code === 190 || code === 101
      ? new ConnectorError("auth", "app_secret_wrong", `app: ${message}`)
      : code === 2200
        ? new ConnectorError("retry", "webhook_unreachable", `subscriptions: ${message}`)
        : undefined,
  );
}

/** Where the app's webhooks of an object go now. */
export async function callbackOf(
  app: Graph,
  appId: string,
  { object }: Platform,
): Promise<string | undefined> {
  const answer = subscriptions.safeParse(await app.call(`${appId}/subscriptions`));
  return answer.data?.data.find((one) => one.object === object)?.callback_url;
}

const subscriptions = z.object({
  data: z.array(z.object({ object: z.string(), callback_url: z.string().optional() })),
});

/**
 * Leads the app's webhooks here. Several accounts of an app share one address: any of this hub's will do. Meta asks the
 * address at once, with the verify token.
 */
export async function leadHere(
  app: Graph,
  appId: string,
  platform: Platform,
  { webhookUrl, webhookSecret }: Pick<ConnectorHost, "webhookUrl" | "webhookSecret">,
): Promise<void> {
  if (webhookUrl === undefined || !platform.setsCallback) return;
  if (isOfHub(await callbackOf(app, appId, platform), webhookUrl)) return;
  await app.call(`${appId}/subscriptions`, {
    method: "POST",
    query: {
      object: platform.object,
      callback_url: webhookUrl,
      verify_token: webhookSecret,
      fields: platform.fields.join(","),
      include_values: "true",
    },
  });
}

/** Takes the address back where it is one of this hub's, for an app of which no account is left. */
export async function leadAway(
  app: Graph,
  appId: string,
  platform: Platform,
  { webhookUrl }: Pick<ConnectorHost, "webhookUrl">,
): Promise<void> {
  if (webhookUrl === undefined || !isOfHub(await callbackOf(app, appId, platform), webhookUrl)) return;
  await app.call(`${appId}/subscriptions`, { method: "DELETE", query: { object: platform.object } });
}

/** `https://hub/webhooks/facebook/<any account>` */
export function isOfHub(callback: string | undefined, webhookUrl: string): boolean {
  return callback !== undefined && folderOf(callback) === folderOf(webhookUrl);
}

function folderOf(url: string): string {
  return url.slice(0, url.lastIndexOf("/"));
}
