import { z } from "zod";

/** What customers see above a message: https://developers.viber.com/docs/api/rest-bot-api/#general-send-message-parameters */
export const senderNameMax = 28;

export const credentials = z.object({
  token: z
    .string()
    .trim()
    .regex(/^[0-9a-f-]{40,80}$/i)
    .meta({ title: "fields.token.title", description: "fields.token.description", secret: true }),
  welcome: z
    .string()
    .max(1000)
    .optional()
    .meta({ title: "fields.welcome.title", description: "fields.welcome.description", secret: false }),
  senderName: z
    .string()
    .max(senderNameMax)
    .optional()
    .meta({ title: "fields.senderName.title", description: "fields.senderName.description", secret: false }),
  proxyUrl: z
    .url({ protocol: /^(https?|socks5)$/ })
    .optional()
    .meta({ title: "fields.proxyUrl.title", description: "fields.proxyUrl.description", secret: true }),
});
export type ViberCredentials = z.infer<typeof credentials>;
