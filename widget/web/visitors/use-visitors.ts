// Who is on the sites now: read once and after each lost connection, patched by the socket meanwhile.
import { computed, onScopeDispose, reactive, ref, shallowRef } from "vue";
import { onConnected, onLive, sayLive, socketState } from "../../../ui/socket.ts";
import type { Visit } from "../../schema.ts";
import { widgetApi } from "../widget-api.ts";

export function useVisitors() {
  const byId = reactive(new Map<string, Visit>());
  const error = shallowRef<unknown>();
  const ready = ref(false);
  /** Whoever came last stands first: rows hold still while their pages change. */
  const visitors = computed(() =>
    [...byId.values()].sort((a, b) => b.since.localeCompare(a.since) || a.id.localeCompare(b.id)),
  );

  /** What the socket tells while the list is read is newer than the list. */
  let told = new Set<string>();
  async function load(): Promise<void> {
    const toldMeanwhile = (told = new Set());
    try {
      const { items } = await widgetApi.visitors();
      if (told !== toldMeanwhile) return; // it is being read again, or was
      const here = new Set(items.map(({ id }) => id));
      for (const id of byId.keys()) if (!here.has(id) && !told.has(id)) byId.delete(id);
      for (const visit of items) if (!told.has(visit.id)) byId.set(visit.id, visit);
      ready.value = true;
      error.value = undefined;
    } catch (failure) {
      if (told === toldMeanwhile) error.value = failure;
    }
  }

  function hear({ visit }: { visit: Visit }): void {
    told.add(visit.id);
    if (visit.online) byId.set(visit.id, visit);
    else byId.delete(visit.id);
  }

  const watch = () => {
    sayLive("visitors", true);
    void load();
  };
  onScopeDispose(onLive("visit", hear));
  onScopeDispose(onConnected(watch));
  onScopeDispose(() => sayLive("visitors", false));
  if (!socketState.connected.value) void load();
  return { visitors, ready, error, load };
}
