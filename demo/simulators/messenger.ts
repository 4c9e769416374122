/**
 * Messenger and Instagram on Meta's Graph API, for tests and for the demo: pages with their linked accounts, customers
 * played by code. https://developers.facebook.com/docs/messenger-platform
 */
import { GraphSimulator, type GraphApp, type GraphOptions, type GraphToken } from "./graph.ts";
import { MessengerCustomer } from "./messenger/customer.ts";
import { Deliveries } from "./messenger/deliver.ts";
import { pageMethods } from "./messenger/methods.ts";
import { sendMethods } from "./messenger/sending.ts";
import { World, type Platform, type SimInstagram, type SimPage, type SimPerson } from "./messenger/world.ts";

export type { MessengerCustomer } from "./messenger/customer.ts";
export type { SimPage } from "./messenger/world.ts";

export interface NewPage {
  token: string;
  app: GraphApp;
  id: string;
  name: string;
  username: string;
  picture?: Uint8Array;
  instagram?: SimInstagram;
  scopes?: string[];
  expiresAt?: number;
}

const allScopes = [
  "pages_messaging",
  "pages_manage_metadata",
  "instagram_basic",
  "instagram_manage_messages",
];

export class MessengerSimulator {
  readonly graph: GraphSimulator;
  private readonly world = new World();
  private readonly deliveries: Deliveries;
  private nextPerson = 300_001;

  constructor(options: GraphOptions = {}) {
    this.graph = new GraphSimulator(options);
    this.deliveries = new Deliveries(this.graph, this.world);
    const place = {
      graph: this.graph,
      world: this.world,
      deliveries: this.deliveries,
      pageOf: (token: GraphToken) => this.pageOf(token),
    };
    this.graph.addMethod(pageMethods(place));
    this.graph.addMethod(sendMethods(place));
  }

  addApp(app: GraphApp): GraphApp {
    this.graph.addApp(app);
    this.graph.addToken(`${app.id}|${app.secret}`, app, []);
    return app;
  }

  addPage({ token, app, id, name, username, picture, instagram, scopes, expiresAt }: NewPage): SimPage {
    const file = picture && { bytes: picture, name: "page.png", mime: "image/png" };
    const page: SimPage = {
      id,
      name,
      username,
      app,
      pictureId: file && this.graph.media.add(file, { open: true }).id,
      instagram,
      subscribed: undefined,
    };
    this.world.pages.set(id, page);
    this.graph.addToken(token, app, [...(scopes ?? allScopes), `page:${id}`], expiresAt);
    return page;
  }

  addPerson({ name, username, photo }: { name: string; username?: string; photo?: Uint8Array }): SimPerson {
    const id = String(this.nextPerson++);
    const file = photo && { bytes: photo, name: "person.png", mime: "image/png" };
    const person: SimPerson = {
      id,
      name,
      username: username ?? `person_${id}`,
      pictureId: file && this.graph.media.add(file, { open: true }).id,
    };
    this.world.people.set(id, person);
    return person;
  }

  /** That person's phone, open at the page's conversation. */
  customer(page: SimPage, person: SimPerson, object: Platform = "page"): MessengerCustomer {
    const { graph, world, deliveries } = this;
    return new MessengerCustomer({ graph, world, deliveries }, { page, person, object });
  }

  /** What a person does at Meta when the address cannot be set by a call. */
  async pasteCallback(app: GraphApp, object: Platform, url: string, verifyToken: string): Promise<void> {
    await this.graph.webhooks.shakeHands(url, verifyToken);
    this.world.callbacks.set(`${app.id} ${object}`, { url, fields: [] });
  }

  callbackOf(app: GraphApp, object: Platform): string | undefined {
    return this.world.callbacks.get(`${app.id} ${object}`)?.url;
  }

  /** Turns the platform's clock. */
  setClock(now: () => number): void {
    this.world.now = now;
  }

  listen(options?: { port?: number; host?: string }): Promise<{ url: string; close(): Promise<void> }> {
    return this.graph.listen(options);
  }

  /** A page's token carries the page's id as a scope of its own. */
  private pageOf({ scopes }: GraphToken): SimPage | undefined {
    const id = scopes.find((scope) => scope.startsWith("page:"))?.slice(5);
    return id === undefined ? undefined : this.world.pages.get(id);
  }
}
