import type { Palette } from "../palette.ts";
import { systemFaces, type CutFaceId } from "../type-faces.ts";

export interface Theme {
  title: { en: string; ru: string };
  palette: Palette;
  /** The face of the headings, where it is not the phone's own. */
  face?: CutFaceId;
  /** Custom properties that are no colours. */
  props: string;
  css: string;
}

export const { sans } = systemFaces;
