import { z } from "zod";

const id = z
  .string()
  .trim()
  .regex(/^\d{5,25}$/);

/** `title` and `description` are keys of the texts, so that forms build themselves. */
export const credentials = z.object({
  phoneNumberId: id.meta({
    title: "fields.phoneNumberId.title",
    description: "fields.phoneNumberId.description",
    secret: false,
  }),
  businessAccountId: id.meta({
    title: "fields.businessAccountId.title",
    description: "fields.businessAccountId.description",
    secret: false,
  }),
  accessToken: z
    .string()
    .trim()
    .regex(/^[\w-]{10,1000}$/)
    .meta({ title: "fields.accessToken.title", description: "fields.accessToken.description", secret: true }),
  appSecret: z
    .string()
    .trim()
    .regex(/^[0-9a-f]{32}$/i)
    .meta({ title: "fields.appSecret.title", description: "fields.appSecret.description", secret: true }),
  proxyUrl: z
    .url({ protocol: /^(https?|socks5)$/ })
    .optional()
    .meta({ title: "fields.proxyUrl.title", description: "fields.proxyUrl.description", secret: true }),
});
export type WhatsappCredentials = z.infer<typeof credentials>;
