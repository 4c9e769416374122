/** The twelve looks. Colours are in their palettes, so that a card's own colours go through all of a theme. */
import { concrete, crayon, poster, swiss } from "./bold.ts";
import { moss, nocturne, veil } from "./dark.ts";
import { clinic, gazette, porcelain, powder, terracotta } from "./light.ts";
import type { ThemeId } from "./names.ts";
import type { Theme } from "./theme.ts";

export const themes: Record<ThemeId, Theme> = {
  porcelain,
  terracotta,
  nocturne,
  poster,
  gazette,
  powder,
  concrete,
  veil,
  clinic,
  crayon,
  swiss,
  moss,
};
