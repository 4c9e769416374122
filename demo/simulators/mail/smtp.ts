import { buffer } from "node:stream/consumers";
import type { ParsedMail } from "mailparser";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import type { MailTls, MailWorld } from "./mailbox.ts";

interface Refusal extends Error {
  responseCode: number;
}

/** Takes letters of whoever has a mailbox, and delivers them to those that have one here. */
export function createSmtpServer(
  world: MailWorld,
  read: (source: Buffer) => Promise<ParsedMail>,
  tls: MailTls | undefined,
): SMTPServer {
  const server: SMTPServer = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: tls === undefined,
    ...(tls ? { key: tls.key, cert: tls.cert } : { disabledCommands: ["STARTTLS"] }),
    secure: tls?.begins === "at_once",
    disableReverseLookup: true,
    authMethods: ["PLAIN", "LOGIN", "XOAUTH2"],
    onAuth({ username, password, accessToken }, { secure }, done) {
      const method = accessToken ? "token" : "password";
      world.tried({ server: "smtp", method, encrypted: secure });
      const user = username ?? "";
      const mailbox = accessToken ? world.byToken(user, accessToken) : world.byPassword(user, password ?? "");
      if (mailbox) done(null, { user });
      else done(refusal(535, "5.7.8 authentication failed"));
    },
    onRcptTo(_address, session, done) {
      if (world.failures[0]?.kind !== "drop_before_data") return done();
      world.failures.shift();
      drop(server, session);
    },
    onData(stream, session, done) {
      void buffer(stream).then(async (source) => {
        const letter = await read(source);
        const failure = world.takeFailure(letter);
        const { mailFrom, rcptTo } = session.envelope;
        const addresses = rcptTo.map(({ address }) => address);
        if (failure?.kind !== "refuse")
          world.take(letter, source, mailFrom ? mailFrom.address : "", addresses);
        const came = performance.now();
        world.waiting.add(letter);
        await Promise.race([world.held, isGone(server, session)]);
        world.waiting.delete(letter);
        if (performance.now() - came > 10_000) world.late.push(letter);
        if (failure?.kind === "drop_after_data") drop(server, session);
        if (!connectionOf(server, session)) return void world.unanswered.push(letter);
        return done(failure?.kind === "refuse" ? refusal(failure.code, failure.message) : undefined);
      }, done);
    },
  });
  return server;
}

interface Connection {
  id: string;
  _socket: { destroy(): void; destroyed: boolean; once(event: "close", listener: () => void): unknown };
}

/** Undefined when the other end has gone. */
function connectionOf(server: SMTPServer, { id }: SMTPServerSession): Connection | undefined {
  const all = [...(server.connections as Set<Connection>)];
  return all.find((one) => one.id === id && !one._socket.destroyed);
}

/** Resolves when the other end has gone. */
function isGone(server: SMTPServer, session: SMTPServerSession): Promise<void> {
  const socket = connectionOf(server, session)?._socket;
  return new Promise((resolve) => (socket ? socket.once("close", () => resolve()) : resolve()));
}

/** The connection ends without a word. */
function drop(server: SMTPServer, session: SMTPServerSession): void {
  connectionOf(server, session)?._socket.destroy();
}

function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode });
}
