/**
 * The colours of a page: the theme's, with the card's own in their places, and every pair of text and ground readable
 * whatever was chosen. `#rrggbb` throughout.
 */
import { groundOf, inkOf, type Ground } from "./backdrop.ts";
import { contrast, mix, over, readable } from "./colour.ts";
import type { Design } from "./schema.ts";

export interface Palette {
  background: string;
  text: string;
  /** Secondary text. */
  muted: string;
  line: string;
  /** Ground of buttons and boxes. */
  box: string;
  /** The main button, and what stands on it. */
  button: string;
  onButton: string;
  /** The button's colour where it is a text or a mark on the page. */
  accent: string;
}

/** What lies behind everything, with the card's own colour and backdrop in it. */
export const groundOfDesign = (theme: Palette, { background, backdrop }: Design): Ground =>
  groundOf(background ?? theme.background, backdrop);

export function paletteOf(theme: Palette, design: Design): Palette {
  const { background, samples, glass } = groundOfDesign(theme, design);
  const text = readable(design.text ?? theme.text, samples, leastOn(samples));
  const own = design.background !== undefined || design.text !== undefined || design.backdrop !== undefined;
  const box = own ? boxOf(theme, background, samples, text) : theme.box;
  const button = design.button ?? theme.button;
  const panes = glass ? samples.map((sample) => over(box, sample, glassPart)) : [];
  const grounds = [...samples, ...panes, box];
  return {
    background,
    text: readable(text, grounds, leastOn(samples)),
    muted: readable(own ? mix(text, background, 0.28) : theme.muted, grounds, leastOn(samples)),
    line: own ? mix(background, text, 0.16) : theme.line,
    box,
    button,
    onButton: readable(design.buttonText ?? (design.button ? "#ffffff" : theme.onButton), [button]),
    accent: readable(design.button ?? (own ? button : theme.accent), grounds, leastOn(samples)),
  };
}

/** How thick boxes are where a photo shines through them. */
export const glassPart = 0xa8 / 255;

/** Between the colours that were looked at there are others: a little more than needed. */
const leastOn = (samples: readonly string[]): number => (samples.length > 1 ? 4.55 : 4.5);

/** A box stands off the ground as it does in the theme, and never towards the text. */
function boxOf(theme: Palette, background: string, samples: readonly string[], text: string): string {
  if (theme.box === theme.background) return background;
  const ink = samples.length > 1 ? inkOf(samples) : text;
  const darker = contrast(ink, "#ffffff") > contrast(background, "#ffffff");
  const away = darker ? "#ffffff" : "#000000";
  return mix(background, away, 0.45);
}
