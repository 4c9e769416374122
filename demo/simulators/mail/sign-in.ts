import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { MailWorld } from "./mailbox.ts";

/** `POST /google/token`, `POST /microsoft/token`: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3. A code is an address. */
export async function answerToken(
  world: MailWorld,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = new URLSearchParams(await text(request));
  const kind = form.get("grant_type") ?? "";
  const address = (kind === "refresh_token" ? form.get("refresh_token") : form.get("code"))?.replace(
    /^refresh-/,
    "",
  );
  world.grants.push(kind);
  const json = (status: number, body: object): void =>
    void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (form.get("client_secret") !== "client-secret") return json(401, { error: "invalid_client" });
  if (!address || !world.mailboxes.has(address)) return json(400, { error: "invalid_grant" });
  const token = randomUUID();
  world.tokens.set(token, address);
  const lasting = kind === "refresh_token" ? {} : { refresh_token: `refresh-${address}` };
  return json(200, { access_token: token, token_type: "Bearer", expires_in: 3600, ...lasting });
}
