/** The hubs that the pictures are taken in: the demo, one that waits for its owner, one whose owner has just begun. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { themeIds } from "../../cards/blocks/themes/names.ts";
import { publishCard } from "../../demo/card/index.ts";
import { makeOwner, roster } from "../../demo/people.ts";
import { freePort, startHub } from "../../demo/program.ts";
import { startDemo, type Demo } from "../../demo/start.ts";
import { Visitor } from "../../demo/visitor.ts";
import type { Card } from "../../cards/schema.ts";
import { openMailbox, type Mailbox } from "../../test/support/mailbox.ts";
import { startKit } from "../../test/support/kit.ts";

export interface Places {
  demo: Demo;
  /** A channel of the demo whose bot does not exist any more. */
  brokenChannelId: string;
  invitation: string;
  /** Its link of the first run lives for half an hour, shorter than all pictures take. */
  untouched: () => Promise<{ url: string; setupToken: string }>;
  /** Anybody may register there; its owner has a card in every theme, `/c/look-<theme>`, and one whose draft may change. */
  host: { url: string; owner: Visitor; card: Card; passwordLink: () => Promise<string> };
  fresh: Visitor;
  /** Of the development server, which alone has the kit. */
  kitUrl: string;
  /** Conversation ids by the customer's name. */
  conversations: Map<string, string>;
  close(): Promise<void>;
}

/** Messengers that nobody has connected. */
const typed = [
  { id: "1", service: "telegram", to: "clay_and_co", title: {} },
  { id: "2", service: "whatsapp", to: "+44 20 7946 0142", title: {} },
  { id: "3", service: "viber", to: "+44 20 7946 0142", title: {} },
  { id: "4", service: "messenger", to: "clay.and.co", title: {} },
  { id: "5", service: "instagram", to: "clay.and.co", title: {} },
] as const;

/** With `allWell` no channel is broken. */
export async function openPlaces(tell: (what: string) => void, allWell: boolean): Promise<Places> {
  const demo = await startDemo({ tell });
  const { apiRoots } = demo.messengers;
  const begun = await startEmpty(apiRoots);
  const untouched = renewing(async (former?: EmptyHub) => {
    await former?.stop();
    return startEmpty(apiRoots);
  });
  const mailbox = await openMailbox();
  const host = await startEmpty(apiRoots, { SIGNUP: "open", ...mailbox.environment });
  const owner = await makeOwner(host.url, host.setupToken);
  for (const theme of themeIds)
    await publishCard(owner, { theme, slug: `look-${theme}`, messengers: [...typed] });
  const card = await publishCard(owner, { slug: "changing", messengers: [...typed] });
  await owner.post("/card-themes", { name: "Glaze", design: card.draft.design });
  const kit = await startKit(begun.url);
  const { nina } = demo.people;
  return {
    demo,
    brokenChannelId: allWell ? demo.channelIds.shop : await breakChannel(demo),
    invitation: await invite(nina),
    untouched,
    host: { url: host.url, owner, card, passwordLink: renewing(() => passwordLink(host.url, mailbox)) },
    fresh: await makeOwner(begun.url, begun.setupToken),
    kitUrl: kit.url,
    conversations: await idsByName(nina),
    async close() {
      await Promise.all([
        demo.stop(),
        untouched().then((hub) => hub.stop()),
        begun.stop(),
        host.stop(),
        mailbox.stop(),
        kit.close(),
      ]);
    },
  };
}

type EmptyHub = Awaited<ReturnType<typeof startEmpty>>;

async function startEmpty(apiRoots: Record<string, string>, environment: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "switchboard-pictures-"));
  const hub = await startHub({ dataDir, port: await freePort(), apiRoots, environment });
  const stop = async (): Promise<void> => {
    await hub.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...hub, stop };
}

/** Made when it is asked for first, and anew when it has grown old. */
function renewing<T>(make: (former?: T) => Promise<T>): () => Promise<T> {
  let made: { at: number; value: Promise<T> } | undefined;
  return async () => {
    if (!made || Date.now() - made.at > 20 * 60_000)
      made = { at: Date.now(), value: make(await made?.value) };
    return made.value;
  };
}

/** Of the letter that the owner is sent, who has forgotten the password. */
async function passwordLink(url: string, { letters }: Mailbox): Promise<string> {
  const before = letters.length;
  await new Visitor(url).post("/password", { email: roster.nina.email, locale: "en" });
  await until(() => Promise.resolve(letters.length > before), "the letter with the link");
  const link = /\S+new-password#\S+/.exec(letters.at(-1)?.text ?? "");
  if (!link) throw new Error("the letter has no link");
  return link[0];
}

/** A bot that is connected and then loses its token, as after /revoke. */
async function breakChannel({ messengers: { telegram }, people, url }: Demo): Promise<string> {
  const token = "5550100003:AAdemo-fair-of-clay-and-co-0000003";
  const bot = await telegram.addBot({ token, username: "clay_fair_bot", name: "Clay at the fair" });
  const { id } = await people.nina.post<{ id: string }>("/channels", {
    kind: "telegram",
    credentials: { token, mode: "polling" },
  });
  await until(async () => (await healthOf(people.nina, id)) === "connected", `${url}: the bot to run`);
  telegram.revokeBot(bot);
  await until(async () => !/^connect/.test(await healthOf(people.nina, id)), `${url}: the bot to fail`);
  return id;
}

async function healthOf(owner: Visitor, id: string): Promise<string> {
  return (await owner.get<{ health: { state: string } }>(`/channels/${id}`)).health.state;
}

async function invite(owner: Visitor): Promise<string> {
  const invitation = {
    email: "lena@clay.example",
    name: "Lena Brook",
    position: "Glazes",
    role: "employee",
    channelIds: "all",
  };
  return (await owner.post<{ link: string }>("/invitations", invitation)).link;
}

async function idsByName(owner: Visitor): Promise<Map<string, string>> {
  const pages = ["all", "snoozed", "resolved"].map((view) =>
    owner.get<{ items: { id: string; contact: { name: string } }[] }>(
      `/conversations?view=${view}&limit=100`,
    ),
  );
  const rows = (await Promise.all(pages)).flatMap(({ items }) => items);
  return new Map(rows.map(({ id, contact }) => [contact.name, id]));
}

/** Looks again until it is so; an error after half a minute. */
export async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await look())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
