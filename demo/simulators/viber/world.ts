import { createHmac, randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { ViberCustomer } from "./customer.ts";

export interface ViberBot {
  token: string;
  id: string;
  name: string;
  uri: string;
  /** Address of its picture. */
  icon?: string | undefined;
  webhook: string;
  eventTypes: string[];
  customers: Map<string, ViberCustomer>;
}

/** What a call may bring, as far as it is looked at. */
export interface ViberParams {
  auth_token?: string;
  receiver?: string;
  sender?: { name?: string };
  type?: string;
  text?: string;
  media?: string;
  size?: number;
  duration?: number;
  file_name?: string;
  location?: { lat: number; lon: number };
  contact?: { name: string; phone_number?: string };
  keyboard?: { Buttons: { Text: string; ActionType: string; ActionBody: string; Columns: number }[] };
  tracking_data?: string;
  url?: string;
  event_types?: string[];
  id?: string;
}

/** A message as the bot sent it. `fetched` is how many bytes Viber got from its link. */
export type ViberMessage = ViberParams & { type: string; token: string; fetched?: number };

/** A message as it stands on the customer's phone, whoever wrote it. */
export interface ViberLine {
  token: string;
  by: "customer" | "business";
  at: Date;
  message: ViberParams & { type?: string };
  /** Where the phone has the file. */
  copy?: string | undefined;
  state: "sent" | "delivered" | "read";
}

export interface ViberCall {
  method: string;
  params: ViberParams;
  status: number;
}

export type ViberFailure =
  | { method: string; kind: "status"; status: number; message?: string }
  | { method: string; kind: "http"; code: number }
  /** The call is done, and its answer never comes. */
  | { method: string; kind: "timeout_after_accept" };

/** What the bots, the customers and the API share. */
export class ViberWorld {
  url = "";
  readonly bots = new Map<string, ViberBot>();
  readonly calls: ViberCall[] = [];
  readonly failures: ViberFailure[] = [];
  readonly files = new Map<string, { bytes: Uint8Array; mime: string }>();
  readonly fetch: typeof fetch;
  /** Emits `change` after everything that a phone may show. */
  readonly events = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  private token = 4_912_661_846_655_238_145n;

  constructor(fetcher: typeof fetch) {
    this.fetch = fetcher;
  }

  /** Tokens have more digits than a double holds. */
  nextToken(): string {
    this.token += 44n;
    return String(this.token);
  }

  takeFailure(method: string): ViberFailure | undefined {
    const index = this.failures.findIndex((failure) => failure.method === method);
    return index < 0 ? undefined : this.failures.splice(index, 1)[0];
  }

  /** An address under which a file can be fetched, as those of Viber's media servers. */
  host(bytes: Uint8Array, mime: string, name: string): string {
    const path = `/media/${randomUUID()}/${encodeURIComponent(name)}`;
    this.files.set(path, { bytes, mime });
    return `${this.url}${path}`;
  }

  /** The file at an address that `host` gave. */
  fileAt(url: string | undefined): { bytes: Uint8Array; mime: string } | undefined {
    return url?.startsWith(this.url) ? this.files.get(url.slice(this.url.length)) : undefined;
  }

  /** Posts a callback, signed with the bot's token; gives what was answered. */
  async deliver(bot: ViberBot, event: string, fields: object, token = this.nextToken()): Promise<Response> {
    const body = callbackOf(event, fields, token);
    return this.post(bot, body);
  }

  post(bot: ViberBot, body: string, signature = sign(bot, body)): Promise<Response> {
    if (!bot.webhook) throw new Error(`${bot.name} has no webhook`);
    return this.fetch(bot.webhook, {
      method: "POST",
      headers: { "content-type": "application/json", "x-viber-content-signature": signature },
      body,
    });
  }
}

function sign(bot: ViberBot, body: string): string {
  return createHmac("sha256", bot.token).update(body).digest("hex");
}

/** The token is a number of nineteen digits, which JSON.stringify cannot write. */
export function callbackOf(event: string, fields: object, token: string): string {
  const rest = JSON.stringify(fields).slice(1);
  return `{"event":${JSON.stringify(event)},"timestamp":${Date.now()},"message_token":${token}${rest === "}" ? "" : ","}${rest}`;
}
