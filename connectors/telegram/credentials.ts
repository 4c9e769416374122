import { z } from "zod";
import type { ConnectorHost } from "../contract.ts";

/** `title` and `description` are keys of the texts, so that forms build themselves. */
export const credentials = z.object({
  token: z
    .string()
    .trim()
    .regex(/^\d+:[\w-]{20,100}$/)
    .meta({ title: "fields.token.title", description: "fields.token.description", secret: true }),
  mode: z
    .enum(["auto", "polling", "webhook"])
    .default("auto")
    .meta({ title: "fields.mode.title", description: "fields.mode.description", secret: false }),
  proxyUrl: z
    .url({ protocol: /^(https?|socks5)$/ })
    .optional()
    .meta({ title: "fields.proxyUrl.title", description: "fields.proxyUrl.description", secret: true }),
});
export type TelegramCredentials = z.infer<typeof credentials>;

/** How updates come: `auto` takes the webhook wherever the hub can be reached from outside. */
export function receivingMode(
  { mode }: TelegramCredentials,
  host: Pick<ConnectorHost, "webhookUrl">,
): "polling" | "webhook" {
  if (mode !== "auto") return mode;
  return host.webhookUrl === undefined ? "polling" : "webhook";
}
