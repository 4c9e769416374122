/** A card's own host: cards are to be found there and nothing else of the hub. */
import type { Response, Router } from "express";
import { AppError } from "../../core/errors.ts";
import type { Desk } from "../desk.ts";
import type { CardRecord } from "../models/index.ts";
import type { Seat } from "../pages.ts";
import { faultOf } from "../slugs.ts";
import type { Domain } from "./domains.ts";

/** The card is at the top of its domain; others of its workspace are below it by their slugs. */
export function seatOn(domain: Domain, card: Pick<CardRecord, "_id" | "slug">): Seat {
  return { origin: `https://${domain.host}`, root: domain.cardId.equals(card._id) ? "" : `/${card.slug}` };
}

/** The domain that a request came in on. */
export function domainOf({ locals }: Response): Domain | undefined {
  return locals["cardDomain"] as Domain | undefined;
}

/** `front` is asked before everything else of the hub; `site` answers below `/c/:slug`. */
export function seatDomains(desk: Desk, front: Router, site: Router): void {
  front.use(async (request, response, next) => {
    const domain = await desk.domains.find(request.hostname ?? "");
    if (!domain) return next();
    response.locals["cardDomain"] = domain;
    // What the hub promises of its own name, it cannot promise of other sites of the business, or of tomorrow's.
    response.removeHeader("strict-transport-security");
    request.url = `/c/${slugAndRest(domain, request.url)}`;
    site(request, response, (error?: unknown) => next(error ?? new AppError("not_found")));
  });
}

function slugAndRest({ slug }: Domain, url: string): string {
  const first = /^\/([^/?]*)/.exec(url)?.[1] ?? "";
  if (first !== "" && faultOf(first) === undefined) return url.slice(1);
  return slug + url.replace(/^\/(?=\?|$)/, "");
}
