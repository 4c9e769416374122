// An account as it is now, followed by the socket: its webhook's state, and the code to scan.
import { onScopeDispose, shallowRef, watch } from "vue";
import { onConnected, onLive } from "../../../ui/socket.ts";
import type { ChannelDetails, ServerEvents } from "../types.ts";
import { workspaceApi } from "../workspace-api.ts";

export function useAccount(id: () => string | undefined) {
  const account = shallowRef<ChannelDetails>();
  const login = shallowRef<ChannelDetails["login"]>();
  let asked = 0;
  /** The question whose answer is shown. */
  let shown = 0;

  async function load(): Promise<void> {
    const wanted = id();
    if (!wanted) return;
    const turn = ++asked;
    const found = await workspaceApi.channel(wanted).catch(() => undefined); // the next event asks again
    if (!found || found.id !== id() || turn < shown) return; // an answer may be overtaken by a later one
    shown = turn;
    account.value = found;
    if (found.login) login.value = found.login;
  }

  watch(
    id,
    () => {
      account.value = login.value = undefined;
      void load();
    },
    { immediate: true },
  );
  const stops = [
    onLive<Parameters<ServerEvents["channel"]>[0]>("channel", (data) => {
      if ("channel" in data && data.channel.id === id()) void load();
    }),
    onLive<Parameters<ServerEvents["channel_login"]>[0]>("channel_login", (data) => {
      if (data.channelId === id()) login.value = data.login;
    }),
    onConnected(() => void load()),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
  return { account, login };
}
