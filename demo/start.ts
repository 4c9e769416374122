/** The whole demo: a simulated Telegram, the hub on an empty folder, people, four weeks of history, and today. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Widget } from "../widget/schema.ts";
import { BotDoor } from "./history/bot-door.ts";
import { playStories, type Stage } from "./history/play.ts";
import { Shelf } from "./history/shelf.ts";
import { inStore } from "./history/store.ts";
import { writeHistory } from "./history/write.ts";
import { furnish, liveOn, makeTeams } from "./live.ts";
import { inviteColleagues, makeOwner, password, roster, type People } from "./people.ts";
import { pictureOf } from "./pictures.ts";
import { beThere } from "./presence.ts";
import { freePort, startHub } from "./program.ts";
import { openShop, type Shop } from "./shop/index.ts";
import { widgetOfShop } from "./shop/widget.ts";
import { TelegramSimulator } from "./simulators/telegram.ts";
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
  simulator: TelegramSimulator;
  people: People;
  signIn: { owner: SignIn; colleague: SignIn };
  channelIds: Record<Desk, string>;
  stop(): Promise<void>;
}
export interface SignIn {
  email: string;
  password: string;
}

/** Of no bot anywhere: the simulator alone knows them. */
const tokens: Record<Desk, string> = {
  shop: "5550100001:AAdemo-shop-of-clay-and-co-00000001",
  classes: "5550100002:AAdemo-classes-of-clay-and-co-0001",
};

/** Resolves when everything is there. Nothing outside this machine is asked for anything. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { tell = () => undefined } = options;
  const folder = await openFolder(options.dataDir);
  const stage = await raiseStage(options.customersPort);
  const undo = [() => folder.close(), () => stage.close()];
  try {
    tell("Starting the hub");
    const hub = await startHub({
      dataDir: folder.path,
      port: await freePort(options.port),
      telegramApiRoot: stage.url,
    });
    undo.push(() => hub.stop());
    tell("Playing four weeks of a ceramics studio");
    const played = await playStories(stage, tellStories(), new Date());
    const people = await inviteColleagues(await makeOwner(hub.url, hub.setupToken));
    const channelIds = { shop: await connect(people, "shop"), classes: await connect(people, "classes") };
    const shop = await openSite(hub.url, people, options.shopPort);
    undo.push(() => shop.close());
    const scene = { people, channelIds, shelf: new Shelf(people.nina) };
    await inStore(folder.path, (database) => writeHistory(database, scene, played));
    tell("Letting today begin");
    await furnish(people);
    await makeTeams(people);
    await knowGuest(people);
    const { watched } = await liveOn(stage, people, played);
    undo.push(await beThere(people, watched));
    return {
      url: hub.url,
      customersUrl: stage.url,
      shopUrl: shop.url,
      widgetId: shop.widgetId,
      simulator: stage.simulator,
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
    return { path, close: () => rm(path, { recursive: true, force: true }) };
  }
  await mkdir(dataDir, { recursive: true });
  if ((await readdir(dataDir)).length > 0)
    throw new Error(`${dataDir} is not empty. Name an empty folder for the demo, or none at all.`);
  return { path: dataDir, close: () => Promise.resolve() };
}

/** The messenger with the studio's two bots. */
async function raiseStage(
  port: number | undefined,
): Promise<Stage & { url: string; close(): Promise<void> }> {
  const simulator = new TelegramSimulator();
  const server = await simulator.listen({ port: await freePort(port) });
  const { url } = server;
  const shop = await simulator.addBot({
    token: tokens.shop,
    username: "clay_and_co_bot",
    name: "Clay & Co",
    avatar: await pictureOf("sign-shop"),
  });
  const classes = await simulator.addBot({
    token: tokens.classes,
    username: "glina_i_ko_bot",
    name: "Глина и Ко: занятия",
    avatar: await pictureOf("sign-classes"),
  });
  const doors = { shop: new BotDoor(url, tokens.shop), classes: new BotDoor(url, tokens.classes) };
  return { simulator, bots: { shop, classes }, doors, url, close: () => server.close() };
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

async function connect({ nina }: People, desk: Desk): Promise<string> {
  const { id } = await nina.post<{ id: string }>("/channels", {
    kind: "telegram",
    credentials: { token: tokens[desk] },
  });
  return id;
}
