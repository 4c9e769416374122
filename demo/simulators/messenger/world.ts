/** What the simulated Messenger Platform knows: pages, people, and what was said between them. */
import type { GraphApp } from "../graph.ts";

export type Platform = "page" | "instagram";

export interface SimInstagram {
  id: string;
  username: string;
  name: string;
}

export interface SimPage {
  id: string;
  name: string;
  username: string;
  app: GraphApp;
  /** An address of its picture on this server. */
  pictureId: string | undefined;
  instagram: SimInstagram | undefined;
  /** Webhook fields that its app is subscribed to; undefined while it is not. */
  subscribed: string[] | undefined;
}

export interface SimPerson {
  id: string;
  name: string;
  username: string;
  pictureId: string | undefined;
}

export interface SimMessage {
  mid: string;
  from: "page" | "customer";
  at: number;
  text?: string;
  /** As it was sent: type and payload. */
  attachment?: { type: string; payload: Record<string, unknown> };
  quickReplies?: { title: string; payload: string }[];
  replyTo?: string;
  /** Of the page on a customer's message. */
  reaction?: string;
  /** Of the customer. */
  emoji?: string;
  tag?: string;
  /** Its file on the platform's shelf, where there is one. */
  fileId?: string;
  /** The customer's file is a picture of the sticker shop. */
  sticker?: boolean;
  /** The customer pressed a button instead of writing. */
  pressed?: boolean;
  /** It answers a story of the account. */
  story?: boolean;
  edited?: boolean;
  deleted?: boolean;
  /** How far a message of the page has come. */
  state?: "sent" | "delivered" | "read";
}

/** One conversation of a person with a page, on one of the two messengers. */
export interface SimThread {
  page: SimPage;
  object: Platform;
  person: SimPerson;
  messages: SimMessage[];
  typing: number;
  seenByPage: number;
  lastFromCustomer: number;
  /** The customer takes no messages of the page. */
  blocked: boolean;
}

export class World {
  readonly pages = new Map<string, SimPage>();
  readonly people = new Map<string, SimPerson>();
  readonly threads: SimThread[] = [];
  /** Callback addresses by `<app> <object>`. */
  readonly callbacks = new Map<string, { url: string; fields: string[] }>();
  /** How far messages of the page come by themselves. */
  reach: "sent" | "delivered" = "sent";
  /** A clock that tests may turn. */
  now = (): number => Date.now();
  private nextMid = 1;

  mid(object: Platform): string {
    const number = String(this.nextMid++).padStart(6, "0");
    return object === "page" ? `m_simulated-${number}` : `aWdfsimulated${number}`;
  }

  thread(page: SimPage, object: Platform, person: SimPerson): SimThread {
    const found = this.threads.find(
      (one) => one.page === page && one.object === object && one.person === person,
    );
    if (found) return found;
    const thread: SimThread = {
      page,
      object,
      person,
      messages: [],
      typing: 0,
      seenByPage: 0,
      lastFromCustomer: 0,
      blocked: false,
    };
    this.threads.push(thread);
    return thread;
  }

  /** People have another id for every page, and another again on Instagram. */
  scopedId({ page, object, person }: Pick<SimThread, "page" | "object" | "person">): string {
    return `${object === "page" ? "6" : "12"}${page.id.slice(-5)}${person.id}`;
  }

  findThread(page: SimPage, scopedId: string): SimThread | undefined {
    return this.threads.find((one) => one.page === page && this.scopedId(one) === scopedId);
  }

  accountId({ page, object }: Pick<SimThread, "page" | "object">): string {
    return object === "page" ? page.id : (page.instagram?.id ?? "");
  }
}
