import { z } from "zod";

/** `title` and `description` are keys of the texts, so that forms build themselves. */
function meta(name: string, secret = false) {
  return { title: `fields.${name}.title`, description: `fields.${name}.description`, secret };
}

/** Comes from signing in at the vendor. */
const brought = z.string().optional().meta({ hidden: true });

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
    encryption: z.enum(["auto", "tls", "starttls"]).default("auto").meta(meta("encryption")),
    clientId: z.string().max(300).optional().meta(meta("clientId")),
    clientSecret: z.string().max(300).optional().meta(meta("clientSecret", true)),
    sentCopy: z.enum(["auto", "always", "never"]).default("auto").meta(meta("sentCopy")),
    proxyUrl: z
      .url({ protocol: /^(https?|socks5)$/ })
      .optional()
      .meta(meta("proxyUrl", true)),
    refreshToken: brought,
    accessToken: brought,
    expiresAt: brought,
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
  /** From the first byte; otherwise by STARTTLS, which only this machine itself may lack where nothing was chosen. */
  tls: boolean;
  mayBePlain: boolean;
}

const known = {
  google: { imap: "imap.gmail.com:993", smtp: "smtp.gmail.com:465" },
  microsoft: { imap: "outlook.office365.com:993", smtp: "smtp.office365.com:587" },
  other: { imap: "", smtp: "" },
};

export function imapServer({ provider, imapHost, encryption }: EmailCredentials): Server {
  return serverOf(imapHost ?? known[provider].imap, encryption, { tls: 993, starttls: 143 });
}

export function smtpServer({ provider, smtpHost, encryption }: EmailCredentials): Server {
  return serverOf(smtpHost ?? known[provider].smtp, encryption, { tls: 465, starttls: 587 });
}

/** Without a port it is the one that the encryption has by custom; with one alone, the port tells the encryption. */
function serverOf(
  text: string,
  encryption: EmailCredentials["encryption"],
  usual: { tls: number; starttls: number },
): Server {
  const [host = "", digits] = text.split(":");
  const port = digits === undefined ? usual[encryption === "auto" ? "tls" : encryption] : Number(digits);
  const local = /^(localhost|127\.[\d.]+)$/.test(host);
  return {
    host,
    port,
    tls: encryption === "auto" ? port === usual.tls : encryption === "tls",
    mayBePlain: local && encryption === "auto",
  };
}
