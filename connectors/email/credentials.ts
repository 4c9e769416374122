import { z } from "zod";

/** `title` and `description` are keys of the texts, so that forms build themselves. */
function meta(name: string, secret = false) {
  return { title: `fields.${name}.title`, description: `fields.${name}.description`, secret };
}

const server = z
  .string()
  .trim()
  .regex(/^[\w.-]+(:\d{1,5})?$/)
  .optional();

export const credentials = z
  .object({
    address: z
      .email()
      .transform((address) => address.toLowerCase())
      .meta(meta("address")),
    senderName: z.string().max(100).optional().meta(meta("senderName")),
    provider: z.enum(["other", "google", "microsoft"]).default("other").meta(meta("provider")),
    password: z.string().max(500).optional().meta(meta("password", true)),
    imapHost: server.meta(meta("imapHost")),
    smtpHost: server.meta(meta("smtpHost")),
    clientId: z.string().max(300).optional().meta(meta("clientId")),
    clientSecret: z.string().max(300).optional().meta(meta("clientSecret", true)),
    sentCopy: z.enum(["auto", "always", "never"]).default("auto").meta(meta("sentCopy")),
    proxyUrl: z
      .url({ protocol: /^(https?|socks5)$/ })
      .optional()
      .meta(meta("proxyUrl", true)),
    refreshToken: z.string().optional().meta(meta("refreshToken", true)),
    accessToken: z.string().optional().meta(meta("accessToken", true)),
    expiresAt: z.string().optional().meta(meta("expiresAt")),
  })
  .superRefine((given, context) => {
    const missing = (path: string): void =>
      context.addIssue({ code: "custom", path: [path], message: "required", input: given });
    if (!given.password && !given.refreshToken) missing("password");
    if (given.provider === "other" && !given.imapHost) missing("imapHost");
    if (given.provider === "other" && !given.smtpHost) missing("smtpHost");
  });
export type EmailCredentials = z.infer<typeof credentials>;

export interface Server {
  host: string;
  port: number;
  /** From the first byte; otherwise by STARTTLS, which only this machine itself may lack. */
  tls: boolean;
  local: boolean;
}

const known = {
  google: { imap: "imap.gmail.com:993", smtp: "smtp.gmail.com:465" },
  microsoft: { imap: "outlook.office365.com:993", smtp: "smtp.office365.com:587" },
  other: { imap: "", smtp: "" },
};

export function imapServer({ provider, imapHost }: EmailCredentials): Server {
  return serverOf(imapHost ?? known[provider].imap, 993);
}

export function smtpServer({ provider, smtpHost }: EmailCredentials): Server {
  return serverOf(smtpHost ?? known[provider].smtp, 465);
}

function serverOf(text: string, usual: number): Server {
  const [host = "", digits] = text.split(":");
  const port = Number(digits ?? usual);
  return { host, port, tls: port === usual, local: /^(localhost|127\.[\d.]+)$/.test(host) };
}
