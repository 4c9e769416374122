// What every screen of the inbox looks up: channels, what their messengers can do, colleagues, tags.
import { computed, reactive, ref, watch } from "vue";
import { ApiError } from "../../../ui/api.ts";
import { locale } from "../../../ui/i18n.ts";
import { indexOfHue } from "../../../ui/hues.ts";
import { createReading } from "../../../ui/reading.ts";
import { session } from "../../../ui/session.ts";
import { onLive } from "../../../ui/socket.ts";
import type {
  Capabilities,
  Channel,
  ConnectorInfo,
  Conversation,
  Message,
  ServerEvents,
  Staff,
  Tag,
  Team,
} from "../types.ts";
import { fileUrl, inboxApi } from "./inbox-api.ts";
import { keep, readOne } from "./local-store.ts";

const channels = reactive(new Map<string, Channel>());
const connectors = reactive(new Map<string, ConnectorInfo>());
const staff = reactive(new Map<string, Staff>());
const tags = ref<Tag[]>([]);
const teams = ref<Team[]>([]);
const ready = ref(false);

export const directory = { channels, connectors, staff, tags, teams, ready };

const reading = createReading();

/** Asked at each connection; live events keep it fresh. */
export async function loadDirectory(): Promise<void> {
  const { data, isFresh } = await reading.take(readOrKept, ({ data }) => fill(data));
  if (isFresh) await keep("snapshots", "directory", data);
}

/** Without a connection an older copy serves. */
async function readOrKept(): Promise<{ data: DirectoryData; isFresh: boolean }> {
  try {
    return { data: await readDirectory(), isFresh: true };
  } catch (error) {
    const data = await readOne<DirectoryData>("snapshots", "directory");
    if (!data || !(error instanceof ApiError) || error.code !== "network") throw error;
    return { data, isFresh: false };
  }
}

interface DirectoryData {
  channels: Channel[];
  connectors: ConnectorInfo[];
  staff: Staff[];
  tags: Tag[];
  /** Missing in what an older version has kept. */
  teams?: Team[];
}

async function readDirectory(): Promise<DirectoryData> {
  const [channelPage, connectorPage, staffPage, tagPage, teamPage] = await Promise.all([
    inboxApi.channels(),
    inboxApi.connectors(locale.value),
    inboxApi.staff(),
    inboxApi.tags(),
    inboxApi.teams(),
  ]);
  return {
    channels: channelPage.items,
    connectors: connectorPage.items,
    staff: staffPage.items,
    tags: tagPage.items,
    teams: teamPage.items,
  };
}

function fill(data: DirectoryData): void {
  channels.clear();
  for (const channel of data.channels) channels.set(channel.id, channel);
  for (const connector of data.connectors) connectors.set(connector.kind, connector);
  for (const person of data.staff) staff.set(person.id, person);
  tags.value = data.tags;
  teams.value = data.teams ?? [];
  ready.value = true;
}

/** Patches the directory from the socket; called once. */
export function followDirectory(): void {
  onLive<Parameters<ServerEvents["channel"]>[0]>("channel", (data) =>
    reading.apply(() => {
      if ("removedId" in data) channels.delete(data.removedId);
      else channels.set(data.channel.id, data.channel);
    }),
  );
  onLive<Parameters<ServerEvents["staff"]>[0]>("staff", ({ staff: person }) =>
    reading.apply(() => void staff.set(person.id, person)),
  );
  onLive<Parameters<ServerEvents["tags"]>[0]>("tags", (data) =>
    reading.apply(() => void (tags.value = data.tags)),
  );
  onLive("teams", () =>
    reading.apply(
      () =>
        void inboxApi.teams().then(
          ({ items }) => (teams.value = items),
          () => undefined, // the next connection asks for the whole directory
        ),
    ),
  );
  watch(locale, async (language) => {
    const page = await inboxApi.connectors(language);
    for (const connector of page.items) connectors.set(connector.kind, connector);
  });
}

/** A channel's mark for avatars and rows. */
export function markOf(
  channelId: string | undefined,
): { icon: string | undefined; title: string } | undefined {
  const channel = channelId ? channels.get(channelId) : undefined;
  if (!channel) return undefined;
  return markOfKind(channel.kind);
}

export function markOfKind(kind: string): { icon: string | undefined; title: string } {
  const connector = connectors.get(kind);
  return { icon: connector?.iconUrl, title: connector?.title ?? kind };
}

/** A text of a channel's connector, in the reader's language; undefined when it has none of that key. */
export function connectorText(channelId: string, key: string): string | undefined {
  return connectors.get(channels.get(channelId)?.kind ?? "")?.texts[key];
}

/** What can be done in a conversation; undefined until the directory is there. */
export function capabilitiesOf(
  of: { channelId: string; threadKey: string } | undefined,
): Capabilities | undefined {
  const connector = of && connectors.get(channels.get(of.channelId)?.kind ?? "");
  if (!connector) return undefined;
  const variant = connector.variants?.find(({ threads }) => new RegExp(threads).test(of.threadKey));
  return variant?.capabilities ?? connector.capabilities;
}

/** False where nobody can be answered: the channel takes nothing now, or nobody left an address. */
export function takesAnswers(
  of: { channelId: string; threadKey: string; canWrite: boolean } | undefined,
): boolean {
  return of?.canWrite !== false && capabilitiesOf(of)?.answers !== false;
}

/** A team; undefined for none, and for one that was removed. */
export function teamOf(id: string | undefined): Team | undefined {
  return teams.value.find((team) => team.id === id);
}

/** Colleagues who may answer on a channel, oneself first. */
export function assignable(channelId: string): Staff[] {
  return colleagues().filter(({ channelIds }) => channelIds === "all" || channelIds.includes(channelId));
}

/** Everybody who works here, oneself first. */
export function colleagues(): Staff[] {
  const me = session.value?.me.id;
  return [...staff.values()]
    .filter((person) => person.active)
    .sort((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name));
}

export function photoOf(fileId: string | undefined): string | undefined {
  return fileId ? fileUrl(fileId) : undefined;
}

/** Whoever wrote a message: a colleague as the directory has them, or the conversation's customer. */
export function photoOfSender({ sender }: Message, { contact }: Conversation): string | undefined {
  if (sender.kind === "contact") return photoOf(contact.avatarFileId);
  return photoOf(sender.id ? staff.get(sender.id)?.photoFileId : undefined);
}

/** One of the eight hues of the kit; a tag nobody coloured gets one by its name. */
export function hueOfTag(name: string): number | undefined {
  const known = tags.value.find((tag) => tag.name === name);
  return known ? indexOfHue(known.hue) : undefined;
}

export const channelList = computed(() =>
  [...channels.values()].sort((a, b) => a.name.localeCompare(b.name)),
);
