/**
 * Viber's REST Bot API for tests and for the demo: bots call it over HTTP as the real one, it calls their webhooks back,
 * signed; customers are played by code. https://developers.viber.com/docs/api/rest-bot-api/
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "./viber/api.ts";
import { ViberCustomer } from "./viber/customer.ts";
import type { ViberFailure } from "./viber/world.ts";
import { ViberWorld, type ViberBot, type ViberCall } from "./viber/world.ts";

export { ViberCustomer } from "./viber/customer.ts";
export type { ViberBot, ViberLine } from "./viber/world.ts";

export class ViberSimulator {
  private readonly world: ViberWorld;
  private nextPerson = 1;

  /** `fetch` is how webhooks and files of the bots are reached; a test with a certificate of its own brings its own. */
  constructor(options: { fetch?: typeof fetch } = {}) {
    this.world = new ViberWorld(options.fetch ?? fetch);
  }

  /** Every call of the API, oldest first. */
  get calls(): readonly ViberCall[] {
    return this.world.calls;
  }

  callsOf(method: string): ViberCall[] {
    return this.world.calls.filter((call) => call.method === method);
  }

  get bots(): ViberBot[] {
    return [...this.world.bots.values()];
  }

  /** Emits `change` after everything that a phone may show. */
  get events(): ViberWorld["events"] {
    return this.world.events;
  }

  /** The file at an address of this server. */
  fileAt(url: string | undefined): { bytes: Uint8Array; mime: string } | undefined {
    return this.world.fileAt(url);
  }

  /** Puts a file where everybody can fetch it; gives its address. */
  host(bytes: Uint8Array, mime: string, name: string): string {
    return this.world.host(bytes, mime, name);
  }

  /** As of a new message. */
  nextToken(): string {
    return this.world.nextToken();
  }

  addBot(bot: Pick<ViberBot, "token" | "id" | "name" | "uri" | "icon">): ViberBot {
    const added = { ...bot, webhook: "", eventTypes: [], customers: new Map() };
    this.world.bots.set(bot.token, added);
    return added;
  }

  /** A bot whose token no longer counts. */
  removeBot(bot: ViberBot): void {
    this.world.bots.delete(bot.token);
  }

  addCustomer(
    bot: ViberBot,
    name: string,
    more: { avatar?: Uint8Array; language?: string } = {},
  ): ViberCustomer {
    const id = `customer${String(this.nextPerson++).padStart(14, "0")}==`;
    const avatar = more.avatar && this.world.host(more.avatar, "image/png", "avatar.png");
    const customer = new ViberCustomer(this.world, bot, {
      id,
      name,
      language: more.language ?? "en",
      country: "DE",
      avatar,
    });
    bot.customers.set(id, customer);
    this.world.events.emit("change");
    return customer;
  }

  /** The next call of a method fails. */
  failNext(failure: ViberFailure): void {
    this.world.failures.push(failure);
  }

  async listen(port = 0): Promise<{ url: string; close(): Promise<void> }> {
    const server = createServer((request, response) => {
      answer(this.world, request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.world.url = url;
    return {
      url,
      close: () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(() => resolve()));
      },
    };
  }
}
