/** Updates of one bot: kept until they are confirmed by a poll or delivered to its webhook. */
import type { Update, WebhookInfo } from "grammy/types";
import { badRequest, Refusal } from "./refusal.ts";

type UpdateKind = Exclude<keyof Update, "update_id">;

interface Waiter {
  finish: () => void;
  conflict: () => void;
}

export interface Webhook {
  url: string;
  secret?: string | undefined;
}

/** Kinds that a bot does not get unless it asks for them: https://core.telegram.org/bots/api#getupdates */
const optIn = new Set<string>(["chat_member", "message_reaction", "message_reaction_count"]);

export class UpdateQueue {
  /** Waits between two tries to reach a webhook. */
  retryMs = 200;
  webhook: Webhook | undefined;
  private pending: Update[] = [];
  private nextId: number;
  private allowed: string[] = [];
  private waiter: Waiter | undefined;
  private delivering = false;
  private lastError: { at: Date; message: string } | undefined;

  constructor(firstId: number) {
    this.nextId = firstId;
  }

  /** How many updates are neither confirmed nor delivered. */
  get size(): number {
    return this.pending.length;
  }

  /** Queues an update of a kind the bot asked for; others are lost, as they are on Telegram. */
  push(kind: UpdateKind, payload: object): void {
    if (this.wants(kind)) this.inject({ [kind]: payload });
  }

  /** Queues whatever it is given under the next id, or under its own. */
  inject(update: object): void {
    const withId = { update_id: this.nextId, ...update };
    this.nextId = Math.max(this.nextId, withId.update_id) + 1;
    this.pending.push(withId);
    this.waiter?.finish();
    void this.deliver();
  }

  /** One long poll. A second one ends the first with 409, as Telegram does to two programs with one token. */
  async poll(offset: number, limit: number, seconds: number, closed: AbortSignal): Promise<Update[]> {
    if (this.webhook)
      throw new Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    this.confirm(offset);
    this.waiter?.conflict();
    if (this.pending.length === 0 && seconds > 0) await this.wait(seconds * 1000, closed);
    return this.pending.slice(0, limit);
  }

  allow(kinds: string[] | undefined): void {
    if (kinds) this.allowed = kinds;
  }

  setWebhook(webhook: Webhook): void {
    if (!reachable(webhook.url)) throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    this.webhook = webhook;
    this.lastError = undefined;
    this.waiter?.conflict();
    void this.deliver();
  }

  deleteWebhook(): void {
    this.webhook = undefined;
  }

  dropPending(): void {
    this.pending = [];
  }

  info(): WebhookInfo {
    return {
      url: this.webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: this.pending.length,
      ...(this.allowed.length > 0 && { allowed_updates: this.allowed.filter(isKind) }),
      ...(this.lastError && {
        last_error_date: Math.floor(this.lastError.at.getTime() / 1000),
        last_error_message: this.lastError.message,
      }),
    };
  }

  close(): void {
    this.webhook = undefined;
    this.waiter?.finish();
  }

  private wants(kind: string): boolean {
    return this.allowed.length > 0 ? this.allowed.includes(kind) : !optIn.has(kind);
  }

  private confirm(offset: number): void {
    this.pending =
      offset < 0 ? this.pending.slice(offset) : this.pending.filter((u) => u.update_id >= offset);
  }

  private wait(ms: number, closed: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        clearTimeout(timer);
        closed.removeEventListener("abort", waiter.finish);
        if (this.waiter === waiter) this.waiter = undefined;
        settle();
      };
      const conflict = new Refusal(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      );
      const waiter: Waiter = { finish: end(resolve), conflict: end(() => reject(conflict)) };
      const timer = setTimeout(waiter.finish, ms);
      closed.addEventListener("abort", waiter.finish);
      this.waiter = waiter;
    });
  }

  /** One at a time and in order; an update that is not taken with 2xx is offered again. */
  private async deliver(): Promise<void> {
    if (this.delivering) return;
    this.delivering = true;
    for (let update = this.pending[0]; this.webhook && update; update = this.pending[0]) {
      if (await this.offer(this.webhook, update)) this.pending = this.pending.filter((one) => one !== update);
      else await new Promise((resolve) => setTimeout(resolve, this.retryMs));
    }
    this.delivering = false;
  }

  private async offer(webhook: Webhook, update: Update): Promise<boolean> {
    try {
      const response = await fetch(webhook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(webhook.secret && { "x-telegram-bot-api-secret-token": webhook.secret }),
        },
        body: JSON.stringify(update),
        signal: AbortSignal.timeout(10_000),
      });
      await response.arrayBuffer();
      if (response.ok) return true;
      this.fail(`Wrong response from the webhook: ${response.status} ${response.statusText}`);
    } catch (error) {
      this.fail(error instanceof Error ? error.message : "Connection failed");
    }
    return false;
  }

  private fail(message: string): void {
    this.lastError = { at: new Date(), message };
  }
}

/** The real Telegram insists on https; a simulator also delivers to this machine. */
function reachable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

function isKind(kind: string): kind is UpdateKind {
  return kind !== "update_id";
}
