/** What anybody may load: the page, its pictures and files, the contact, and the way a tap takes. */
import express, { type Request, type Response } from "express";
import { toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { FileModel, sendFile } from "../core/stored-files.ts";
import { emailOf, phoneOf } from "./blocks/address.ts";
import type { FormState } from "./blocks/forms.ts";
import { blocksOf, headOf } from "./blocks/page.ts";
import type { CardContent } from "./blocks/schema.ts";
import { cutFaceIds } from "./blocks/type-faces.ts";
import type { Desk } from "./desk.ts";
import { domainOf, seatDomains, seatOn } from "./domains/seat.ts";
import { examplePicture } from "./example-pictures.ts";
import { wholeFace } from "./faces.ts";
import { addReviewPage } from "./reviews/leave.ts";
import { addForms } from "./forms/send.ts";
import { inAppOf } from "./in-app.ts";
import { sendToApp, sendWayToContact, sendWayToFile, type InstructionPlace } from "./instructions.ts";
import type { OpenCard, Seat, Visitor } from "./pages.ts";
import { toJpeg } from "./pictures.ts";
import { shareTag } from "./share/share-picture.ts";
import { isProgram, readVisit } from "./statistics/visit.ts";
import type { Place, Somebody } from "./statistics/visits.ts";
import { targetOf } from "./taps.ts";
import { toVcard } from "./vcard.ts";

const forGood = "public, max-age=31536000, immutable";

export function addSite(desk: Desk): void {
  const { app, front } = desk.hub.http;
  // search engines may read what is public; a card that is kept from them says so itself
  app.get("/robots.txt", (_request, response) => {
    response.set("cache-control", "public, max-age=86400").type("text");
    response.send("User-agent: *\nDisallow: /api/\n");
  });
  addPreview(desk.hub.http);
  const site = express.Router();
  addForms(desk, site, {
    find: (request, response) => find(desk, request, response),
    languageOf,
    sourceOf,
    draw: (visitor, language, form) => sendDrawn(desk, visitor, language, form),
    countTap: (open, language, blockId, request) =>
      desk.visits.tap(placeOf(open, language), blockId, true, whoOf(desk, request)),
  });
  addReviewPage(desk, site, { find: (request, response) => find(desk, request, response), languageOf });
  const answer = (path: string, handle: (visitor: Visitor) => Promise<void>): void => {
    site.get(`/c/:slug${path}`, async (request, response) => {
      const visitor = await find(desk, request, response);
      if (visitor) await handle(visitor);
    });
  };
  answer("", (visitor) => sendPage(desk, visitor));
  answer("/go/:block{/:item}", (visitor) => follow(desk, visitor));
  answer("/p/:name", (visitor) => sendPicture(desk, visitor));
  answer("/file/:id", (visitor) => sendCardFile(desk, visitor));
  answer("/contact.vcf", (visitor) => sendContact(desk, visitor));
  answer("/share-:language.jpg", (visitor) => sendSharePicture(desk, visitor));
  answer("/:face", (visitor) => sendFace(desk, visitor));
  app.use(site);
  seatDomains(desk, front, site);
}

/**
 * The empty page in which the builder draws a draft: of this origin, framed by it alone, and nothing runs there. The faces of
 * themes and the pictures of examples are for it.
 */
function addPreview({ app }: Desk["hub"]["http"]): void {
  const policy =
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
  app.get("/c-preview", (_request, response) => {
    response.set({ "content-security-policy": policy, "x-frame-options": "SAMEORIGIN" });
    response
      .type("html")
      .send('<!doctype html><html lang="en"><head><title>-</title></head><body></body></html>');
  });
  app.get("/c-preview/p/:name", async (request, response) => {
    const picture = examplePicture(/^([0-9a-f]{24})-[a-z]\.webp$/.exec(request.params["name"])?.[1] ?? "");
    if (!picture) throw new AppError("not_found");
    response
      .set("cache-control", "public, max-age=86400")
      .type("image/webp")
      .send(await picture);
  });
  const faces = new Map<string, Promise<Buffer>>();
  app.get("/c-preview/:name", async (request, response) => {
    const id = cutFaceIds.find((one) => request.params["name"] === `${one}.woff2`);
    if (!id) throw new AppError("not_found");
    const face = faces.get(id) ?? wholeFace(id);
    faces.set(id, face);
    face.catch(() => faces.delete(id)); // whoever asked is told; the next one tries again
    response
      .set("cache-control", "public, max-age=86400")
      .type("font/woff2")
      .send(await face);
  });
}

/** The card, or undefined when the visitor was sent on to its newer address. */
async function find(desk: Desk, request: Request, response: Response): Promise<Visitor | undefined> {
  const slug = String(request.params["slug"]).toLowerCase();
  const found = await desk.pages.find(slug);
  if (!found) throw new AppError("not_found");
  const domain = domainOf(response);
  if (typeof found === "string") {
    const rest = request.url.slice(`/c/${slug}`.length);
    response
      .set("cache-control", "public, max-age=300")
      .redirect(reads(request) ? 301 : 308, `${domain ? "" : "/c"}/${found}${rest}`);
    return undefined;
  }
  if (domain && !found.card.workspaceId.equals(domain.workspaceId)) throw new AppError("not_found");
  const seat = domain ? seatOn(domain, found.card) : { origin: desk.hub.address(), root: `/c/${slug}` };
  return { open: found, seat, request, response };
}

/** What is sent goes on being sent: a browser makes a GET of a POST that is answered with 301. */
const reads = ({ method }: Request): boolean => method === "GET" || method === "HEAD";

/** As asked in the address, else as the browser prefers, else the card's first. */
function languageOf({ content }: OpenCard, request: Request): string {
  const { languages } = content;
  const asked = request.query["l"];
  if (typeof asked === "string" && languages.includes(asked)) return asked;
  return request.acceptsLanguages(languages) || (languages[0] ?? "en");
}

async function sendPage(desk: Desk, { open, seat, request, response }: Visitor): Promise<void> {
  const language = languageOf(open, request);
  const sent = sentOf(open, request);
  const page = await desk.pages.page(open, language, seat, sent);
  if (sent === undefined) await countView(desk, open, seat, request, language);
  response.set({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": page.policy,
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "public, max-age=0, must-revalidate",
    vary: "accept-encoding, accept-language",
    etag: page.etag,
  });
  if (hasAlready(request, page.etag)) return void response.status(304).end();
  const encoding = request.acceptsEncodings(["br", "gzip"]);
  if (encoding === "br" || encoding === "gzip") {
    const body = encoding === "br" ? page.br : page.gzip;
    response.set({ "content-encoding": encoding, "content-length": String(body.byteLength) });
    return void response.end(request.method === "HEAD" ? undefined : body);
  }
  response.set("content-length", String(page.html.byteLength));
  response.end(request.method === "HEAD" ? undefined : page.html);
}

/** The form that the visitor has just sent: the page thanks for it. */
function sentOf({ content }: OpenCard, request: Request): string | undefined {
  const asked = request.query["sent"];
  const found = content.blocks.find(
    ({ id, type }) => id === asked && (type === "form" || type === "booking"),
  );
  return found?.id;
}

/** The page as it is for this visitor alone. */
async function sendDrawn(
  desk: Desk,
  { open, seat, response }: Visitor,
  language: string,
  form: FormState,
): Promise<void> {
  const { html, policy } = await desk.pages.draw(open, language, seat, form);
  response.set({
    "content-security-policy": policy,
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-store",
  });
  response.set("x-robots-tag", "noindex").type("html").send(html);
}

function hasAlready(request: Request, etag: string): boolean {
  const known = request.headers["if-none-match"]?.split(/,\s*/) ?? [];
  return known.some((tag) => tag.replace(/^W\//, "") === etag);
}

/** A page that was in the browser's cache is asked for too: every look at it counts once. */
async function countView(
  desk: Desk,
  open: OpenCard,
  seat: Seat,
  request: Request,
  language: string,
): Promise<void> {
  if (request.method === "HEAD") return;
  if (isProgram(request)) return desk.visits.program(placeOf(open, language));
  const visit = readVisit(request, seat.root || "/");
  if (visit) await desk.visits.view(placeOf(open, language), visit, whoOf(desk, request));
}

function placeOf({ card, facts }: OpenCard, language: string): Place {
  return { workspaceId: card.workspaceId, cardId: card._id, language, timeZone: facts.timeZone };
}

function whoOf({ hub }: Desk, request: Request): Somebody {
  const ip = request.ip ?? "";
  return { ip, agent: request.headers["user-agent"] ?? "", country: hub.countryOf(ip, request.headers) };
}

async function follow(desk: Desk, { open, seat, request, response }: Visitor): Promise<void> {
  const language = languageOf(open, request);
  const blockId = String(request.params["block"]);
  const itemId = typeof request.params["item"] === "string" ? request.params["item"] : undefined;
  const program = request.method === "HEAD" || isProgram(request);
  const target = await targetOf(desk.inbox, open, {
    blockId,
    itemId,
    language,
    source: sourceOf(searchOf(request)),
    bot: program || !(await mayMakeToken(desk, request)),
  });
  if (!target) throw new AppError("not_found");
  const again = request.query["out"] !== undefined; // the same tap, on its way out of an app
  if (!program && !again) {
    const messenger = open.content.blocks.find(({ id }) => id === blockId)?.type === "messengers";
    const key = itemId === undefined ? blockId : `${blockId}/${itemId}`;
    await desk.visits.tap(placeOf(open, language), key, messenger, whoOf(desk, request));
  }
  response.set({ "cache-control": "no-store", "x-robots-tag": "noindex, nofollow" });
  if (/^https?:/.test(target)) return response.redirect(302, target);
  sendToApp(response, target, placeIn(seat, request, language, "&out=1"));
}

/** Above the limit a tap still leads there, without a token of its own. */
async function mayMakeToken(desk: Desk, request: Request): Promise<boolean> {
  try {
    await desk.taps.take(request.ip ?? "");
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") return false;
    throw error;
  }
}

/** What brought the visitor to the page: the page's own query is in the referrer of the tap. */
function searchOf(request: Request): URLSearchParams {
  const referrer = request.headers.referer ?? "";
  return URL.canParse(referrer) ? new URL(referrer).searchParams : new URLSearchParams();
}

function sourceOf(searchParams: URLSearchParams): string {
  return ["utm_source", "utm_campaign", "s"]
    .flatMap((name) => searchParams.get(name)?.slice(0, 60) ?? [])
    .join(" / ");
}

/** For the instructions that stand where a browser may do nothing. */
function placeIn({ origin, root }: Seat, request: Request, language: string, more = ""): InstructionPlace {
  const path = request.path.replace(/^\/c\/[^/]+/, root);
  const self = `${origin}${path}?l=${language}${more}`;
  return { language, home: root || "/", inApp: inAppOf(request.headers["user-agent"] ?? ""), self };
}

async function sendPicture(desk: Desk, { open, request, response }: Visitor): Promise<void> {
  const [, id = "", size = ""] = /^([0-9a-f]{24})-([a-z])\.webp$/.exec(String(request.params["name"])) ?? [];
  if (!open.files.has(id)) throw new AppError("not_found");
  const picture = await desk.pictures.get(open.card.workspaceId, id, size);
  response.set("cache-control", forGood).type("image/webp").send(picture);
}

/** As the contact: where a browser inside of an app keeps no files, it is the way out of it. */
async function sendCardFile(desk: Desk, { open, seat, request, response }: Visitor): Promise<void> {
  const id = String(request.params["id"]);
  const _id = open.files.has(id) ? toObjectId(id) : undefined;
  const { workspaceId } = open.card;
  const file = _id && (await FileModel.findOne({ workspaceId, _id, access: "workspace" }).lean());
  if (!file) throw new AppError("not_found");
  const language = languageOf(open, request);
  const { inApp, ...place } = placeIn(seat, request, language);
  response.vary("user-agent");
  if (inApp && request.query["file"] === undefined) {
    const path = `${seat.root}/file/${id}?l=${language}&file=1`;
    return sendWayToFile(response, { ...place, inApp }, { name: file.name, file: path });
  }
  await sendFile(desk.hub.files, file, request, response);
}

async function sendFace(desk: Desk, { open, seat, request, response }: Visitor): Promise<void> {
  const language = /^face-([\w-]+)-\d+\.woff2$/.exec(String(request.params["face"]))?.[1] ?? "";
  if (!open.content.languages.includes(language)) throw new AppError("not_found");
  const { face } = await desk.pages.page(open, language, seat);
  if (!face) throw new AppError("not_found");
  response.set("cache-control", forGood).type("font/woff2").send(face.bytes);
}

/** Of the tag in its address it stays as it is; an older one gets the newest, for a while. */
async function sendSharePicture(desk: Desk, { open, request, response }: Visitor): Promise<void> {
  const { card, content } = open;
  const language = String(request.params["language"]);
  if (!content.languages.includes(language)) throw new AppError("not_found");
  const tag = shareTag(content, language);
  const stays = request.query["v"] === tag;
  response.set({ "cache-control": stays ? forGood : "public, max-age=300", etag: `"${tag}"` });
  if (hasAlready(request, `"${tag}"`)) return void response.status(304).end();
  const scope = card.workspaceId.toHexString();
  const picture = await desk.sharePictures.get(scope, content, language, (fileId) =>
    desk.pictures.get(card.workspaceId, fileId, "a"),
  );
  response.type("image/jpeg").send(picture);
}

/** A file, or the way to it where a browser inside of an app would keep none. */
async function sendContact(desk: Desk, { open, seat, request, response }: Visitor): Promise<void> {
  const { workspaceId, slug, domain } = open.card;
  const language = languageOf(open, request);
  const place = placeIn(seat, request, language);
  response.vary("user-agent");
  if (place.inApp && request.query["file"] === undefined)
    return sendWayToContact(
      response,
      { ...place, inApp: place.inApp },
      {
        name: headOf(open.content, language).name,
        facts: reachedBy(open.content),
        file: `${seat.root}/contact.vcf?l=${language}&file=1`,
      },
    );
  const photoId = blocksOf(open.content, "person")[0]?.photo;
  const photo = photoId ? await toJpeg(await desk.pictures.get(workspaceId, photoId, "a")) : undefined;
  const url = domain ? `https://${domain}/` : `${seat.origin}${seat.root}`;
  response.set({
    "content-type": "text/vcard; charset=utf-8",
    "content-disposition": `attachment; filename="${slug}.vcf"`,
    "cache-control": "public, max-age=300",
  });
  response.send(toVcard(open.content, { language, url, photo }));
}

/** Numbers and addresses that work without a file. */
function reachedBy(content: CardContent): { text: string; href: string }[] {
  const phones = blocksOf(content, "phone").flatMap(({ number }) => {
    const phone = phoneOf(number);
    return phone ? [{ text: number, href: `tel:${phone}` }] : [];
  });
  const emails = blocksOf(content, "email").flatMap(({ address }) => {
    const email = emailOf(address);
    return email ? [{ text: email, href: `mailto:${email}` }] : [];
  });
  return [...phones, ...emails];
}
