// Channels, kinds of channel and colleagues, asked for once and kept fresh by the socket.
import { computed, reactive, ref, shallowRef, watch } from "vue";
import { locale } from "../../ui/i18n.ts";
import { createReading } from "../../ui/reading.ts";
import { session } from "../../ui/session.ts";
import { onConnected, onLive } from "../../ui/socket.ts";
import type { Channel, ConnectorInfo, ServerEvents, Staff } from "./types.ts";
import { workspaceApi } from "./workspace-api.ts";

const channels = reactive(new Map<string, Channel>());
const connectors = reactive(new Map<string, ConnectorInfo>());
const staff = reactive(new Map<string, Staff>());
const ready = ref(false);
const error = shallowRef<unknown>();
const busy = ref(false);
const reading = createReading();
let following = false;

export const directory = { channels, connectors, staff, ready, error, busy, reload: load };

/** What screens look up; the first of them starts the loading. */
export function useDirectory() {
  follow();
  if (!ready.value && !busy.value) void load();
  return directory;
}

export const isAdministrator = computed(() => {
  const role = session.value?.me.role;
  return role === "administrator" || role === "super_administrator";
});

/** A messenger's mark and proper name. */
export function markOf(kind: string): { icon: string | undefined; title: string } {
  const connector = connectors.get(kind);
  return { icon: connector?.iconUrl, title: connector?.title ?? kind };
}

export function fileUrl(fileId: string | undefined): string | undefined {
  return fileId ? `/api/v1/files/${fileId}` : undefined;
}

export function putChannel(channel: Channel): void {
  channels.set(channel.id, channel);
}

async function load(): Promise<void> {
  busy.value = true;
  try {
    await reading.take(
      () =>
        Promise.all([workspaceApi.channels(), workspaceApi.connectors(locale.value), workspaceApi.staff()]),
      ([channelPage, connectorPage, staffPage]) => {
        refill(channels, channelPage.items, ({ id }) => id);
        refill(connectors, connectorPage.items, ({ kind }) => kind);
        refill(staff, staffPage.items, ({ id }) => id);
      },
    );
    ready.value = true;
    error.value = undefined;
  } catch (failure) {
    error.value = failure;
  } finally {
    busy.value = false;
  }
}

function refill<T>(map: Map<string, T>, items: T[], keyOf: (item: T) => string): void {
  map.clear();
  for (const item of items) map.set(keyOf(item), item);
}

function follow(): void {
  if (following) return;
  following = true;
  onLive<Parameters<ServerEvents["channel"]>[0]>("channel", (data) =>
    reading.apply(() => {
      if ("removedId" in data) channels.delete(data.removedId);
      else putChannel(data.channel);
    }),
  );
  onLive<Parameters<ServerEvents["staff"]>[0]>("staff", ({ staff: person }) =>
    reading.apply(() => void staff.set(person.id, person)),
  );
  onLive<Parameters<ServerEvents["message"]>[0]>("message", ({ message }) => {
    if (message.type === "incoming" && message.channelId) countIncoming(message.channelId, message.createdAt);
  });
  // nobody told of what happened between the answer and the line
  onConnected(() => void ((ready.value || busy.value) && load()));
  watch(
    () => session.value?.me.id,
    () => (ready.value = false),
  );
  watch(locale, () => void (ready.value && load()));
}

const counted = new Set<string>();

/** The server does not send a channel again for every message: this hour's bar grows here. */
function countIncoming(channelId: string, at: string): void {
  const channel = channels.get(channelId);
  const key = `${channelId} ${at}`;
  if (!channel || counted.has(key) || at <= (channel.health.lastInboundAt ?? "")) return;
  counted.add(key);
  const last = channel.hourly.length - 1;
  putChannel({
    ...channel,
    health: { ...channel.health, lastInboundAt: at },
    hourly: channel.hourly.map((hour, index) =>
      index === last ? { ...hour, incoming: hour.incoming + 1 } : hour,
    ),
    incoming24h: channel.incoming24h + 1,
  });
}
