/**
 * The colours of a page: the theme's, with the card's own in their places, and every pair of text and ground readable
 * whatever was chosen. `#rrggbb` throughout.
 */
import { contrast, mix, readable } from "./colour.ts";
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

export function paletteOf(theme: Palette, design: Design): Palette {
  const background = design.background ?? theme.background;
  const text = readable(design.text ?? theme.text, [background]);
  const own = design.background !== undefined || design.text !== undefined;
  const box = own ? boxOf(theme, background, text) : theme.box;
  const button = design.button ?? theme.button;
  const grounds = [background, box];
  return {
    background,
    text: readable(text, grounds),
    muted: readable(own ? mix(text, background, 0.28) : theme.muted, grounds),
    line: own ? mix(background, text, 0.16) : theme.line,
    box,
    button,
    onButton: readable(design.buttonText ?? (design.button ? "#ffffff" : theme.onButton), [button]),
    accent: readable(design.button ?? (own ? button : theme.accent), grounds),
  };
}

/** A box stands off the ground as it does in the theme, and never towards the text. */
function boxOf(theme: Palette, background: string, text: string): string {
  if (theme.box === theme.background) return background;
  const away = contrast(text, "#ffffff") > contrast(text, "#000000") ? "#ffffff" : "#000000";
  return mix(background, away, 0.45);
}
