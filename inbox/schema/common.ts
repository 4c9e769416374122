/** Pieces that the shapes have in common. */
import { z } from "zod";

export const id = z.string().regex(/^[0-9a-f]{24}$/);
export const isoDate = z.iso.datetime();
/** Without the spaces around it. */
export const text = (max: number) => z.string().trim().max(max);
export const tagName = z.string().trim().min(1).max(40);
