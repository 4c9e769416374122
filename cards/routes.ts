/** Cards for the hub's own screens. Everybody of the team reads them; administrators change them. */
import { z } from "zod";
import { listOf } from "../core/lists.ts";
import { cardContent } from "./blocks/schema.ts";
import {
  accessCard,
  changeCard,
  changeDraft,
  createCard,
  discardDraft,
  listCards,
  publishDraft,
  removeCard,
} from "./cards.ts";
import { describeCard } from "./describe.ts";
import type { Desk } from "./desk.ts";
import { describeFacts, readFacts } from "./facts.ts";
import { takeFile } from "./files.ts";
import { listEntries } from "./forms/entries.ts";
import { addReviewRoutes } from "./reviews/routes.ts";
import { closeForms, openForms, readdressForms } from "./forms/channel.ts";
import { addImportRoutes } from "./import/routes.ts";
import { addLinkRoutes } from "./links.ts";
import { keepPictures, takePicture } from "./pictures.ts";
import * as shapes from "./schema.ts";
import { readSetUp, showMessengers } from "./set-up.ts";
import { checkSlug, freeSlugs } from "./slugs.ts";
import { readBeginning, starterContent } from "./starter.ts";
import { readStatistics } from "./statistics/report.ts";

const isoDay = z.iso.date();
const rev = z.object({ rev: z.coerce.number().int().min(1) });

export function addCardRoutes(desk: Desk): void {
  addReviewRoutes(desk);
  addImportRoutes(desk);
  addLinkRoutes(desk);
  const { hub, inbox } = desk;
  const { route } = hub.http;
  const tag = "cards";
  route({
    method: "get",
    path: "/cards",
    summary: "Cards",
    tag,
    access: "staff",
    answer: listOf(shapes.cardSummary),
    handle: async (_, { staff }) => ({
      items: (await listCards(staff)).map((card) => describeCard(hub, card)),
      next: null,
    }),
  });
  route({
    method: "post",
    path: "/cards",
    summary:
      "Make a card; without content it begins with the name, the connected messengers and the layout that is named",
    tag,
    access: "administrator",
    status: 201,
    creates: true,
    body: shapes.newCard,
    answer: shapes.card,
    async handle({ body }, { staff }) {
      const content = body.content ?? (await starterContent(inbox, staff, body.name, body.layout));
      await keepPictures(staff, content);
      return describeCard(hub, await createCard(staff, { ...body, content }));
    },
  });
  route({
    method: "get",
    path: "/cards/beginning",
    summary: "What the hub knows that a new card begins with: connected messengers and hours",
    tag,
    access: "administrator",
    answer: shapes.cardBeginning,
    handle: (_, { staff }) => readBeginning(inbox, staff),
  });
  route({
    method: "get",
    path: "/cards/set-up",
    summary: "How far the business has come with its card",
    tag,
    access: "staff",
    answer: shapes.cardSetUp,
    handle: (_, { staff }) => readSetUp(desk, staff),
  });
  route({
    method: "get",
    path: "/cards/slug",
    summary: "Whether an address can be had, and the nearest that can",
    tag,
    access: "administrator",
    query: z.object({ slug: z.string().max(80), cardId: z.string().optional() }),
    answer: shapes.slugAnswer,
    async handle({ query }, { staff }) {
      const own = query.cardId ? (await accessCard(staff, query.cardId))._id : undefined;
      const fault = await checkSlug(query.slug.toLowerCase(), own);
      return { fault: fault ?? null, free: fault ? await freeSlugs(query.slug) : [] };
    },
  });
  route({
    method: "get",
    path: "/cards/:id",
    summary: "A card with its draft",
    tag,
    access: "staff",
    answer: shapes.card,
    handle: async ({ params }, { staff }) => describeCard(hub, await accessCard(staff, params["id"] ?? "")),
  });
  route({
    method: "patch",
    path: "/cards/:id",
    summary: "Change the name or the address; former addresses go on leading to the card",
    tag,
    access: "administrator",
    body: shapes.cardPatch,
    answer: shapes.card,
    async handle({ params, body }, { staff }) {
      const patch = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const card = await changeCard(await accessCard(staff, params["id"] ?? ""), patch);
      await readdressForms(desk, card);
      return describeCard(hub, card);
    },
  });
  route({
    method: "delete",
    path: "/cards/:id",
    summary: "Remove a card: its page is gone at once",
    tag,
    access: "administrator",
    async handle({ params }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      // in this order: ended in between, the card is still there to be removed again
      await desk.domains.release(card);
      await closeForms(desk, staff, card);
      await removeCard(card);
    },
  });
  route({
    method: "put",
    path: "/cards/:id/draft",
    summary: "Save the draft that was made from revision `rev`",
    tag,
    access: "administrator",
    query: rev,
    body: cardContent,
    answer: shapes.card,
    async handle({ params, query, body }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      await keepPictures(staff, body, card.draft);
      return describeCard(hub, await changeDraft(card, staff._id, body, query.rev));
    },
  });
  route({
    method: "post",
    path: "/cards/:id/publish",
    summary: "Show visitors the draft of revision `rev`",
    tag,
    access: "administrator",
    query: rev,
    answer: shapes.card,
    async handle({ params, query }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      await openForms(desk, staff, card); // what visitors send from now on has its place
      return describeCard(hub, await publishDraft(card, query.rev));
    },
  });
  route({
    method: "post",
    path: "/cards/:id/discard",
    summary: "Go back to what is published",
    tag,
    access: "administrator",
    query: rev,
    answer: shapes.card,
    handle: async ({ params, query }, { staff }) =>
      describeCard(
        hub,
        await discardDraft(await accessCard(staff, params["id"] ?? ""), staff._id, query.rev),
      ),
  });
  route({
    method: "post",
    path: "/cards/:id/messengers",
    summary: "Put the connected messengers onto the card; published at once unless other changes wait",
    tag,
    access: "administrator",
    answer: shapes.card,
    handle: async ({ params }, { staff }) =>
      describeCard(hub, await showMessengers(desk, staff, await accessCard(staff, params["id"] ?? ""))),
  });
  route({
    method: "post",
    path: "/cards/pictures",
    summary: "Take in a picture; the body is the file",
    tag,
    access: "administrator",
    status: 201,
    rawBody: true,
    answer: shapes.cardPicture,
    async handle({ request }, { staff }) {
      const file = await takePicture(hub, staff, request);
      return { fileId: file._id.toHexString(), width: file.width ?? 0, height: file.height ?? 0 };
    },
  });
  route({
    method: "post",
    path: "/cards/files",
    summary: "Take in a document; the body is the file, its name percent-encoded in x-file-name",
    tag,
    access: "administrator",
    status: 201,
    rawBody: true,
    answer: shapes.cardFile,
    async handle({ request }, { staff }) {
      const { _id, name, size } = await takeFile(hub, staff, request);
      return { fileId: _id.toHexString(), name, size };
    },
  });
  route({
    method: "get",
    path: "/cards/:id/p/:name",
    summary: "A picture as the draft shows it: `{fileId}-{size}.webp`",
    tag,
    produces: "image/webp",
    access: "staff",
    async handle({ params, response }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      const [, fileId = "", size = ""] = /^([0-9a-f]{24})-([a-z])\.webp$/.exec(params["name"] ?? "") ?? [];
      const picture = await desk.pictures.get(card.workspaceId, fileId, size);
      response.set("cache-control", "private, max-age=86400").type("image/webp").send(picture);
    },
  });
  route({
    method: "get",
    path: "/conversations/:id/card-entries",
    summary:
      "Forms and requests that the contact of a conversation has sent by cards, with what was agreed to",
    tag,
    access: "staff",
    answer: listOf(shapes.cardEntry),
    handle: async ({ params }, { staff }) => ({
      items: await listEntries(staff, params["id"] ?? ""),
      next: null,
    }),
  });
  route({
    method: "get",
    path: "/cards/:id/statistics",
    summary: "Views, visitors, taps and what became of them, by day and beside the time before",
    tag,
    access: "staff",
    query: z.object({
      from: isoDay.optional(),
      to: isoDay.optional(),
      language: z.string().max(35).optional(),
    }),
    answer: shapes.statistics,
    handle: async ({ params, query }, { staff }) =>
      readStatistics(await accessCard(staff, params["id"] ?? ""), query),
  });
  route({
    method: "get",
    path: "/cards/:id/facts",
    summary: "What the hub knows that the card shows: accounts, hours, names of files",
    tag,
    access: "staff",
    answer: shapes.cardFacts,
    async handle({ params }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      return describeFacts(await readFacts(card, card.draft, new Date()));
    },
  });
}
