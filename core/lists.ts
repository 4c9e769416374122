import { z } from "zod";

/** How every list of the API answers: `next` is the cursor of what follows, null at the end. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
