import { z } from "zod";

/** Nothing is typed but the way out: the phone signs the account in. */
export const credentials = z.object({
  proxyUrl: z
    .url({ protocol: /^(https?|socks5)$/ })
    .optional()
    .meta({ title: "fields.proxyUrl.title", description: "fields.proxyUrl.description", secret: true }),
});
export type WebCredentials = z.infer<typeof credentials>;
