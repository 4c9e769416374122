/** The Messenger Platform's methods: https://developers.facebook.com/docs/messenger-platform/reference */
import { z } from "zod";
import type { GraphMethod, GraphSimulator, GraphToken } from "../graph.ts";
import { badParameter, GraphRefusal } from "../graph/refusal.ts";
import type { GraphRequest } from "../graph/request.ts";
import type { SimPage, World } from "./world.ts";

interface Place {
  graph: GraphSimulator;
  world: World;
  pageOf: (token: GraphToken) => SimPage | undefined;
}

/** Who the token is, its subscriptions and its people. */
export function pageMethods({ graph, world, pageOf }: Place): GraphMethod {
  return async (request, token) => {
    const { method, path, query } = request;
    const page = pageOf(token);
    if (path === `${token.app.id}/subscriptions`) return subscriptions(request, token, graph, world);
    if (!page) return undefined;
    if (method === "GET" && path === "me")
      return describePage(page, query["fields"] ?? "", graph, request.origin);
    if (path === "me/subscribed_apps") return subscribedApps(method, page, query);
    if (method === "GET") return describePerson(page, path, world, graph, request.origin);
    return undefined;
  };
}

function describePage(page: SimPage, fields: string, graph: GraphSimulator, origin: string): object {
  const { id, name, username, pictureId, instagram } = page;
  const url = pictureOf(graph, pictureId, origin);
  return {
    id,
    name,
    ...(fields.includes("username") && { username }),
    ...(fields.includes("picture") && url !== undefined && { picture: { data: { url } } }),
    ...(fields.includes("instagram_business_account") &&
      instagram && {
        instagram_business_account: { ...instagram, ...(url && { profile_picture_url: url }) },
      }),
  };
}

function pictureOf(graph: GraphSimulator, id: string | undefined, origin: string): string | undefined {
  const file = id === undefined ? undefined : graph.media.get(id);
  return file && graph.media.linkOf(file, origin);
}

function subscribedApps(method: string, page: SimPage, query: Record<string, string>): object {
  if (method === "GET") {
    const { app, subscribed } = page;
    return { data: subscribed ? [{ id: app.id, name: app.name, subscribed_fields: subscribed }] : [] };
  }
  page.subscribed = method === "DELETE" ? undefined : (query["subscribed_fields"] ?? "").split(",");
  return { success: true };
}

/** Of the app itself, with its own token. */
async function subscriptions(
  { method, query, token: given }: GraphRequest,
  { app }: GraphToken,
  graph: GraphSimulator,
  world: World,
): Promise<object> {
  if (given !== `${app.id}|${app.secret}`)
    throw new GraphRefusal({ code: 15, message: "This method must be called with an app access_token." });
  if (method === "GET") {
    const own = [...world.callbacks].filter(([key]) => key.startsWith(`${app.id} `));
    return {
      data: own.map(([key, { url, fields }]) => ({
        object: key.split(" ")[1],
        callback_url: url,
        active: true,
        fields: fields.map((name) => ({ name, version: "v24.0" })),
      })),
    };
  }
  const { object = "", callback_url: url = "", verify_token: word = "", fields = "" } = query;
  if (method === "DELETE") {
    world.callbacks.delete(`${app.id} ${object}`);
    return { success: true };
  }
  if (object !== "page") throw badParameter("Param object is not supported here");
  await graph.webhooks.shakeHands(url, word);
  world.callbacks.set(`${app.id} ${object}`, { url, fields: fields.split(",") });
  return { success: true };
}

function describePerson(
  page: SimPage,
  scopedId: string,
  world: World,
  graph: GraphSimulator,
  origin: string,
): object | undefined {
  const thread = world.findThread(page, scopedId);
  if (!thread) return undefined;
  const { name, username, pictureId } = thread.person;
  const picture = pictureOf(graph, pictureId, origin);
  return {
    name,
    ...(thread.object === "instagram" && { username }),
    ...(picture && { profile_pic: picture }),
    id: scopedId,
  };
}

export const attachmentFields = z.object({
  type: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
});
