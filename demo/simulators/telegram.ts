/**
 * A Telegram Bot API server for tests and for the demo: bots talk to it over HTTP as to the real one, customers are
 * played by code. https://core.telegram.org/bots/api
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { User } from "grammy/types";
import { TelegramBusiness } from "./telegram/business.ts";
import type { SimBot, SimChat } from "./telegram/chat.ts";
import { TelegramCustomer } from "./telegram/customer.ts";
import type { FailureOrder } from "./telegram/failures.ts";
import { answer } from "./telegram/http.ts";
import type { SimFile } from "./telegram/files.ts";
import { UpdateQueue } from "./telegram/updates.ts";
import { World } from "./telegram/world.ts";
import type { ApiCall, Change } from "./telegram/world.ts";

export type { SimBot, SimChat, SimMessage } from "./telegram/chat.ts";
export type { FailureOrder } from "./telegram/failures.ts";
export type { ApiCall } from "./telegram/world.ts";
export type { TelegramBusiness } from "./telegram/business.ts";
export { TelegramCustomer } from "./telegram/customer.ts";

export interface NewBot {
  token: string;
  username: string;
  name: string;
  avatar?: Uint8Array | undefined;
  canJoinGroups?: boolean;
}

export interface NewCustomer {
  name: string;
  username?: string | undefined;
  languageCode?: string | undefined;
  photo?: Uint8Array | undefined;
  id?: number;
}

export class TelegramSimulator {
  private readonly world = new World();
  private readonly people = new Map<number, TelegramCustomer>();
  private nextPerson = 700_000_001;

  /** Emits `change` with the chat that changed and `call` for every request of a bot. */
  get events(): World["events"] {
    return this.world.events;
  }

  /** Every call of the Bot API, oldest first. */
  get calls(): readonly ApiCall[] {
    return this.world.calls;
  }

  get bots(): SimBot[] {
    return [...this.world.bots.values()];
  }

  get customers(): TelegramCustomer[] {
    return [...this.people.values()];
  }

  /** Calls of one method. */
  callsOf(method: string): ApiCall[] {
    return this.world.calls.filter((call) => call.method === method);
  }

  async addBot({ token, username, name, avatar, canJoinGroups = false }: NewBot): Promise<SimBot> {
    const user = {
      id: Number.parseInt(token, 10),
      is_bot: true as const,
      first_name: name,
      username,
      can_join_groups: canJoinGroups,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
      has_topics_enabled: false,
      allows_users_to_create_topics: false,
      can_manage_bots: false,
      supports_join_request_queries: false,
    };
    const photos = avatar && (await this.world.files.addPhoto({ bytes: avatar }));
    const queue = new UpdateQueue(100_000_001);
    const bot: SimBot = { token, user, avatar: photos, commands: [], queue };
    this.world.bots.set(token, bot);
    return bot;
  }

  /** A bot whose token no longer counts, as after /revoke. */
  revokeBot(bot: SimBot): void {
    bot.queue.close();
    this.world.bots.delete(bot.token);
  }

  async addCustomer({
    name,
    username,
    languageCode = "en",
    photo,
    id,
  }: NewCustomer): Promise<TelegramCustomer> {
    const [first = name, ...rest] = name.split(" ");
    const user: User = {
      id: id ?? this.nextPerson++,
      is_bot: false,
      first_name: first,
      ...(rest.length > 0 && { last_name: rest.join(" ") }),
      ...(username !== undefined && { username }),
      language_code: languageCode,
    };
    const photos = photo && (await this.world.files.addPhoto({ bytes: photo }));
    this.world.people.set(user.id, { user, photos });
    const customer = new TelegramCustomer(this.world, user);
    this.people.set(user.id, customer);
    this.world.events.emit("people");
    return customer;
  }

  /** The bytes of a file by its id. */
  file(id: string): SimFile | undefined {
    return this.world.files.get(id);
  }

  customer(id: number): TelegramCustomer | undefined {
    return this.people.get(id);
  }

  /** The id of a customer's newest picture. */
  photoOf(customer: TelegramCustomer): string | undefined {
    return this.world.people.get(customer.id)?.photos?.at(-1)?.file_id;
  }

  /** An owner connects the bot to their business account. */
  connectBusiness(bot: SimBot, owner: TelegramCustomer): TelegramBusiness {
    const id = `bc_${bot.user.id}_${this.world.businesses.size + 1}`;
    const business = new TelegramBusiness(this.world, bot, owner.user, id);
    this.world.businesses.set(id, business);
    business.announce();
    return business;
  }

  chat(bot: SimBot, customer: TelegramCustomer): SimChat {
    return this.world.chat(bot, customer.user);
  }

  /** Hands the bot an update as it is; it gets the next update_id unless it has one. */
  inject(bot: SimBot, update: object): void {
    bot.queue.inject(update);
  }

  failNext(order: FailureOrder): void {
    this.world.failures.add(order);
  }

  /** Lets calls of a method wait until the returned function is called. */
  hold(method: string): () => void {
    const { held } = this.world;
    let release = (): void => undefined;
    held.set(method, new Promise<void>((resolve) => (release = resolve)));
    return () => {
      held.delete(method);
      release();
    };
  }

  clearFailures(): void {
    this.world.failures.clear();
  }

  /** Makes the download of one file begin late. */
  setSlow(fileId: string, ms: number): void {
    const file = this.world.files.get(fileId);
    if (!file) throw new Error("no such file");
    file.delayMs = ms;
  }

  /** Waits until `look` finds something in what has happened; looks again after every change and call. */
  waitFor<T>(look: () => T | undefined | false, timeoutMs = 60_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const events = this.world.events;
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        events.off("change", check);
        events.off("call", check);
        settle();
      };
      const check = (_cause?: Change | ApiCall): void => {
        const found = look();
        if (found !== undefined && found !== false) finish(() => resolve(found));
      };
      const late = (): void => finish(() => reject(new Error(`not seen within ${timeoutMs} ms`)));
      const timer = setTimeout(late, timeoutMs);
      events.on("change", check);
      events.on("call", check);
      check();
    });
  }

  /** Opens the server on 127.0.0.1; any free port unless one is named. */
  async listen({ port = 0, host = "127.0.0.1" } = {}): Promise<{ url: string; close(): Promise<void> }> {
    const server = createServer((request, response) => void answer(this.world, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    const close = async (): Promise<void> => {
      for (const bot of this.bots) bot.queue.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://${host}:${portOf(server.address())}`, close };
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
