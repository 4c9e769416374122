/** The page on which a customer leaves a review, by the link from their conversation. It works once, and without a script. */
import express, { type NextFunction, type Request, type Response, type Router } from "express";
import { acrossWorkspaces } from "../../core/db.ts";
import { AppError, isDuplicate } from "../../core/errors.ts";
import { sameOrigin } from "../../core/http.ts";
import { hashToken } from "../../core/secrets.ts";
import type { FormBlock, FormState } from "../blocks/forms.ts";
import { blocksOf } from "../blocks/page.ts";
import { cardContent, type CardContent } from "../blocks/schema.ts";
import { pageWords } from "../blocks/words.ts";
import type { Desk } from "../desk.ts";
import type { FormSite } from "../forms/send.ts";
import { readForm } from "../forms/read.ts";
import { ReviewLinkModel, ReviewModel, type ReviewLinkRecord } from "../models/index.ts";
import type { OpenCard, Visitor } from "../pages.ts";
import { tellTeam } from "./tell.ts";

type Site = Pick<FormSite, "find" | "languageOf">;
const parse = express.urlencoded({ extended: false, limit: "64kb", parameterLimit: 20 });

export function addReviewPage(desk: Desk, router: Router, site: Site): void {
  const path = "/c/:slug/review/:token";
  router.get(path, async (request, response) => {
    const visitor = await site.find(request, response);
    if (visitor) await show(desk, site, visitor, 200);
  });
  router.post(path, parse, (request, response) => take(desk, site, request, response));
  router.use(path, (error: unknown, request: Request, response: Response, next: NextFunction) => {
    const limited = error instanceof AppError && error.code === "rate_limited";
    if (!limited || response.headersSent) return next(error);
    const wait = error.details?.["retryAfterSeconds"];
    if (typeof wait === "number") response.set("retry-after", String(wait));
    site
      .find(request, response)
      .then((visitor) => visitor && show(desk, site, visitor, 429, { fault: "many" }))
      .catch(next);
  });
}

/** The form that asks: drawn and read as every other. */
function formOf(language: string): FormBlock {
  const words = pageWords(language);
  const { review } = words;
  const block = cardContent.parse({
    languages: [language],
    blocks: [
      {
        id: "review",
        type: "form",
        title: { [language]: review.title },
        fields: [
          {
            id: "stars",
            kind: "choice",
            label: { [language]: review.stars },
            options: { [language]: review.levels.join("\n") },
            required: true,
          },
          { id: "name", kind: "name", label: { [language]: review.name }, required: true },
          { id: "text", kind: "long", label: { [language]: review.text } },
        ],
        button: { [language]: words.send },
        thanks: { [language]: review.thanks },
        consentText: { [language]: review.consent },
      },
    ],
  }).blocks[0];
  if (block?.type !== "form") throw new Error("the form of reviews is no form");
  return block;
}

interface Standing {
  state: "open" | "left" | "over" | "own";
  link?: ReviewLinkRecord;
}

async function standingOf(desk: Desk, { card }: OpenCard, request: Request): Promise<Standing> {
  const hash = hashToken(String(request.params["token"]));
  const link = await acrossWorkspaces(ReviewLinkModel.findOne({ hash })).lean();
  if (!link || !link.cardId.equals(card._id) || link.expiresAt < new Date()) return { state: "over" };
  const { workspaceId, conversationId } = link;
  if (await ReviewModel.exists({ workspaceId, conversationId })) return { state: "left", link };
  // Whoever is signed in here is of the team: reviews are the customer's.
  const signed = await desk.hub.sessions.find(request);
  return signed?.staff.workspaceId.equals(workspaceId) ? { state: "own", link } : { state: "open", link };
}

async function show(
  desk: Desk,
  site: Site,
  visitor: Visitor,
  status: number,
  form: Partial<FormState> = {},
): Promise<void> {
  const { open, request, response } = visitor;
  const language = site.languageOf(open, request);
  const { state } = await standingOf(desk, open, request);
  const { review } = pageWords(language);
  const block = formOf(language);
  if (state === "over" || state === "own") block.thanks = { [language]: review[state] };
  const content: CardContent = {
    ...open.content,
    blocks: [...blocksOf(open.content, "person").slice(0, 1), block],
  };
  const drawn = desk.pages.drawOther(visitor, content, language, {
    blockId: block.id,
    action: addressOf(visitor),
    ...form,
    ...(state === "open" ? {} : { sent: true }),
  });
  const code = state === "over" ? 410 : status;
  response.status(code).set({
    "content-security-policy": drawn.policy,
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
  });
  response.type("html").send(drawn.html);
}

function addressOf({ seat, request }: Visitor): string {
  return `${seat.root}/review/${encodeURIComponent(String(request.params["token"]))}`;
}

async function take(desk: Desk, site: Site, request: Request, response: Response): Promise<void> {
  const visitor = await site.find(request, response);
  if (!visitor) return;
  const { open } = visitor;
  const origin = request.headers.origin === "null" ? undefined : request.headers.origin;
  if (!sameOrigin({ ...request.headers, origin }, desk.hub.config)) throw new AppError("csrf");
  await desk.forms.take(request.ip ?? "");
  const language = site.languageOf(open, request);
  const { state, link } = await standingOf(desk, open, request);
  const again = (): void => response.redirect(303, `${addressOf(visitor)}?l=${language}`);
  if (!link || (state !== "open" && state !== "left")) return again();
  const opening = { timeZone: "UTC", now: new Date() };
  const shown = { language, languages: [language] };
  const typed = readForm(formOf(language), shown, request.body, opening);
  if (state === "open" && (typed.trapped || typed.faults.size > 0))
    return show(desk, site, visitor, 422, {
      values: typed.values,
      faults: typed.faults,
      ...(typed.trapped ? { fault: "again" as const } : {}),
    });
  const { workspaceId, cardId, conversationId, madeBy } = link;
  if (state === "open")
    try {
      await ReviewModel.create({
        ...{ workspaceId, cardId, conversationId, language },
        stars: 5 - Number(typed.values.get("stars")),
        text: typed.values.get("text") ?? "",
        name: typed.values.get("name") ?? "",
        consent: pageWords(language).review.consent,
        ...(madeBy ? { askedBy: madeBy } : {}),
        state: "waiting",
        untold: true,
        createdAt: new Date(),
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error; // sent twice at once: the first one counts
    }
  const untold = await ReviewModel.findOne({ workspaceId, conversationId, untold: true }).lean();
  if (untold) await tellTeam(desk.hub, untold);
  again();
}
