/** The code on paper: what is asked for, and the card that it is of. */
import { z } from "zod";
import { qrColours } from "../blocks/qr.ts";
import { blocksOf, cutFaceOf, headOf } from "../blocks/page.ts";
import { language } from "../blocks/schema.ts";
import type { ObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import { createLimit } from "../../core/limits.ts";
import { accessCard } from "../cards.ts";
import { describeCard, shownContent } from "../describe.ts";
import type { Desk } from "../desk.ts";
import type { CardRecord } from "../models/index.ts";
import { toJpeg } from "../pictures.ts";
import { printLayouts } from "../schema.ts";
import { inter, ownFace } from "../share/kept-faces.ts";
import { printCard } from "./print.ts";

const colourIds = qrColours.map(({ id }) => id);
const asked = z.object({
  layout: z.enum(printLayouts).describe("a table tent on A4, an A6 for parcels, twenty stickers on A4"),
  colour: z.enum(colourIds).default("ink"),
  language: language.optional().describe("one of the card's; without one its first"),
  tag: z
    .string()
    .regex(/^[\p{L}\p{N}-]{1,40}$/u)
    .default("qr")
    .describe("of the link, `?s=`: the statistics tell it apart"),
});

export function addPrintRoute(desk: Desk): void {
  const prints = createLimit(100, 300);
  desk.hub.http.route({
    method: "get",
    path: "/cards/:id/print",
    summary: "The QR code on paper, as a PDF",
    tag: "cards",
    produces: "application/pdf",
    access: "staff",
    query: asked,
    async handle({ params, query, response }, { staff }) {
      await prints.take(staff.workspaceId.toHexString());
      const card = await accessCard(staff, params["id"] ?? "");
      const pdf = await draw(desk, card, query);
      response.set("content-disposition", `attachment; filename="${card.slug}-${query.layout}.pdf"`);
      response.set("cache-control", "no-store").type("application/pdf").send(pdf);
    },
  });
}

async function draw(desk: Desk, card: CardRecord, query: z.output<typeof asked>): Promise<Buffer> {
  const content = shownContent(card);
  const [first = "en"] = content.languages;
  const spoken = content.languages.find((one) => one === query.language) ?? first;
  const { url } = describeCard(desk.hub, card);
  const face = cutFaceOf(content.design);
  const [text, bold] = await Promise.all([inter("regular"), inter("semibold")]);
  return printCard({
    layout: query.layout,
    link: `${url}?s=${encodeURIComponent(query.tag)}`,
    address: url.replace(/^https?:\/\//, "").replace(/\/$/, ""),
    names: [headOf(content, spoken).name, card.name, card.slug],
    language: spoken,
    colour: qrColours.find(({ id }) => id === query.colour)?.hex ?? qrColours[0].hex,
    picture: await photoOf(desk, card.workspaceId, blocksOf(content, "person")[0]?.photo),
    faces: { heading: face ? await ownFace(face) : bold, text, bold },
  });
}

/** A photo that is gone is none: the letter stands there. */
async function photoOf(
  { pictures }: Desk,
  workspaceId: ObjectId,
  fileId: string | undefined,
): Promise<Buffer | undefined> {
  if (!fileId) return undefined;
  try {
    return await toJpeg(await pictures.get(workspaceId, fileId, "a"));
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}
