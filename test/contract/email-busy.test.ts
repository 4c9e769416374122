/** Servers that have no time: what they say is no refusal of the login, and the account goes on. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import email from "../../connectors/email/index.ts";
import { imapError, smtpError } from "../../connectors/email/errors.ts";
import { waitFor } from "../support/hub.ts";
import { recordingHost, type RecordingHost } from "../support/telegram.ts";

let server: Server | undefined;
let host: RecordingHost | undefined;
let running: Promise<void> | undefined;
const sockets = new Set<Socket>();

afterEach(async () => {
  host?.stop();
  await running;
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** An IMAP server that answers every login with the same words. */
async function answering(words: string): Promise<string> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.write("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n");
    socket.on("data", (data) => {
      const [tag, name] = data.toString().split(" ");
      socket.write(/^(?:LOGIN|AUTHENTICATE)/i.test(name ?? "") ? `${tag} NO ${words}\r\n` : `${tag} OK\r\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusedWith(words: string): Promise<RecordingHost["health"][number] | undefined> {
  const imapHost = await answering(words);
  const at = recordingHost();
  const typed = { address: "hello@clay.example", password: "p", imapHost, smtpHost: imapHost };
  host = at;
  running = email.open(email.credentials.parse(typed), at).run();
  await waitFor(() => at.health.length > 1, "an answer to the login");
  return at.health[1];
}

it.each([
  "[UNAVAILABLE] the directory is being restarted",
  "[LIMIT] maximum number of connections exceeded",
  "[ALERT] Too many simultaneous connections. (Failure)",
  "Temporary authentication failure",
])("goes on after %j", async (words) => {
  expect(await refusedWith(words)).toMatchObject({ state: "degraded", problem: { code: "server_busy" } });
});

it.each(["[AUTHENTICATIONFAILED] Invalid credentials, try again later", "LOGIN failed."])(
  "asks for a new login after %j",
  async (words) => {
    expect(await refusedWith(words)).toMatchObject({
      state: "needs_login",
      problem: { code: "login_refused" },
    });
    await running;
  },
);

it("takes an outgoing server's temporary refusal of the login as that", () => {
  expect(
    smtpError({ code: "EAUTH", responseCode: 454, response: "454 4.7.0 Temporary" }, false),
  ).toMatchObject({
    class: "retry",
    code: "server_busy",
  });
  expect(smtpError({ code: "EAUTH", responseCode: 535 }, false)).toMatchObject({ class: "auth" });
  expect(smtpError({ code: "EAUTH" }, false)).toMatchObject({ class: "auth" });
  expect(imapError({ authenticationFailed: true })).toMatchObject({ class: "auth" });
});

const signedIn = {
  address: "shop@google.example",
  provider: "google",
  clientId: "id",
  clientSecret: "secret",
  refreshToken: "refresh",
};

it.each([
  [503, "unknown", "degraded", "server_busy"],
  [429, "rate_limited", "degraded", "server_busy"],
  [400, "temporarily_unavailable", "degraded", "server_busy"],
  [400, "invalid_grant", "needs_login", "sign_in_expired"],
  [401, "invalid_client", "needs_login", "sign_in_refused"],
])("a vendor that answers %i %s leaves the account %s", async (status, error, state, code) => {
  const at = recordingHost({ fetch: () => Promise.resolve(Response.json({ error }, { status })) });
  host = at;
  running = email.open(email.credentials.parse(signedIn), at).run();
  await waitFor(() => at.health.length > 1, "the answer");
  expect(at.health[1]).toMatchObject({ state, problem: { code } });
});
