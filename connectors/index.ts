/** Finds the connectors: every folder beside this file that has an `index` exporting one, or a list of them, by default. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { z } from "zod";
import type { Connector } from "./contract.ts";

const here = new URL("./", import.meta.url);

/** Only the shape that tells a connector from anything else; its own types hold the rest. */
const connector = z.custom<Connector>(
  (value) => z.object({ kind: z.string(), parseUpdate: z.unknown() }).safeParse(value).success,
);
/** A folder may hold two messengers that share all but their names: then it exports a list. */
const connectorModule = z.object({
  default: z.union([z.array(connector).min(1), connector.transform((one) => [one])]),
});

/** Every connector by its kind. Call it once at the start. */
export async function loadConnectors(): Promise<Map<string, Connector>> {
  const found = await loadFolders();
  return new Map(found.flatMap(({ connectors }) => connectors.map((one) => [one.kind, one] as const)));
}

/** The icons as SVG text, by kind: `icon.svg` of a folder, `<kind>.svg` of the further ones in it. */
export async function loadIcons(): Promise<Map<string, string>> {
  const found = await loadFolders();
  const names = found.flatMap(({ folder, connectors }) =>
    connectors.map(({ kind }) => [kind, `./${folder}/${kind === folder ? "icon" : kind}.svg`] as const),
  );
  return new Map(
    await Promise.all(
      names.map(async ([kind, path]) => [kind, await readFile(new URL(path, here), "utf8")] as const),
    ),
  );
}

interface Folder {
  folder: string;
  connectors: Connector[];
}

async function loadFolders(): Promise<Folder[]> {
  const folders = await readdir(here, { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map(loadFolder));
}

async function loadFolder(folder: string): Promise<Folder> {
  const entry = ["ts", "js"]
    .map((extension) => new URL(`./${folder}/index.${extension}`, here))
    .find(existsSync);
  if (!entry) return { folder, connectors: [] };
  const { default: connectors } = connectorModule.parse(await import(entry.href));
  if (connectors[0]?.kind !== folder)
    throw new Error(`connector ${connectors[0]?.kind ?? ""} lives in the folder ${folder}`);
  return { folder, connectors };
}
