/**
 * Messenger and Instagram on Meta's Graph API, for tests and for the demo: pages with their linked accounts, customers
 * played by code. https://developers.facebook.com/docs/messenger-platform
 */
import { GraphSimulator, type GraphApp, type GraphOptions, type GraphToken } from "./graph.ts";
import { MessengerCustomer } from "./messenger/customer.ts";
import { Deliveries } from "./messenger/deliver.ts";
import { pageMethods } from "./messenger/methods.ts";
import { sendMethods } from "./messenger/sending.ts";
import { World } from "./messenger/world.ts";
import type { Platform, SimInstagram, SimPage, SimPerson, SimThread } from "./messenger/world.ts";

export type { MessengerCustomer } from "./messenger/customer.ts";
export type { Platform, SimMessage, SimPage } from "./messenger/world.ts";

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

  /** Where it listens. */
  url = "";

  /** `fetch` is how files are had that come as a link; without it they stay links. */
  constructor({ fetch, ...options }: GraphOptions & { fetch?: typeof globalThis.fetch } = {}) {
    this.graph = new GraphSimulator(options);
    this.deliveries = new Deliveries(this.graph, this.world);
    const place = {
      graph: this.graph,
      world: this.world,
      deliveries: this.deliveries,
      pageOf: (token: GraphToken) => this.pageOf(token),
      fetch,
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
    this.graph.changed();
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

  get pages(): SimPage[] {
    return [...this.world.pages.values()];
  }

  /** Conversations on one of the two messengers. */
  threadsOn(object: Platform): SimThread[] {
    return this.world.threads.filter((thread) => thread.object === object);
  }

  person(id: string): SimPerson | undefined {
    return this.world.people.get(id);
  }

  /** How far messages of pages come by themselves. */
  set reach(reach: World["reach"]) {
    this.world.reach = reach;
  }

  /** Turns the platform's clock. */
  setClock(now: () => number): void {
    this.world.now = now;
  }

  async listen(options?: { port?: number; host?: string }): Promise<{ url: string; close(): Promise<void> }> {
    const server = await this.graph.listen(options);
    this.url = server.url;
    return server;
  }

  /** A page's token carries the page's id as a scope of its own. */
  private pageOf({ scopes }: GraphToken): SimPage | undefined {
    const id = scopes.find((scope) => scope.startsWith("page:"))?.slice(5);
    return id === undefined ? undefined : this.world.pages.get(id);
  }
}
