// Replies of an account that did not go out, and what can be done with them.
import { useDebounceFn } from "@vueuse/core";
import { computed, onScopeDispose, ref } from "vue";
import { useI18n } from "vue-i18n";
import { onLive } from "../../../ui/socket.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { ServerEvents } from "../types.ts";
import { useAct } from "../use-act.ts";
import { useLoad } from "../use-load.ts";
import { workspaceApi } from "../workspace-api.ts";

export function useHeld(channelId: string) {
  const { t } = useI18n();
  const { data, error, reload } = useLoad(() => workspaceApi.held(channelId));
  const { busy, act } = useAct();
  const selected = ref(new Set<string>());
  const items = computed(() => data.value?.items ?? []);
  const chosen = computed(() =>
    items.value.map(({ message }) => message.id).filter((id) => selected.value.has(id)),
  );

  const reloadSoon = useDebounceFn(reload, 400);
  const stop = onLive<Parameters<ServerEvents["message"]>[0]>("message", ({ message }) => {
    if (message.type === "outgoing" && message.channelId === channelId) void reloadSoon();
  });
  onScopeDispose(stop);

  function toggle(id: string): void {
    const next = new Set(selected.value);
    if (!next.delete(id)) next.add(id);
    selected.value = next;
  }

  function toggleAll(): void {
    const all = chosen.value.length === items.value.length;
    selected.value = new Set(all ? [] : items.value.map(({ message }) => message.id));
  }

  /** Without ids it is about all of them. */
  async function carryOut(verb: "retry" | "discard", ids?: string[]): Promise<boolean> {
    const send = verb === "retry" ? workspaceApi.retryHeld : workspaceApi.discardHeld;
    const done = await act(async () => {
      const { length } = (await send(channelId, ids)).items;
      const key = verb === "retry" ? "retried" : "discarded";
      showToast({ title: t(`account.held.${key}`, { count: length }, length) });
    });
    selected.value = new Set();
    await reload();
    return done;
  }

  return { items, error, busy, chosen, selected, toggle, toggleAll, carryOut, reload };
}
