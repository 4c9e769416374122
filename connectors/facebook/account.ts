/** Who a page token speaks for: the page, or the Instagram account that is linked to it. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { Graph } from "../graph.ts";
import type { Platform } from "./platform.ts";

export interface Account {
  id: string;
  name: string;
  handle: string;
  link: string;
  picture?: string | undefined;
}

export function findAccount(graph: Graph, { kind }: Platform): Promise<Account> {
  return kind === "instagram" ? findInstagram(graph) : findPage(graph);
}

const page = z.object({
  id: z.coerce.string(),
  name: z.string(),
  username: z.string().optional(),
  picture: z
    .object({ data: z.object({ url: z.string() }) })
    .optional()
    .catch(undefined),
});

async function findPage(graph: Graph): Promise<Account> {
  const answer = await askMe(graph, "id,name,username,picture.type(large),fan_count");
  const { data } = page.safeParse(answer);
  if (!data) throw notAPage();
  const { id, name, username, picture } = data;
  const path = username ?? id;
  return { id, name, handle: `m.me/${path}`, link: `https://m.me/${path}`, picture: picture?.data.url };
}

const linked = z.object({
  instagram_business_account: z.object({
    id: z.coerce.string(),
    username: z.string(),
    name: z.string().optional(),
    profile_picture_url: z.string().optional(),
  }),
});

async function findInstagram(graph: Graph): Promise<Account> {
  const fields = "instagram_business_account{id,username,name,profile_picture_url}";
  const { data } = linked.safeParse(await askMe(graph, `id,name,fan_count,${fields}`));
  if (!data)
    throw new ConnectorError("permanent", "no_instagram", "no Instagram account is linked to this page");
  const { id, username, name, profile_picture_url: picture } = data.instagram_business_account;
  return { id, name: name ?? username, handle: `@${username}`, link: `https://ig.me/m/${username}`, picture };
}

/** People have no `fan_count`: a person's token is told from a page's by that. */
async function askMe(graph: Graph, fields: string): Promise<unknown> {
  try {
    return await graph.call("me", { query: { fields } });
  } catch (error) {
    const personal = error instanceof ConnectorError && error.code === "bad_request";
    throw personal ? notAPage() : error;
  }
}

function notAPage(): ConnectorError {
  return new ConnectorError("permanent", "not_a_page", "the token is not a page's");
}
