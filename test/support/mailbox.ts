/** A real SMTP server that keeps what it is given, as the operator's own would be set. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

export interface Mailbox {
  letters: ParsedMail[];
  /** While it is true no letter is taken. */
  away: boolean;
  /** While it is set every letter is kept, and answered with this code of SMTP all the same. */
  answer: number | undefined;
  /** SMTP_URL and MAIL_FROM of a hub. */
  environment: { SMTP_URL: string; MAIL_FROM: string };
  stop(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const letters: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: ({ username, password }, _session, done) =>
      done(username === "hub" && password === "p@ss" ? null : new Error("no"), { user: "hub" }),
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((letter) => {
        if (mailbox.away) return done(new Error("the disk of letters is full"));
        letters.push(letter);
        done(mailbox.answer ? Object.assign(new Error("no"), { responseCode: mailbox.answer }) : null);
      }, done),
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const mailbox: Mailbox = {
    letters,
    away: false,
    answer: undefined,
    environment: {
      SMTP_URL: `smtp://hub:p%40ss@127.0.0.1:${port}`,
      MAIL_FROM: "Глина и Ко <hello@clay.example>",
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return mailbox;
}

/** A mail server that takes a connection and never says a word. */
export async function openMuteMailbox() {
  const knocks: Socket[] = [];
  const server = createServer((socket) => void knocks.push(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    knocks,
    environment: { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "hello@clay.example" },
    stop(): void {
      for (const socket of knocks) socket.destroy();
      server.close();
    },
  };
}
