/** The papers that the studio and its customers send each other. */
export const documentNames = ["price-list.pdf", "care-guide.pdf", "guest-list.txt"] as const;
export type DocumentName = (typeof documentNames)[number];

export function documentOf(name: DocumentName): { bytes: Uint8Array; mime: string } {
  if (name === "guest-list.txt") return { bytes: Buffer.from(guestList), mime: "text/plain" };
  return { bytes: pdfOf(name === "price-list.pdf" ? prices : care), mime: "application/pdf" };
}

const prices = [
  "Clay & Co - wholesale prices",
  "",
  "Mug, speckled stoneware, 300 ml ........ 21",
  "Mug, glazed, 350 ml .................... 24",
  "Plate, 26 cm ........................... 27",
  "Bowl, 18 cm ............................ 25",
  "Teapot, 0.9 l .......................... 78",
  "",
  "From 10 pieces 10 % off, from 30 pieces 15 %.",
];
const care = [
  "Looking after stoneware",
  "",
  "Dishwasher: yes, unless it has gold on it.",
  "Oven: up to 180 degrees, put in cold.",
  "Tea stains: baking soda and a soft sponge.",
];
const guestList =
  "1. Анна и Пётр\n2. Соседи из пекарни\n3. Оркестр «Медь»\n4. Те, кто придёт без приглашения\n";

/** One page of plain lines: https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf */
function pdfOf(lines: string[]): Uint8Array {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj T*`).join("\n");
  const stream = `BT /F1 14 Tf 20 TL 72 760 Td\n${shown}\nET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
  ];
  let pdf = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return Buffer.from(pdf + table + trailer, "latin1");
}
