/** The code on paper: what is asked for, and the card that it is of. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { z } from "zod";
import { qrColours } from "../blocks/qr.ts";
import { blocksOf, cutFaceOf, headOf } from "../blocks/page.ts";
import { language } from "../blocks/schema.ts";
import { accessCard } from "../cards.ts";
import { describeCard } from "../describe.ts";
import type { Desk } from "../desk.ts";
import { readFace } from "../faces.ts";
import type { CardRecord } from "../models/index.ts";
import { toJpeg } from "../pictures.ts";
import { printLayouts } from "../schema.ts";
import { printCard } from "./print.ts";

const require = createRequire(import.meta.url);
const inter = (weight: string): Promise<Buffer> =>
  readFile(require.resolve(`@expo-google-fonts/inter/${weight}.ttf`));

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
  desk.hub.http.route({
    method: "get",
    path: "/cards/:id/print",
    summary: "The QR code on paper, as a PDF",
    tag: "cards",
    access: "staff",
    query: asked,
    async handle({ params, query, response }, { staff }) {
      const card = await accessCard(staff, params["id"] ?? "");
      const pdf = await draw(desk, card, query);
      response.set("content-disposition", `attachment; filename="${card.slug}-${query.layout}.pdf"`);
      response.set("cache-control", "no-store").type("application/pdf").send(pdf);
    },
  });
}

async function draw(desk: Desk, card: CardRecord, query: z.output<typeof asked>): Promise<Buffer> {
  const content = card.published ?? card.draft;
  const [first = "en"] = content.languages;
  const spoken = content.languages.find((one) => one === query.language) ?? first;
  const photo = blocksOf(content, "person")[0]?.photo;
  const { url } = describeCard(desk.hub, card);
  const face = cutFaceOf(content.design);
  const [text, bold] = await Promise.all([
    inter("400Regular/Inter_400Regular"),
    inter("600SemiBold/Inter_600SemiBold"),
  ]);
  return printCard({
    layout: query.layout,
    link: `${url}?s=${encodeURIComponent(query.tag)}`,
    address: url.replace(/^https?:\/\//, "").replace(/\/$/, ""),
    name: headOf(content, spoken).name || card.name,
    language: spoken,
    colour: qrColours.find(({ id }) => id === query.colour)?.hex ?? qrColours[0].hex,
    picture: photo ? await toJpeg(await desk.pictures.get(card.workspaceId, photo, "a")) : undefined,
    faces: { heading: face ? await readFace(face) : bold, text, bold },
  });
}
