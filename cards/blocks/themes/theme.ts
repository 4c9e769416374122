import type { Palette } from "../palette.ts";

export interface Theme {
  title: { en: string; ru: string };
  palette: Palette;
  /** The face of the headings, where it is not the phone's own. */
  face?: { family: string; weight: number };
  /** Custom properties that are no colours. */
  props: string;
  css: string;
}

export const sans = `-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`;
