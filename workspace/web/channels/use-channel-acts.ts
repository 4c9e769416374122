// What can be done with one account; the dialogs stand in ChannelDialogs.vue.
import { ExternalLink, Pause, Pencil, Play, RefreshCw, Trash2 } from "@lucide/vue";
import { ref, shallowRef, type Component } from "vue";
import { useI18n } from "vue-i18n";
import type { MenuAction, MenuEntry } from "../../../ui/kit/menu.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import { directory, isAdministrator, putChannel } from "../directory.ts";
import type { Channel } from "../types.ts";
import { useAct } from "../use-act.ts";
import { workspaceApi } from "../workspace-api.ts";

export type ChannelDialog = "rename" | "remove" | undefined;

export function useChannelActs() {
  const { t } = useI18n();
  const { busy, act } = useAct();
  const dialog = ref<ChannelDialog>();
  const chosen = shallowRef<Channel>();

  function open(which: ChannelDialog, channel: Channel): void {
    chosen.value = channel;
    dialog.value = which;
  }

  const said = (key: string, channel: Channel) =>
    showToast({ title: t(`workspace.channels.said.${key}`, { handle: channel.handle }) });

  async function pause(channel: Channel, paused: boolean): Promise<void> {
    const done = await act(async () => putChannel(await workspaceApi.patchChannel(channel.id, { paused })));
    if (done) said(paused ? "paused" : "resumed", channel);
  }

  async function reconnect(channel: Channel): Promise<void> {
    const done = await act(async () => putChannel(await workspaceApi.reconnectChannel(channel.id)));
    if (done) said("reconnecting", channel);
  }

  async function rename(name: string): Promise<void> {
    const channel = chosen.value;
    if (!channel) return;
    const done = await act(async () => putChannel(await workspaceApi.patchChannel(channel.id, { name })));
    if (done) dialog.value = undefined;
  }

  /** True when the account is gone. */
  async function remove(): Promise<boolean> {
    const channel = chosen.value;
    if (!channel) return false;
    const done = await act(() => workspaceApi.removeChannel(channel.id));
    if (!done) return false;
    directory.channels.delete(channel.id);
    dialog.value = undefined;
    said("removed", channel);
    return true;
  }

  function entriesOf(channel: Channel): MenuEntry[] {
    const { link } = channel;
    const entry = (id: string, icon: Component, run: () => void): MenuAction => ({
      id,
      label: t(`workspace.channels.menu.${id}`),
      icon,
      run,
    });
    const write = link
      ? [entry("write", ExternalLink, () => void window.open(link, "_blank", "noopener"))]
      : [];
    if (!isAdministrator.value) return write;
    return [
      ...write,
      entry("rename", Pencil, () => open("rename", channel)),
      entry("reconnect", RefreshCw, () => void reconnect(channel)),
      channel.paused
        ? entry("resume", Play, () => void pause(channel, false))
        : entry("pause", Pause, () => void pause(channel, true)),
      { kind: "line", id: "line" },
      { ...entry("remove", Trash2, () => open("remove", channel)), danger: true },
    ];
  }

  /** Of an account that is signed in by scanning: its code has run out. */
  const askForCode = (id: string): Promise<boolean> => act(() => workspaceApi.askForCode(id));

  return { busy, dialog, chosen, open, pause, reconnect, rename, remove, askForCode, entriesOf };
}
