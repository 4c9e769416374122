/** E-mail by the operator's own server. Nothing needs it; what it adds is switched on by SMTP_URL and MAIL_FROM. */
import { z } from "zod";
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
  /** What is under way has three seconds to come to its end: the server that does not answer is not waited for. */
  close(): void;
}

const timeoutMs = 20_000;
const lastMs = 3000;

export async function createMail(smtp: { url: string; from: string } | undefined): Promise<Mail | undefined> {
  if (!smtp) return undefined;
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Letters are made of text alone: nothing is read from this machine or fetched for them.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const underWay = new Set<(reason: Error) => void>();
  let closed = false;
  const untilClosed = <T>(sending: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      underWay.add(reject);
      void sending.then(resolve, reject).finally(() => underWay.delete(reject));
    });
  return {
    async send({ to, ...letter }) {
      if (/[\r\n,;<>]/.test(to)) throw new AppError("invalid_input");
      try {
        if (closed) throw new Error("the hub is stopping");
        const { messageId } = await untilClosed(transport.sendMail({ from: smtp.from, to, ...letter }));
        return { messageId };
      } catch (error) {
        throw new AppError("mail_unreachable", undefined, error);
      }
    },
    close() {
      setTimeout(() => {
        closed = true;
        for (const giveUp of underWay) giveUp(new Error("the hub is stopping"));
        transport.close();
      }, lastMs).unref();
    },
  };
}

/** True where the server has said that it will never take this letter; what it has against the hub's own sign-in may be mended. */
export function isRefusedForGood(error: unknown): boolean {
  const { responseCode, code } =
    smtpFailure.safeParse(error instanceof Error ? error.cause : undefined).data ?? {};
  return responseCode !== undefined && responseCode >= 500 && code !== "EAUTH";
}

const smtpFailure = z.object({ responseCode: z.number(), code: z.string().optional() });
