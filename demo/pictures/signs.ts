/** The studio's own signs, and stickers that customers send. */
export const signNames = ["sign-shop", "sign-classes"] as const;
export type SignName = (typeof signNames)[number];
export const stickerNames = ["sticker-cup", "sticker-heart"] as const;
export type StickerName = (typeof stickerNames)[number];

export function drawSign(name: SignName): string {
  const [ground, mark] = name === "sign-shop" ? ["#a8452c", pot] : ["#44597a", wheel];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512"><rect width="512" height="512" fill="${ground}"/>${mark}</svg>`;
}

const pot = `<path d="M176,150 C176,220 130,240 130,320 C130,390 190,400 206,404 H306 C322,400 382,390 382,320 C382,240 336,220 336,150 Z" fill="#f4e9dc"/><path d="M176,150 C176,206 146,230 136,284 q58,30 112,4 q64,-24 128,0 C366,230 336,206 336,150 Z" fill="#e0b48f"/>`;
const wheel = `<ellipse cx="256" cy="356" rx="170" ry="46" fill="#f4e9dc"/><path d="M170,340 C160,270 210,250 204,190 H308 C302,250 352,270 342,340 Z" fill="#e0b48f"/><ellipse cx="256" cy="190" rx="52" ry="14" fill="#8c6a4b"/>`;

export function drawSticker(name: StickerName): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">${name === "sticker-cup" ? cup : heart}</svg>`;
}

const outline = `stroke="#fff" stroke-width="20" stroke-linejoin="round"`;
const eyes = `<circle cx="206" cy="270" r="13" fill="#2b2522"/><circle cx="290" cy="270" r="13" fill="#2b2522"/><path d="M220,308 Q248,334 276,308" fill="none" stroke="#2b2522" stroke-width="10" stroke-linecap="round"/>`;
const cup = `<path d="M366,230 c88,-10 90,130 -14,120" fill="none" stroke="#3f6c8f" stroke-width="34"/><path d="M120,170 V390 Q120,440 170,440 H326 Q376,440 376,390 V170 Z" fill="#5f93b8" ${outline}/>${eyes}<path d="M190,130 q-20,-30 0,-56 M250,130 q-20,-30 0,-56 M310,130 q-20,-30 0,-56" fill="none" stroke="#c9c2b8" stroke-width="12" stroke-linecap="round"/>`;
const heart = `<path d="M256,440 C60,310 70,140 180,130 Q236,130 256,190 Q276,130 332,130 C442,140 452,310 256,440 Z" fill="#d2573f" ${outline}/>${eyes}`;
