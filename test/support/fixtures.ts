import { readdirSync, readFileSync } from "node:fs";

export interface Fixture {
  name: string;
  body: Uint8Array;
}

/** The recorded deliveries in a connector's folder. */
export function fixturesOf(kind: string): Fixture[] {
  const folder = new URL(`../../connectors/${kind}/fixtures/`, import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => ({
    name: name.replace(/\.json$/, ""),
    body: new Uint8Array(readFileSync(new URL(name, folder))),
  }));
}
