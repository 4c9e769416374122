/**
 * The sign-in of Google and Microsoft, as far as a program with an id and a secret sees it: a page on which the owner of
 * a mailbox agrees, and the endpoint that gives tokens. https://www.rfc-editor.org/rfc/rfc6749#section-4.1
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { MailWorld } from "./mailbox.ts";

export const client = { id: "client-id", secret: "client-secret" };

interface Grant {
  address: string;
  redirectUri: string;
}

/** What has been agreed to and not been fetched yet, and the refresh tokens that still count. */
export class SignIns {
  readonly codes = new Map<string, Grant>();
  readonly refreshTokens = new Map<string, string>();
  /** Of access tokens. */
  lifeSeconds = 3600;
  private readonly world: MailWorld;

  constructor(world: MailWorld) {
    this.world = world;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://sign-in");
    const [, vendor = "", what = ""] = url.pathname.split("/");
    if (!["google", "microsoft"].includes(vendor)) return void response.writeHead(404).end();
    if (what === "authorize") return this.authorize(url.searchParams, request.method, response);
    if (what === "token" && request.method === "POST")
      return this.token(new URLSearchParams(await text(request)), response);
    return void response.writeHead(404).end();
  }

  /** The page, and what its two buttons lead to. */
  private authorize(asked: URLSearchParams, method: string | undefined, response: ServerResponse): void {
    const address = asked.get("login_hint") ?? "";
    const redirectUri = asked.get("redirect_uri") ?? "";
    const known = asked.get("client_id") === client.id && this.world.mailboxes.has(address);
    if (!known || !URL.canParse(redirectUri) || asked.get("response_type") !== "code")
      return void response.writeHead(400, { "content-type": "text/plain" }).end("This request is not valid.");
    if (method !== "POST")
      return void response
        .writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end(page(address, asked));
    const back = new URL(redirectUri);
    back.searchParams.set("state", asked.get("state") ?? "");
    if (asked.has("deny")) back.searchParams.set("error", "access_denied");
    else back.searchParams.set("code", this.agree({ address, redirectUri }));
    response.writeHead(303, { location: back.href }).end();
  }

  private agree(grant: Grant): string {
    const code = randomUUID();
    this.codes.set(code, grant);
    return code;
  }

  private token(form: URLSearchParams, response: ServerResponse): void {
    const json = (status: number, body: object): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const kind = form.get("grant_type") ?? "";
    this.world.grants.push(kind);
    if (form.get("client_id") !== client.id || form.get("client_secret") !== client.secret)
      return json(401, { error: "invalid_client" });
    const address = kind === "refresh_token" ? this.refreshed(form) : this.redeemed(form);
    if (address === undefined) return json(400, { error: "invalid_grant" });
    const token = randomUUID();
    this.world.tokens.set(token, address);
    const lasting = kind === "refresh_token" ? {} : { refresh_token: this.remember(address) };
    return json(200, { access_token: token, token_type: "Bearer", expires_in: this.lifeSeconds, ...lasting });
  }

  private refreshed(form: URLSearchParams): string | undefined {
    return this.refreshTokens.get(form.get("refresh_token") ?? "");
  }

  /** A code counts once, and only for the address that it was led to. */
  private redeemed(form: URLSearchParams): string | undefined {
    const code = form.get("code") ?? "";
    const grant = this.codes.get(code);
    this.codes.delete(code);
    return grant?.redirectUri === form.get("redirect_uri") ? grant?.address : undefined;
  }

  private remember(address: string): string {
    const token = `refresh-${randomUUID()}`;
    this.refreshTokens.set(token, address);
    return token;
  }
}

function page(address: string, asked: URLSearchParams): string {
  const link = (more = ""): string => escape(`?${asked.toString()}${more}`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in</title>
<h1>Let this program read and send your letters?</h1><p>${escape(address)}</p>
<form method="post" action="${link()}"><button>Allow</button></form>
<form method="post" action="${link("&deny=1")}"><button>Deny</button></form></html>`;
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
