/** What DNS says of a host: whether it leads here, whether a certificate may be had, and whose it is. */
import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import type { DomainRow } from "../schema.ts";

/** Of its own, so that a slow server holds nothing else up. */
export function createResolver(server: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: 2500, tries: 2 });
  if (server) resolver.setServers([server]);
  return resolver;
}

/** Where a card's host has to lead, and what proves that it is the business's. */
export interface Wanted {
  host: string;
  /** The hub's own name or address. */
  target: string;
  token: string;
}

export const proofOf = (token: string): string => `switchboard-verify=${token}`;

/** True only when DNS has told so: what could not be asked is not gone. */
export async function isProofGone(
  resolver: Resolver,
  { host, token }: Pick<Wanted, "host" | "token">,
): Promise<boolean> {
  try {
    const said = await resolver.resolveTxt(`_switchboard.${host}`);
    return !said.some((parts) => parts.join("") === proofOf(token));
  } catch (error) {
    return isNothing(error);
  }
}

const isNothing = (error: unknown): boolean =>
  ["ENODATA", "ENOTFOUND"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Never throws: what could not be asked counts as not seen yet, and `failed` says so. */
export async function readRecords(
  resolver: Resolver,
  { host, target, token }: Wanted,
): Promise<{ rows: DomainRow[]; proven: boolean; failed: string[] }> {
  const failed: string[] = [];
  const ask = async <T>(question: Promise<T[]>): Promise<T[]> => {
    try {
      return await question;
    } catch (error) {
      if (!isNothing(error)) failed.push((error as NodeJS.ErrnoException).code ?? "");
      return [];
    }
  };
  const addresses = async (name: string): Promise<string[]> =>
    isIP(name)
      ? [name]
      : (await Promise.all([ask(resolver.resolve4(name)), ask(resolver.resolve6(name))])).flat();

  async function leadsHere(): Promise<DomainRow> {
    const type = isIP(target) === 4 ? "A" : isIP(target) === 6 ? "AAAA" : "CNAME";
    const row = { type, name: host, value: target } as const;
    const [names, own, wanted] = await Promise.all([
      ask(resolver.resolveCname(host)),
      addresses(host),
      addresses(target),
    ]);
    const name = names[0]?.toLowerCase().replace(/\.$/, "");
    if (name === target || own.some((one) => wanted.includes(one))) return { ...row, state: "found" };
    const found = name ?? own.join(", ");
    return found ? { ...row, state: "wrong", found } : { ...row, state: "waiting" };
  }

  /** The nearest name upwards that says who may issue certificates; nobody needs to say it (RFC 8659). */
  async function mayBeCertified(): Promise<DomainRow> {
    const labels = host.split(".");
    const row = { type: "CAA", name: host, value: '0 issue "letsencrypt.org"' } as const;
    for (let from = 0; from < labels.length - 1; from++) {
      const name = labels.slice(from).join(".");
      const said = await ask(resolver.resolveCaa(name));
      const issuers = said.flatMap(({ issue }) => (issue === undefined ? [] : [issue]));
      if (issuers.some((one) => one.split(";")[0]?.trim() === "letsencrypt.org"))
        return { ...row, name, state: "found" };
      if (issuers.length > 0) {
        const found = issuers.map((one) => `0 issue "${one}"`).join(", ");
        return { ...row, name, state: "wrong", found };
      }
      if (said.length > 0) break;
    }
    return { ...row, state: "unneeded" };
  }

  async function isOurs(): Promise<DomainRow> {
    const value = proofOf(token);
    const name = `_switchboard.${host}`;
    const said = (await ask(resolver.resolveTxt(name))).map((parts) => parts.join(""));
    if (said.includes(value)) return { type: "TXT", name, value, state: "found" };
    const found = said.find((one) => one.startsWith("switchboard-verify"));
    return found
      ? { type: "TXT", name, value, state: "wrong", found: found.slice(0, 200) }
      : { type: "TXT", name, value, state: "waiting" };
  }

  const rows = await Promise.all([leadsHere(), mayBeCertified(), isOurs()]);
  return { rows, proven: rows[2].state === "found", failed };
}
