/**
 * How launcher and greeting look. The sheet travels with the configuration, so that the loader on the site stays small;
 * the panel stands in the same shadow root and uses the same custom properties.
 */
import type { WidgetConfig } from "./schema.ts";

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
export function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, two) => two - one);
  return (light + 0.05) / (dark + 0.05);
}

const [ink, white] = ["#16120a", "#ffffff"];

/** White or near-black, whichever reads better on the colour: at least 4.5 to 1. */
export function textOn(accent: string): string {
  return contrast(accent, white) >= 4.5
    ? white
    : contrast(accent, ink) >= contrast(accent, white)
      ? ink
      : white;
}

/** The accent as text on a ground: made darker or lighter until it reads, 4.5 to 1. */
export function asText(accent: string, ground: string): string {
  const towards = luminance(ground) > 0.3 ? ink : white;
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = mix(accent, towards, part);
    if (contrast(mixed, ground) >= 4.5) return mixed;
  }
  return towards;
}

function mix(from: string, to: string, part: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * part)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

const rightToLeft = /^(ar|dv|fa|he|ku|ps|ur|yi)\b/;

const bubble =
  "M13 1c6.600 0 12 4.900 12 11s-5.400 11-12 11c-1.700 0-3.400-.3-4.900-.9L2 24l1.600-5.200C2 16.900 1 14.600 1 12 1 5.900 6.400 1 13 1Z";
const chevron = "M5 9.500 7 7.500 13 13.500 19 7.500 21 9.500 13 17.500Z";

/**
 * What the page may say of everything (`* { display: none !important }`) stops at the host: of important rules those of
 * the shadow root win. Icons are clipped shapes, so that no picture is asked for.
 */
export function launcherStyle(
  { accent, side, offsetX, offsetY, radius, theme, launcher }: WidgetConfig,
  locale: string,
): string {
  const direction = rightToLeft.test(locale) ? "rtl" : "ltr"; // `all` leaves the page's own
  const light = palette(accent, "#ffffff", "#1b1b1f", "#5d5e66", "#e8e8ec", "#8b8c96", "#f3f3f6", "light");
  const dark = palette(accent, "#1c1c20", "#f3f3f5", "#a7a8b1", "#303036", "#777983", "#2a2a30", "dark");
  const asSite = `@media(prefers-color-scheme:dark){:host(:not([data-theme=light])){${dark}}}:host([data-theme=dark]){${dark}}`;
  return `:host{all:initial!important;display:block!important;direction:${direction}!important;--a:${accent};--on:${textOn(accent)};--r:${radius}px;--x:${offsetX}px;--y:${offsetY}px;${theme === "dark" ? dark : light}}${theme === "site" ? asSite : ""}
*{box-sizing:border-box;font:inherit}
.b,.g{position:fixed;z-index:2147483000;${side}:max(var(--x),env(safe-area-inset-${side}));font:400 15px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-font-smoothing:antialiased}
.b{bottom:max(var(--y),env(safe-area-inset-bottom));min-width:56px;height:56px;padding:0 15px;gap:10px;border:0;border-radius:${Math.min(28, Math.round(radius * 1.6))}px;background:var(--a);color:var(--on);display:flex;align-items:center;justify-content:center;font-weight:600;cursor:pointer;box-shadow:0 6px 20px rgb(0 0 0/.22);transition:transform .15s}
.b:hover{transform:scale(1.04)}
.b i{width:26px;height:26px;background:currentColor;clip-path:path("${bubble}")}
.b[aria-expanded=true] i{clip-path:path("${chevron}")}
.b${launcher === "text" ? "[aria-expanded=true]" : ""} .t{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:3px solid var(--k);outline-offset:3px}
.n{position:absolute;top:-5px;inset-inline-end:-5px;min-width:22px;height:22px;border-radius:11px;padding:0 6px;background:#c8102e;color:#fff;font:600 12px/22px system-ui}
.g{bottom:calc(var(--y) + 68px);width:316px;max-width:calc(100vw - 2*var(--x));padding:14px;border-radius:var(--r);background:var(--g);color:var(--t);box-shadow:0 10px 36px rgb(0 0 0/.2);display:grid;grid-template:20px 18px/36px 1fr 32px;gap:0 10px;align-items:center}
.g img,.g i{width:36px;height:36px;border-radius:50%;grid-row:span 2;object-fit:cover;background:var(--o);display:grid;place-items:center;font-style:normal;font-weight:600}
.g b{font-weight:600;font-size:14px}
.g small{grid-column:2;color:var(--s);font-size:13px}
.g p{grid-column:1/-1;margin:8px 0 0;cursor:pointer;overflow-wrap:anywhere}
.g div{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:8px;margin-top:10px}
.g div:empty{display:none}
.g button{min-height:36px;padding:0 14px;border:1px solid var(--l);border-radius:calc(var(--r)*.6);background:0 0;color:inherit;cursor:pointer;font-size:14px}
.g div button:first-child{background:var(--a);color:var(--on);border-color:var(--a);font-weight:600}
.g .c{grid-area:1/3;min-height:32px;padding:0;border:0;color:var(--s);font-size:20px;line-height:1}
[hidden]{display:none!important}
@media(pointer:coarse){.g button{min-height:44px}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
@media(forced-colors:active){.b,.g{border:1px solid}.b i{background:ButtonText}}
@media print{.b,.g{display:none}}`;
}

/** `--k` is the accent as text on the panel. */
function palette(
  accent: string,
  ground: string,
  text: string,
  soft: string,
  line: string,
  field: string,
  fill: string,
  scheme: "light" | "dark",
): string {
  return `--g:${ground};--t:${text};--s:${soft};--l:${line};--f:${field};--o:${fill};--k:${asText(accent, ground)};color-scheme:${scheme}!important`;
}
