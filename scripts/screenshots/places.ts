/** The hubs that the pictures are taken in: the demo, one that waits for its owner, one whose owner has just begun. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { themeIds } from "../../cards/blocks/themes/names.ts";
import { publishCard } from "../../demo/card/index.ts";
import { makeOwner } from "../../demo/people.ts";
import { freePort, startHub } from "../../demo/program.ts";
import { startDemo, type Demo } from "../../demo/start.ts";
import type { Visitor } from "../../demo/visitor.ts";
import { startKit } from "../../test/support/kit.ts";

export interface Places {
  demo: Demo;
  /** A channel of the demo whose bot does not exist any more. */
  brokenChannelId: string;
  invitation: string;
  untouched: { url: string; setupToken: string };
  /** Anybody may register there; its owner has a card in every theme, `/c/look-<theme>`. */
  host: { url: string };
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
  const untouched = await startEmpty(apiRoots);
  const begun = await startEmpty(apiRoots);
  const host = await startEmpty(apiRoots, {
    SIGNUP: "open",
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "Switchboard <hub@host.example>",
  });
  const guest = await makeOwner(host.url, host.setupToken);
  for (const theme of themeIds) await publishCard(guest, { theme, slug: `look-${theme}`, messengers: [...typed] });
  const kit = await startKit(untouched.url);
  const { nina } = demo.people;
  return {
    demo,
    brokenChannelId: allWell ? demo.channelIds.shop : await breakChannel(demo),
    invitation: await invite(nina),
    untouched,
    host,
    fresh: await makeOwner(begun.url, begun.setupToken),
    kitUrl: kit.url,
    conversations: await idsByName(nina),
    async close() {
      await Promise.all([demo.stop(), untouched.stop(), begun.stop(), host.stop(), kit.close()]);
    },
  };
}

async function startEmpty(apiRoots: Record<string, string>, environment: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "switchboard-pictures-"));
  const hub = await startHub({ dataDir, port: await freePort(), apiRoots, environment });
  const stop = async (): Promise<void> => {
    await hub.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...hub, stop };
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
