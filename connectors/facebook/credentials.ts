import { z } from "zod";

/** `title` and `description` are keys of the texts, so that forms build themselves. */
export const credentials = z.object({
  appSecret: z
    .string()
    .trim()
    .regex(/^[0-9a-f]{32}$/i)
    .meta({ title: "fields.appSecret.title", description: "fields.appSecret.description", secret: true }),
  pageToken: z
    .string()
    .trim()
    .regex(/^[\w|-]{20,1000}$/)
    .meta({ title: "fields.pageToken.title", description: "fields.pageToken.description", secret: true }),
  proxyUrl: z
    .url({ protocol: /^(https?|socks5)$/ })
    .optional()
    .meta({ title: "fields.proxyUrl.title", description: "fields.proxyUrl.description", secret: true }),
});
export type PageCredentials = z.infer<typeof credentials>;
