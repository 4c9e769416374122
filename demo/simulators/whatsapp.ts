/**
 * A server of the WhatsApp Cloud API for tests and for the demo: numbers talk to it as to Meta's, customers are played
 * by code. https://developers.facebook.com/docs/whatsapp/cloud-api
 */
import { GraphSimulator, type GraphApp, type GraphOptions } from "./graph.ts";
import { badParameter } from "./graph/refusal.ts";
import { WhatsappCustomer, type NewCustomer } from "./whatsapp/customer.ts";
import { answerWhatsapp } from "./whatsapp/methods.ts";
import type { Outgoing } from "./whatsapp/sending.ts";
import {
  newMessageId,
  type Reach,
  type SimMessage,
  type SimNumber,
  type SimTemplate,
} from "./whatsapp/world.ts";

export { WhatsappCustomer } from "./whatsapp/customer.ts";
export type { SimMessage, SimNumber } from "./whatsapp/world.ts";

export interface NewNumber {
  accountId: string;
  id: string;
  display: string;
  name: string;
  token: string;
  app: GraphApp;
}

export class WhatsappSimulator extends GraphSimulator {
  readonly numbers: SimNumber[] = [];
  readonly templates: SimTemplate[] = [];
  /** Where an account's messages go, by its id; undefined when the app is subscribed without an address of its own. */
  readonly overrides = new Map<string, string | undefined>();
  /** How far statuses go by themselves. */
  reach: Reach = "delivered";
  private readonly customers: WhatsappCustomer[] = [];

  constructor(options: GraphOptions = {}) {
    super(options);
    this.addMethod((request) => answerWhatsapp(this, request));
  }

  addNumber({ token, ...facts }: NewNumber): SimNumber {
    const number: SimNumber = { ...facts, quality: "GREEN" };
    this.addApp(number.app);
    this.addToken(token, number.app, ["whatsapp_business_messaging", "whatsapp_business_management"]);
    this.numbers.push(number);
    return number;
  }

  addCustomer(customer: NewCustomer): WhatsappCustomer {
    const made = new WhatsappCustomer(this, customer);
    this.customers.push(made);
    this.changed();
    return made;
  }

  get people(): readonly WhatsappCustomer[] {
    return this.customers;
  }

  subscribedApps(accountId: string): object[] {
    if (!this.overrides.has(accountId)) return [];
    const url = this.overrides.get(accountId);
    const app = this.numbers.find((one) => one.accountId === accountId)?.app;
    return [
      {
        whatsapp_business_api_data: { id: app?.id, name: app?.name },
        ...(url !== undefined && { override_callback_uri: url }),
      },
    ];
  }

  /** Takes a message of the business; gives its id. A closed window and a block are told by a status, as Meta does. */
  accept(
    numberId: string,
    { to, recipient, type, biz_opaque_callback_data: key, ...body }: Outgoing,
  ): string {
    const number = this.number(numberId);
    const customer = this.customers.find(
      ({ phone, userId }) => phone === to || (recipient !== undefined && userId === recipient),
    );
    if (!customer) throw badParameter("Invalid parameter", "nobody has this number");
    const chat = customer.chat(number);
    const id = newMessageId();
    if (body.reaction) {
      const target = chat.messages.find((one) => one.id === body.reaction?.message_id);
      if (target) target.reaction = body.reaction.emoji;
      return id;
    }
    const message: SimMessage = {
      id,
      by: "business",
      type,
      body,
      at: new Date(),
      state: "accepted",
      reaction: "",
      edited: false,
      deleted: false,
      key,
    };
    chat.messages.push(message);
    chat.typingAt = undefined;
    if (chat.blocked) this.setState(customer, number, message, "failed", 131026);
    else if (chat.closed && type !== "template") this.setState(customer, number, message, "failed", 131047);
    else {
      if (this.reach !== "accepted") this.setState(customer, number, message, "sent");
      if (this.reach === "delivered") this.setState(customer, number, message, "delivered");
    }
    return id;
  }

  /** The business has read a message, and perhaps is typing. */
  markRead(numberId: string, messageId: string, typing: boolean): void {
    for (const customer of this.customers) {
      const chat = customer.chat(this.number(numberId));
      const message = chat.messages.find(({ id, by }) => id === messageId && by === "customer");
      if (!message) continue;
      message.state = "read";
      chat.typingAt = typing ? new Date() : undefined;
      return;
    }
    throw badParameter("Invalid parameter", `message ${messageId} is not known`);
  }

  setState(
    customer: WhatsappCustomer,
    number: SimNumber,
    message: SimMessage,
    state: "sent" | "delivered" | "read" | "failed",
    code?: number,
  ): void {
    message.state = state;
    const status = {
      id: message.id,
      status: state,
      timestamp: String(Math.floor(Date.now() / 1000)),
      ...(!customer.username && { recipient_id: customer.phone }),
      ...(customer.userId && { recipient_user_id: customer.userId }),
      ...(message.key !== undefined && { biz_opaque_callback_data: message.key }),
      ...(code !== undefined && { errors: [{ code, title: "failed", message: "failed" }] }),
    };
    this.notify(number, { contacts: [customer.contact], statuses: [status] });
  }

  /** Delivers to where the account's messages go; without an address nobody hears it. */
  notify({ accountId, id, display, app }: SimNumber, what: object, field = "messages"): void {
    const url = this.overrides.get(accountId);
    if (url !== undefined) {
      const metadata = { display_phone_number: display.replace(/\D/g, ""), phone_number_id: id };
      const value = { messaging_product: "whatsapp", metadata, ...what };
      const payload = {
        object: "whatsapp_business_account",
        entry: [{ id: accountId, changes: [{ value, field }] }],
      };
      this.webhooks.push(url, payload, app.secret);
    }
    this.changed();
  }

  private number(id: string): SimNumber {
    const number = this.numbers.find((one) => one.id === id);
    if (!number) throw new Error("no such number");
    return number;
  }
}
