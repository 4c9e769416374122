import { buffer } from "node:stream/consumers";
import type { ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";
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
    onRcptTo(_address, _session, done) {
      if (world.failures[0]?.kind === "drop_before_data") drop(server, world);
      else done();
    },
    onData(stream, session, done) {
      void buffer(stream).then(async (source) => {
        const failure = world.failures.shift();
        if (failure?.kind === "refuse") return done(refusal(failure.code, failure.message));
        const { mailFrom, rcptTo } = session.envelope;
        const addresses = rcptTo.map(({ address }) => address);
        world.take(await read(source), source, mailFrom ? mailFrom.address : "", addresses);
        if (failure?.kind === "drop_after_data") return drop(server);
        return done();
      }, done);
    },
  });
  return server;
}

/** The connections end without a word. */
function drop(server: SMTPServer, world?: MailWorld): void {
  world?.failures.shift();
  for (const connection of server.connections as Set<{ _socket: { destroy(): void } }>)
    connection._socket.destroy();
}

function refusal(responseCode: number, message: string): Refusal {
  return Object.assign(new Error(message), { responseCode });
}
