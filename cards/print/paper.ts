/** A PDF in millimetres: texts that fit their box, the code, and the marks along which paper is cut or folded. */
import { margin, type Code } from "../blocks/qr.ts";
import type { KeptFace } from "../share/kept-faces.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
type Face = "heading" | "text" | "bold";

export interface Paper {
  /** What of it can be written: some scripts no face here has. */
  written(text: string): string;
  /** Begins one; `around`: paper beyond what is left after cutting, for the marks. */
  page(size: { width: number; height: number }, around?: number): void;
  /** As large as it fits, from `size` down to `least` points, in as many lines as the box holds. */
  text(
    text: string,
    face: Face,
    box: Box & { align?: "center" },
    fit: { size: number; least: number; at?: "end" },
  ): void;
  code(code: Code, box: Box, look: { colour: string; picture?: Buffer | undefined; letter: string }): void;
  /** Draws upside down about a point. */
  turned(about: { x: number; y: number }, draw: () => void): void;
  /** Outside of the outermost of these lines. */
  cuts(xs: number[], ys: number[]): void;
  fold(y: number, width: number): void;
  end(): Promise<Buffer>;
}

const mm = 72 / 25.4;
const ink = "#16161a";
const quiet = "#8a8a90";

export async function openPaper({
  name,
  language,
  faces,
}: {
  name: string;
  language: string;
  faces: Record<Face, KeptFace>;
}): Promise<Paper> {
  const { default: PDFDocument } = await import("pdfkit");
  const doc = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    lang: language,
    displayTitle: true,
    info: { Title: name, Creator: "Switchboard" },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on("data", (chunk: Buffer) => void chunks.push(chunk));
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
  for (const [face, { bytes }] of Object.entries(faces)) doc.registerFont(face, bytes);
  /** Where what is left after cutting begins. */
  let origin = 0;
  const at = (length: number): number => (origin + length) * mm;

  /** The face if it has every letter, else the plain one, without the signs that no face has. */
  function lettered(text: string, face: Face): { text: string; face: Face } {
    const has = (one: Face, sign: string): boolean =>
      faces[one].font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0);
    const signs = [...text.normalize("NFC").replace(/\s+/g, " ").trim()];
    const fitting = signs.every((sign) => has(face, sign)) ? face : face === "heading" ? "bold" : face;
    return { text: signs.filter((sign) => has(fitting, sign)).join(""), face: fitting };
  }

  return {
    written: (text) => lettered(text, "heading").text.trim(),
    page({ width, height }, around = 0) {
      origin = around;
      doc.addPage({ size: [(width + 2 * around) * mm, (height + 2 * around) * mm], margin: 0 });
      const trim = [at(0), at(0), at(width), at(height)];
      // the paper as it leaves the cutter: page boundaries of ISO 32000-1, 14.11.2
      Object.assign(doc.page.dictionary.data, { TrimBox: trim, BleedBox: trim });
    },
    text(whole, wanted, { x, y, width, height, align }, { size, least, at: end }) {
      const { text, face } = lettered(whole, wanted);
      if (!text) return;
      const options = { width: width * mm, align: align ?? "left", lineGap: 0 } as const;
      doc.font(face).fillColor(ink);
      let points = size;
      const fits = (): boolean => {
        doc.fontSize(points);
        const longest = Math.max(...text.split(" ").map((word) => doc.widthOfString(word)));
        return longest <= width * mm && doc.heightOfString(text, options) <= height * mm;
      };
      while (points > least && !fits()) points -= 0.5;
      doc.fontSize(points);
      const tall = Math.min(doc.heightOfString(text, options), height * mm);
      const top = at(y) + (end === "end" ? height * mm - tall : 0);
      doc.text(text, at(x), top, { ...options, height: height * mm + 0.01, ellipsis: true });
    },
    code({ size, dots, eyes, hole }, { x, y, width }, { colour, picture, letter }) {
      const step = (width * mm) / (size + 2 * margin);
      doc
        .save()
        .translate(at(x) + margin * step, at(y) + margin * step)
        .scale(step);
      // one path: between dots of several there would be hairlines
      for (const dot of dots) doc.rect(dot.x, dot.y, dot.width, 1);
      doc.fill(colour);
      for (const eye of eyes) {
        doc
          .lineWidth(1)
          .roundedRect(eye.x + 0.5, eye.y + 0.5, 6, 6, 1.9)
          .stroke(colour);
        doc.roundedRect(eye.x + 2, eye.y + 2, 3, 3, 0.9).fill(colour);
      }
      const [from, side] = [hole.from + 0.6, hole.side - 1.2];
      doc.roundedRect(from, from, side, side, 1.5);
      if (picture) {
        doc.clip();
        // named by a text it is kept by the document: twenty codes have one picture
        const source = `data:image/jpeg;base64,${picture.toString("base64")}`;
        doc.image(source, from, from, { cover: [side, side], align: "center", valign: "center" });
      } else {
        doc.fill(colour);
        doc.font("bold").fontSize(3.5).fillColor("#fff");
        doc.text(letter, from, from + (side - 4.2) / 2, { width: side, align: "center", lineBreak: false });
      }
      doc.restore();
    },
    turned({ x, y }, draw) {
      doc.save().rotate(180, { origin: [at(x), at(y)] });
      draw();
      doc.restore();
    },
    cuts(xs, ys) {
      const [away, long] = [3, 5];
      const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      doc.lineWidth(0.25);
      const line = (x1: number, y1: number, x2: number, y2: number): void =>
        void doc.moveTo(at(x1), at(y1)).lineTo(at(x2), at(y2)).stroke(quiet);
      for (const x of xs) {
        line(x, top - away, x, top - away - long);
        line(x, bottom + away, x, bottom + away + long);
      }
      for (const y of ys) {
        line(left - away, y, left - away - long, y);
        line(right + away, y, right + away + long, y);
      }
    },
    fold(y, width) {
      doc.lineWidth(0.5).dash(2 * mm, { space: 1.5 * mm });
      doc.moveTo(at(0), at(y)).lineTo(at(12), at(y)).stroke(quiet);
      doc
        .moveTo(at(width - 12), at(y))
        .lineTo(at(width), at(y))
        .stroke(quiet);
      doc.undash();
    },
    end() {
      doc.end();
      return done;
    },
  };
}
