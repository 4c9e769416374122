/** E-mail by the operator's own server. Nothing needs it; what it adds is switched on by SMTP_URL and MAIL_FROM. */
import { createTransport } from "nodemailer";
import { AppError } from "./errors.ts";

export interface Letter {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  html?: string;
  replyTo?: string;
  headers?: Record<string, string>;
}

export interface Mail {
  /** Resolves when the server has taken the letter. Throws `mail_unreachable` with the server's reason as its cause. */
  send(letter: Letter): Promise<{ messageId: string }>;
  close(): void;
}

const timeoutMs = 20_000;

export function createMail(smtp: { url: string; from: string } | undefined): Mail | undefined {
  if (!smtp) return undefined;
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Letters are made of text alone: nothing is read from this machine or fetched for them.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, ...letter }) {
      if (/[\r\n,;<>]/.test(to)) throw new AppError("invalid_input");
      try {
        const { messageId } = await transport.sendMail({ from: smtp.from, to, ...letter });
        return { messageId };
      } catch (error) {
        throw new AppError("mail_unreachable", undefined, error);
      }
    },
    close: () => transport.close(),
  };
}
