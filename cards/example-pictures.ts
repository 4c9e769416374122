/** Stand-ins for the photos of a business that has shown none yet, drawn when a preview asks for one. */
import { examplePictures } from "./blocks/layouts.ts";

const sky = (from: string, to: string): string =>
  `<linearGradient id="s" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;
const scene = (from: string, to: string, shapes: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${sky(from, to)}<rect width="100" height="100" fill="url(#s)"/>${shapes}</svg>`;
const table = (colour: string): string => `<rect y="72" width="100" height="28" fill="${colour}"/>`;

const drawings: Record<string, string> = {
  [examplePictures.person]: scene(
    "#d98a5b",
    "#b4532d",
    `${table("#9a4526")}<path d="M34 40q-8 14-4 26 4 12 20 12t20-12q4-12-4-26-3-6-16-6t-16 6z" fill="#f4ede2"/><ellipse cx="50" cy="40" rx="15" ry="4" fill="#c9b9a4"/>`,
  ),
  [examplePictures.first]: scene(
    "#efe3d0",
    "#d8bf9d",
    `${table("#c39b72")}<path d="M30 42h36v26q0 10-10 10H40q-10 0-10-10z" fill="#8c5a3c"/><path d="M66 48h6q8 0 8 8t-8 8h-6" fill="none" stroke="#8c5a3c" stroke-width="5"/>`,
  ),
  [examplePictures.second]: scene(
    "#b8cbd0",
    "#7f9fa9",
    `${table("#55737c")}<path d="M20 48h60q-2 28-30 28T20 48z" fill="#f3f0e8"/><ellipse cx="50" cy="48" rx="30" ry="6" fill="#3e6d86"/>`,
  ),
  [examplePictures.third]: scene(
    "#c8cbb0",
    "#8f9a76",
    `${table("#66704f")}<path d="M44 26h12v14q14 8 14 22 0 14-20 14T30 62q0-14 14-22z" fill="#22261d"/><path d="M50 26q-2-12 8-18" fill="none" stroke="#4c5a3a" stroke-width="3"/>`,
  ),
  [examplePictures.behind]: scene(
    "#5b3a2a",
    "#1d1310",
    `<circle cx="74" cy="24" r="30" fill="#c47a46" opacity=".5"/><circle cx="18" cy="70" r="34" fill="#8c4f2e" opacity=".5"/>`,
  ),
};

const made = new Map<string, Promise<Buffer>>();

/** A WebP, or undefined where nothing is drawn by that id. */
export function examplePicture(id: string): Promise<Buffer> | undefined {
  const drawing = drawings[id];
  if (!drawing) return undefined;
  const picture = made.get(id) ?? toWebp(drawing);
  made.set(id, picture);
  picture.catch(() => made.delete(id)); // whoever asked is told; the next one tries again
  return picture;
}

async function toWebp(drawing: string): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(drawing), { density: 300 }).resize(420, 420).webp({ quality: 80 }).toBuffer();
}
