/** Finds the connectors: every folder beside this file that has an `index` exporting a connector by default. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import type { Connector } from "./contract.ts";

const here = new URL("./", import.meta.url);

/** Only the shape that tells a connector from anything else; its own types hold the rest. */
const connectorModule = z.object({
  default: z.custom<Connector>(
    (value) => z.object({ kind: z.string(), parseUpdate: z.unknown() }).safeParse(value).success,
  ),
});

/** Every connector by its kind, which is the name of its folder. Call it once at the start. */
export async function loadConnectors(): Promise<Map<string, Connector>> {
  const folders = await readdir(here, { withFileTypes: true });
  const kinds = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const found = await Promise.all(kinds.sort().map(loadConnector));
  return new Map(found.flatMap((connector) => (connector ? [[connector.kind, connector]] : [])));
}

/** The connector's icon as SVG text. */
export function loadIcon(kind: string): Promise<string> {
  if (!/^[a-z][a-z0-9-]*$/.test(kind)) throw new Error("a connector's kind is the name of its folder");
  return readFile(new URL(`./${kind}/icon.svg`, here), "utf8");
}

async function loadConnector(kind: string): Promise<Connector | undefined> {
  const entry = ["ts", "js"]
    .map((extension) => new URL(`./${kind}/index.${extension}`, here))
    .find(existsSync);
  if (!entry) return undefined;
  const { default: connector } = connectorModule.parse(await import(entry.href));
  if (connector.kind !== kind) throw new Error(`connector ${connector.kind} lives in the folder ${kind}`);
  return connector;
}
