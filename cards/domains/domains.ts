/** Domains of cards: claimed, proven by DNS, looked up for every request. */
import { randomBytes } from "node:crypto";
import type { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { acrossWorkspaces, anyText, type ObjectId } from "../../core/db.ts";
import { AppError, isDuplicate } from "../../core/errors.ts";
import type { Hub } from "../../core/hub.ts";
import { CardModel, type CardRecord } from "../models/index.ts";
import { DomainModel, type DomainRecord } from "../models/domains.ts";
import type { CardDomain } from "../schema.ts";
import { createResolver, isProofGone, readRecords } from "./records.ts";

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
const dayMs = 86_400_000;
const givenUpMs = 7 * dayMs;
/** A domain whose proof has been gone for so long is nobody's again. */
const lostMs = 5 * dayMs;
const repairMs = 3_600_000;

export class Domains {
  readonly #hub: Hub;
  readonly #resolver: Resolver;
  readonly #known = new Map<string, { until: number; domain: Promise<Domain | undefined> }>();
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | undefined;
  #repairedAt = 0;

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

  /**
   * Throws `invalid_input` for what is no domain. Whoever holds it now keeps it until DNS says that it is this card's.
   * What the card had before is given up.
   */
  async claim(card: CardRecord, typed: string): Promise<CardDomain> {
    const { workspaceId, _id: cardId } = card;
    if (!this.#target()) throw new AppError("conflict", { needs: "PUBLIC_URL" });
    const host = hostOf(typed);
    if (!host || this.#isHubs(host))
      throw new AppError("invalid_input", {
        fields: [{ path: "body.host", code: host ? "own" : "shape", message: "" }],
      });
    const former = await DomainModel.findOne({ workspaceId, cardId }).lean();
    if (former?.host !== host) {
      await this.release(card);
      await DomainModel.updateOne(
        { workspaceId, cardId },
        {
          $set: { host, rows: [], checkedAt: null, createdAt: new Date() },
          $setOnInsert: { token: randomBytes(15).toString("base64url") },
          $unset: { owned: 1, lostSince: 1 },
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
    const { host, token, checkedAt } = record;
    const target = this.#target();
    if (!target || (checkedAt && Date.now() - checkedAt.getTime() < restMs)) return record;
    const { rows, proven, failed } = await readRecords(this.#resolver, { host, target, token });
    if (failed.length > 0) this.#hub.log.warn({ host, codes: failed }, "records of a domain were not told");
    const found = { rows, checkedAt: new Date() };
    if (proven) return this.#take(record, found);
    // What could not be asked is not gone.
    const lost = record.owned !== undefined && failed.length === 0;
    const since = record.lostSince ?? found.checkedAt;
    if (lost && found.checkedAt.getTime() - since.getTime() >= lostMs) {
      this.#hub.log.warn({ host }, "a domain is given up: its proof has been gone for days");
      await this.#lose(record);
      return this.#write(record, { $set: found });
    }
    return this.#write(record, { $set: lost ? { ...found, lostSince: since } : found });
  }

  async #write({ workspaceId, _id, host }: DomainRecord, update: object): Promise<DomainRecord> {
    const changed = await DomainModel.findOneAndUpdate({ workspaceId, _id, host }, update, {
      returnDocument: "after",
    }).lean();
    if (!changed) throw new AppError("not_found");
    return changed;
  }

  /** The domain is proven to be this card's; another that holds it gives it up when its own proof is gone. */
  async #take(record: DomainRecord, found: Pick<DomainRecord, "rows" | "checkedAt">): Promise<DomainRecord> {
    const { host } = record;
    const take = () => this.#write(record, { $set: { ...found, owned: host }, $unset: { lostSince: 1 } });
    const taken = await take().catch(async (error: unknown) => {
      if (!isDuplicate(error)) throw error;
      const owner = await acrossWorkspaces(DomainModel.findOne({ owned: host })).lean();
      if (owner && !(await isProofGone(this.#resolver, owner))) {
        await this.#write(record, { $set: found });
        throw new AppError("already_exists");
      }
      if (owner) await this.#lose(owner);
      return take();
    });
    await this.#name(taken);
    return taken;
  }

  /** The card says where it is to be found; written again where a process ended in between. */
  async #name({ workspaceId, cardId, host }: DomainRecord): Promise<void> {
    const { modifiedCount } = await CardModel.updateOne(
      { workspaceId, _id: cardId, removedAt: null, domain: { $ne: host } },
      { $set: { domain: host }, $inc: { version: 1 } },
    );
    if (modifiedCount > 0) this.#known.delete(host);
  }

  async #lose({ workspaceId, _id, cardId, host }: DomainRecord): Promise<void> {
    await DomainModel.updateOne({ workspaceId, _id }, { $unset: { owned: 1, lostSince: 1 } });
    await CardModel.updateOne(
      { workspaceId, _id: cardId, domain: host },
      { $unset: { domain: 1 }, $inc: { version: 1 } },
    );
    this.#known.delete(host);
  }

  /** Claims that DNS did not confirm yet, though nobody has the screen open; those that it did, once a day. */
  async #sweep(): Promise<void> {
    const now = Date.now();
    if (now - this.#repairedAt > repairMs) {
      await this.#repair();
      this.#repairedAt = now;
    }
    const [waiting, owned] = await Promise.all(
      [
        { owned: null, createdAt: { $gt: new Date(now - givenUpMs) } },
        { owned: anyText, checkedAt: { $lt: new Date(now - dayMs) } },
      ].map((filter) => acrossWorkspaces(DomainModel.find(filter)).sort({ checkedAt: 1 }).limit(50).lean()),
    );
    for (const record of [...(waiting ?? []), ...(owned ?? [])])
      await this.#ask(record).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
  }

  /** What a process that ended between two steps has left: domains of removed cards, cards without their domain or with a lost one. */
  async #repair(): Promise<void> {
    for await (const record of acrossWorkspaces(DomainModel.find()).lean().cursor()) {
      const { workspaceId, cardId, owned } = record;
      const card = await CardModel.findOne({ workspaceId, _id: cardId, removedAt: null }, { _id: 1 }).lean();
      if (!card) await this.release({ workspaceId, _id: cardId });
      else if (owned) await this.#name(record);
    }
    const named = acrossWorkspaces(CardModel.find({ domain: anyText }, { workspaceId: 1, domain: 1 }));
    for await (const { workspaceId, _id, domain } of named.lean().cursor())
      if (domain && !(await DomainModel.exists({ workspaceId, cardId: _id, owned: domain })))
        await CardModel.updateOne(
          { workspaceId, _id, domain },
          { $unset: { domain: 1 }, $inc: { version: 1 } },
        );
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
