/** Other accounts of the hub that live by the same app, and perhaps by the same page. */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { ConnectorHost } from "../contract.ts";
import { createGraph } from "../graph.ts";
import type { Graph } from "../graph.ts";
import { credentials as shape } from "./credentials.ts";
import { classify } from "./errors.ts";

interface Sibling {
  kind: string;
  pageToken: string;
}

/** Deliveries are proven by the app's secret: who has the same hears the same. */
export async function siblingsOfApp(host: ConnectorHost, appSecret: string): Promise<Sibling[]> {
  const all = await host.siblings();
  return all.flatMap(({ kind, credentials }) => {
    const { data } = shape.safeParse(credentials);
    return data?.appSecret === appSecret ? { kind, pageToken: data.pageToken } : [];
  });
}

/** A page's two messengers are told by one subscription. Where Meta does not say whose page it is, it is kept. */
export async function sharePage(graph: Graph, host: ConnectorHost, others: Sibling[]): Promise<boolean> {
  if (others.length === 0) return false;
  const own = await pageOf(graph);
  for (const { pageToken } of others) {
    const page = await pageOf(createGraph(pageToken, host, classify));
    if (page === undefined || own === undefined || page === own) return true;
  }
  return false;
}

const page = z.object({ id: z.coerce.string() });

async function pageOf(graph: Graph): Promise<string | undefined> {
  try {
    return page.safeParse(await graph.call("me", { query: { fields: "id" } })).data?.id;
  } catch (error) {
    if (error instanceof ConnectorError) return undefined;
    throw error;
  }
}
