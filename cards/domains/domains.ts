/** Domains of cards: claimed, proven by DNS, looked up for every request. */
import { randomBytes } from "node:crypto";
import type { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { acrossWorkspaces, type ObjectId } from "../../core/db.ts";
import { AppError, isDuplicate } from "../../core/errors.ts";
import type { Hub } from "../../core/hub.ts";
import { CardModel, type CardRecord } from "../models/index.ts";
import { DomainModel, type DomainRecord } from "../models/domains.ts";
import type { CardDomain } from "../schema.ts";
import { createResolver, readRecords } from "./records.ts";

/** A proven domain, as requests need it. */
export interface Domain {
  host: string;
  workspaceId: ObjectId;
  cardId: ObjectId;
  slug: string;
}

const freshMs = 1000;
const mostKept = 500;
/** DNS is not asked more often than this for one domain. */
const restMs = 4000;
const sweepMs = 60_000;
const givenUpMs = 7 * 86_400_000;

export class Domains {
  readonly #hub: Hub;
  readonly #resolver: Resolver;
  readonly #known = new Map<string, { until: number; domain: Promise<Domain | undefined> }>();
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | undefined;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#resolver = createResolver(hub.config.dnsServer);
    this.#timer = setInterval(() => {
      this.#sweeping ??= this.#sweep()
        .catch((err: unknown) => hub.log.error({ err }, "domains could not be looked after"))
        .finally(() => (this.#sweeping = undefined));
    }, sweepMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#resolver.cancel();
    await this.#sweeping;
  }

  /** The domain that a request's host is; undefined for the hub's own and for unknown ones. */
  find(hostname: string): Promise<Domain | undefined> {
    const host = hostname.toLowerCase().replace(/\.$/, "");
    if (host.length > 253 || !host.includes(".") || isIP(host) || this.#ownHosts().has(host))
      return Promise.resolve(undefined);
    const known = this.#known.get(host);
    if (known && Date.now() < known.until) return known.domain;
    const domain = this.#look(host);
    this.#known.delete(host);
    this.#known.set(host, { until: Date.now() + freshMs, domain });
    domain.catch(() => this.#known.delete(host)); // whoever asked is told
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKept && oldest !== undefined) this.#known.delete(oldest);
    return domain;
  }

  async #look(host: string): Promise<Domain | undefined> {
    const record = await acrossWorkspaces(DomainModel.findOne({ owned: host })).lean();
    if (!record) return undefined;
    const { workspaceId, cardId } = record;
    const card = await CardModel.findOne({ workspaceId, _id: cardId, removedAt: null }, { slug: 1 }).lean();
    return card ? { host, workspaceId, cardId, slug: card.slug } : undefined;
  }

  async read({ workspaceId, _id }: CardRecord): Promise<CardDomain> {
    const record = await DomainModel.findOne({ workspaceId, cardId: _id }).lean();
    return this.#describe(record ?? undefined);
  }

  /** Throws `invalid_input` for what is no domain, `already_exists` for another card's. What the card had before is given up. */
  async claim(card: CardRecord, typed: string): Promise<CardDomain> {
    const { workspaceId, _id: cardId } = card;
    if (!this.#target()) throw new AppError("conflict", { needs: "PUBLIC_URL" });
    const host = hostOf(typed);
    if (!host || this.#isHubs(host))
      throw new AppError("invalid_input", {
        fields: [{ path: "body.host", code: host ? "own" : "shape", message: "" }],
      });
    const owner = await acrossWorkspaces(DomainModel.findOne({ owned: host })).lean();
    if (owner && !owner.cardId.equals(cardId)) throw new AppError("already_exists");
    const former = await DomainModel.findOne({ workspaceId, cardId }).lean();
    if (former?.host !== host) {
      await this.release(card);
      await DomainModel.updateOne(
        { workspaceId, cardId },
        {
          $set: { host, rows: [], checkedAt: null, createdAt: new Date() },
          $setOnInsert: { token: randomBytes(15).toString("base64url") },
          $unset: { owned: 1 },
        },
        { upsert: true },
      );
    }
    return this.check(card);
  }

  /** Asks DNS again. */
  async check({ workspaceId, _id: cardId }: CardRecord): Promise<CardDomain> {
    const record = await DomainModel.findOne({ workspaceId, cardId }).lean();
    if (!record) throw new AppError("not_found");
    return this.#describe(await this.#ask(record));
  }

  async release({ workspaceId, _id: cardId }: Pick<CardRecord, "workspaceId" | "_id">): Promise<void> {
    const record = await DomainModel.findOneAndDelete({ workspaceId, cardId }).lean();
    if (!record) return;
    await CardModel.updateOne({ workspaceId, _id: cardId }, { $unset: { domain: 1 }, $inc: { version: 1 } });
    this.#known.delete(record.host);
  }

  async #ask(record: DomainRecord): Promise<DomainRecord> {
    const { workspaceId, _id, cardId, host, token } = record;
    const target = this.#target();
    if (!target || (record.checkedAt && Date.now() - record.checkedAt.getTime() < restMs)) return record;
    const { rows, proven, failed } = await readRecords(this.#resolver, { host, target, token });
    if (failed.length > 0) this.#hub.log.warn({ host, codes: failed }, "records of a domain were not told");
    const found = { rows, checkedAt: new Date() };
    const update = proven && !record.owned ? { ...found, owned: host } : found;
    try {
      const changed = await DomainModel.findOneAndUpdate(
        { workspaceId, _id, host },
        { $set: update },
        {
          returnDocument: "after",
        },
      ).lean();
      if (!changed) throw new AppError("not_found");
      if (changed.owned && !record.owned) {
        await CardModel.updateOne(
          { workspaceId, _id: cardId },
          { $set: { domain: host }, $inc: { version: 1 } },
        );
        this.#known.delete(host);
      }
      return changed;
    } catch (error) {
      if (isDuplicate(error)) throw new AppError("already_exists"); // another card proved it first
      throw error;
    }
  }

  /** Claims that DNS did not confirm yet, though nobody has the screen open. */
  async #sweep(): Promise<void> {
    const since = new Date(Date.now() - givenUpMs);
    const waiting = await acrossWorkspaces(DomainModel.find({ owned: null, createdAt: { $gt: since } }))
      .limit(50)
      .lean();
    for (const record of waiting)
      await this.#ask(record).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
  }

  #describe(record: DomainRecord | undefined): CardDomain {
    const target = this.#target() ?? null;
    if (!record) return { target, domain: null };
    const { host, owned, rows, checkedAt, createdAt } = record;
    return {
      target,
      domain: {
        host,
        shown: domainToUnicode(host) || host,
        proven: owned !== undefined,
        rows,
        since: createdAt.toISOString(),
        checkedAt: checkedAt?.toISOString() ?? null,
      },
    };
  }

  /** Where a domain has to lead; undefined where the hub has no public name. */
  #target(): string | undefined {
    const { publicUrl } = this.#hub.config;
    const host = publicUrl && new URL(publicUrl).hostname.replace(/^\[|\]$/g, "");
    return host && (isIP(host) || host.includes(".")) ? host : undefined;
  }

  #ownHosts(): Set<string> {
    const { publicUrl, webhookUrl } = this.#hub.config;
    return new Set([publicUrl, webhookUrl].flatMap((url) => (url ? [new URL(url).hostname] : [])));
  }

  /** The hub's own name, or one above it: a card there would stand where people sign in. */
  #isHubs(host: string): boolean {
    return [...this.#ownHosts()].some((own) => own === host || own.endsWith(`.${host}`));
  }
}

/** What of a typed address can be a host of a card: `https://Глина.рф/` → `xn--80afpll.xn--p1ai`. */
export function hostOf(typed: string): string | undefined {
  const bare = typed
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/$/, "")
    .replace(/\.$/, "");
  if (!/^[\p{L}\p{N}\p{M}.-]+$/u.test(bare)) return undefined;
  const host = domainToASCII(bare);
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  if (host.length > 200 || !new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`).test(host)) return undefined;
  return /(?:^|\.)(?:localhost|local|internal|home|lan|test|invalid|onion|arpa)$/.test(host)
    ? undefined
    : host;
}
