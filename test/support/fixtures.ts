import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface Fixture {
  name: string;
  body: Uint8Array;
}

const connectors = new URL("../../connectors/", import.meta.url);

/** The folder that holds a connector: its own, or that of the messenger it shares one with. */
export function folderOf(kind: string): URL {
  const own = new URL(`${kind}/`, connectors);
  if (existsSync(own)) return own;
  const shared = readdirSync(connectors).find((name) =>
    existsSync(new URL(`${name}/${kind}.svg`, connectors)),
  );
  if (!shared) throw new Error(`no folder holds ${kind}`);
  return new URL(`${shared}/`, connectors);
}

/** The recorded deliveries of a connector: files in `fixtures/`, or in `fixtures/<kind>/` where two share a folder. */
export function fixturesOf(kind: string): Fixture[] {
  const all = new URL("fixtures/", folderOf(kind));
  const own = new URL(`${kind}/`, all);
  const folder = existsSync(own) ? own : all;
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({
      name: name.replace(/\.\w+$/, ""),
      body: new Uint8Array(readFileSync(new URL(name, folder))),
    }));
}
