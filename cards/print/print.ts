/**
 * A card's code on paper, as a PDF of outlines and embedded faces: a table tent, a slip for parcels, a sheet of stickers.
 * Lengths are millimetres until they are drawn.
 */
import { codeOf, initialOf } from "../blocks/qr.ts";
import { pageWords, wordsLanguage } from "../blocks/words.ts";
import type { PrintLayout } from "../schema.ts";
import type { KeptFace } from "../share/kept-faces.ts";
import { openPaper, type Box, type Paper } from "./paper.ts";

export interface Print {
  layout: PrintLayout;
  /** What the code says. */
  link: string;
  /** What people read: the link without its scheme and tag. */
  address: string;
  /** The first of them that can be written stands there. */
  names: string[];
  language: string;
  colour: string;
  /** A JPEG for the middle of the code; without one the name's first letter stands there. */
  picture?: Buffer | undefined;
  /** Of the name, then of everything: whole faces with Cyrillic. */
  faces: { heading: KeptFace; text: KeptFace; bold: KeptFace };
}
interface Named extends Print {
  name: string;
}

const letter = /[\p{L}\p{N}]/u;
const a4 = { width: 210, height: 297 };
const a6 = { width: 105, height: 148 };

export async function printCard(print: Print): Promise<Buffer> {
  const { layout, names, language, faces } = print;
  // the sentence may stand in for a language that has none; stickers have no sentence
  const lang = layout === "stickers" ? language : wordsLanguage(language);
  const paper = await openPaper({ name: names.find((one) => one.trim()) ?? "", language: lang, faces });
  const name = names.map((one) => paper.written(one)).find((one) => letter.test(one)) ?? "";
  drawings[layout](paper, { ...print, name });
  return paper.end();
}

const drawings: Record<PrintLayout, (paper: Paper, print: Named) => void> = {
  /** A4, folded once: both faces stand upright on a table. */
  tent(paper, print) {
    paper.page(a4);
    const half = a4.height / 2;
    const face = { x: 0, y: half, width: a4.width, height: half };
    paper.turned({ x: a4.width / 2, y: half }, () => drawTent(paper, print, face));
    drawTent(paper, print, face);
    paper.fold(half, a4.width);
  },
  /** A6 with room around it for the marks, and no more: a print shop trims it. */
  parcel(paper, print) {
    paper.page(a6, 12);
    drawUpright(paper, print, { x: 0, y: 0, ...a6 });
    paper.cuts([0, a6.width], [0, a6.height]);
  },
  /** Twenty on an A4, cut along the marks. */
  stickers(paper, print) {
    const [columns, rows, width, height] = [4, 5, 45, 52];
    const margin = { x: (a4.width - columns * width) / 2, y: (a4.height - rows * height) / 2 };
    paper.page(a4);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        drawSticker(paper, print, {
          ...{ x: margin.x + column * width, y: margin.y + row * height },
          ...{ width, height },
        });
    const lines = (from: number, step: number, count: number): number[] =>
      Array.from({ length: count + 1 }, (_, at) => from + at * step);
    paper.cuts(lines(margin.x, width, columns), lines(margin.y, height, rows));
  },
};

function drawTent(paper: Paper, print: Named, { x, y, width, height }: Box): void {
  const side = 92;
  drawCode(paper, print, { x: x + 14, y: y + (height - side) / 2, width: side, height: side });
  const column = { x: x + 116, width: width - 116 - 16 };
  paper.text(print.name, "heading", { ...column, y: y + 42, height: 30 }, { size: 34, least: 15, at: "end" });
  const scan = pageWords(print.language).scan;
  paper.text(scan, "text", { ...column, y: y + 78, height: 22 }, { size: 15, least: 10 });
  paper.text(print.address, "bold", { ...column, y: y + 103, height: 14 }, { size: 12, least: 7 });
}

function drawUpright(paper: Paper, print: Named, { x, y, width, height }: Box): void {
  const side = 74;
  const column = { x: x + 9, width: width - 18, align: "center" as const };
  paper.text(print.name, "heading", { ...column, y: y + 9, height: 24 }, { size: 27, least: 13, at: "end" });
  drawCode(paper, print, { x: x + (width - side) / 2, y: y + 37, width: side, height: side });
  const scan = pageWords(print.language).scan;
  paper.text(scan, "text", { ...column, y: y + 114, height: 12 }, { size: 11, least: 8 });
  paper.text(print.address, "bold", { ...column, y: y + height - 19, height: 9 }, { size: 10, least: 6 });
}

function drawSticker(paper: Paper, print: Named, { x, y, width }: Box): void {
  const side = 39;
  const column = { x: x + 2.5, width: width - 5, align: "center" as const };
  drawCode(paper, print, { x: x + (width - side) / 2, y: y + 1.5, width: side, height: side });
  paper.text(print.name, "bold", { ...column, y: y + 40, height: 4.4 }, { size: 9, least: 5 });
  paper.text(print.address, "text", { ...column, y: y + 45, height: 4 }, { size: 7, least: 4 });
}

function drawCode(paper: Paper, { link, colour, picture, name }: Named, box: Box): void {
  paper.code(codeOf(link), box, { colour, picture, letter: initialOf(name) });
}
