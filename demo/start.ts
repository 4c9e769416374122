/** The whole demo: simulated messengers, the hub on an empty folder, people, four weeks of history, and today. */
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Widget } from "../widget/schema.ts";
import { leaveReviews, publishCard } from "./card/index.ts";
import { writeVisits } from "./card/visits.ts";
import { playStories } from "./history/play.ts";
import { teachThreads } from "./history/letters.ts";
import { Shelf } from "./history/shelf.ts";
import { inStore } from "./history/store.ts";
import { writeHistory } from "./history/write.ts";
import { furnish, liveOn, makeTeams } from "./live.ts";
import { connectAll, raiseMessengers, webhookUrl, type Messengers } from "./messengers.ts";
import { inviteColleagues, makeOwner, password, roster, type People } from "./people.ts";
import { beThere } from "./presence.ts";
import { freePort, startHub } from "./program.ts";
import { openShop, type Shop } from "./shop/index.ts";
import { widgetOfShop } from "./shop/widget.ts";
import { openCustomers } from "./simulators/customers.ts";
import { tellStories } from "./stories/index.ts";
import type { Desk } from "./story.ts";

export interface DemoOptions {
  /** An empty folder to keep the data in; a temporary one is made and removed otherwise. */
  dataDir?: string;
  /** Taken where it is free; any other port otherwise. */
  port?: number;
  /** The same for the page of the customers. */
  customersPort?: number;
  /** The same for the studio's own site. */
  shopPort?: number;
  /** Called with what is being done. */
  tell?: (what: string) => void;
}

export interface Demo {
  url: string;
  /** The page on which the customers are played. */
  customersUrl: string;
  /** The studio's own site, with the widget on it. */
  shopUrl: string;
  widgetId: string;
  /** The studio's online card. */
  card: { id: string; url: string };
  messengers: Messengers;
  people: People;
  signIn: { owner: SignIn; colleague: SignIn };
  channelIds: Record<Desk, string>;
  stop(): Promise<void>;
}
export interface SignIn {
  email: string;
  password: string;
}

/** Resolves when everything is there. Nothing outside this machine is asked for anything. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { tell = () => undefined } = options;
  const folder = await openFolder(options.dataDir);
  const messengers = await raiseMessengers();
  const undo = [() => folder.close(), () => messengers.close()];
  try {
    const customers = await openCustomers(messengers.stages, { port: await freePort(options.customersPort) });
    undo.push(() => customers.close());
    tell("Starting the hub, and playing four weeks of a ceramics studio");
    // Both take their seconds, and neither needs the other.
    const playing = playStories(messengers.phones, tellStories(), new Date());
    playing.catch(() => undefined);
    const hub = await startHub({
      dataDir: folder.path,
      port: await freePort(options.port),
      apiRoots: messengers.apiRoots,
      webhookUrl,
    });
    undo.push(() => hub.stop());
    messengers.lead(hub.url);
    const played = await playing;
    await messengers.hush();
    const people = await inviteColleagues(await makeOwner(hub.url, hub.setupToken));
    const channelIds = await connectAll(people, messengers);
    const shop = await openSite(hub.url, people, options.shopPort);
    undo.push(() => shop.close());
    const card = await publishCard(people.nina);
    const scene = { people, channelIds, shelf: new Shelf(people.nina) };
    await inStore(folder.path, async (database) => {
      await teachThreads(database, channelIds.mail, messengers.mail, messengers.lastLetters);
      await writeHistory(database, scene, played);
      await writeVisits(database, people, card);
    });
    tell("Letting today begin");
    await furnish(people);
    await makeTeams(people);
    await knowGuest(people);
    const { watched } = await liveOn(messengers, people, { card, shopChannelId: channelIds.shop });
    await leaveReviews(people, card);
    undo.push(await beThere(people, watched));
    return {
      url: hub.url,
      customersUrl: customers.url,
      shopUrl: shop.url,
      widgetId: shop.widgetId,
      card,
      messengers,
      people,
      signIn: { owner: signInOf("nina"), colleague: signInOf("daria") },
      channelIds,
      stop: () => takeDown(undo),
    };
  } catch (error) {
    await takeDown(undo);
    throw error;
  }
}

function signInOf(who: keyof typeof roster): SignIn {
  return { email: roster[who].email, password };
}

/** Last raised, first taken down. */
async function takeDown(undo: (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

async function openFolder(dataDir: string | undefined): Promise<{ path: string; close(): Promise<void> }> {
  if (dataDir === undefined) {
    const path = await mkdtemp(join(tmpdir(), "switchboard-demo-"));
    const options = { recursive: true, force: true, maxRetries: 5 };
    process.once("exit", () => rmSync(path, options)); // also when it was left in the middle of its beginning
    return { path, close: () => rm(path, options) };
  }
  await mkdir(dataDir, { recursive: true });
  if ((await readdir(dataDir)).length > 0)
    throw new Error(`${dataDir} is not empty. Name an empty folder for the demo, or none at all.`);
  return { path: dataDir, close: () => Promise.resolve() };
}

/** The site begins before its widget: a widget is made for a site that has an address. */
async function openSite(
  hub: string,
  { nina }: People,
  port: number | undefined,
): Promise<Shop & { widgetId: string }> {
  let key = "";
  const shop = await openShop(await freePort(port), () => ({ hub, key }));
  const widget = await nina.post<Pick<Widget, "id" | "key" | "draft">>("/widgets", {
    name: "Clay & Co",
    domain: new URL(shop.url).host,
  });
  await nina.put(`/widgets/${widget.id}/draft`, widgetOfShop(widget.draft));
  await nina.post(`/widgets/${widget.id}/publish`);
  key = widget.key;
  return { ...shop, widgetId: widget.id };
}

/** A guest of the fair gives the number of a customer whom the studio knows: probably one person. */
async function knowGuest({ nina }: People): Promise<void> {
  const query = encodeURIComponent("Гость");
  const { items } = await nina.get<{ items: { id: string }[] }>(`/contacts?q=${query}`);
  const [guest] = items;
  if (guest) await nina.patch(`/contacts/${guest.id}`, { phone: "8 900 555-01-34" });
}
