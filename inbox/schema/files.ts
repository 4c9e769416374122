/** Uploaded files. */
import { z } from "zod";
import { id } from "./common.ts";

export const file = z
  .object({
    id,
    name: z.string(),
    mime: z.string(),
    size: z.number().int(),
    width: z.number().int().optional(),
    height: z.number().int().optional(),
    inline: z.boolean().describe("may be shown in the page; otherwise it downloads"),
  })
  .meta({ id: "File" });
export type File = z.infer<typeof file>;
