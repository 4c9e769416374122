/** Pieces that the shapes have in common. */
import { z } from "zod";

export const id = z.string().regex(/^[0-9a-f]{24}$/);
export const isoDate = z.iso.datetime();
/** Without the spaces around it. */
export const text = (max: number) => z.string().trim().max(max);
export const tagName = z.string().trim().min(1).max(40);
/** Of whatever carries labels: the whole list, or what changes of it. */
export const tagPatch = {
  tags: z.array(tagName).max(30),
  addTags: z.array(tagName).max(30).describe("the others stay as they are by then"),
  removeTags: z.array(tagName).max(30),
};
