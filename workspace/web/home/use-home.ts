// The home screen's facts, asked for again a moment after anything changed.
import { useDebounceFn } from "@vueuse/core";
import { onScopeDispose, watch } from "vue";
import { onConnected, onLive } from "../../../ui/socket.ts";
import { useNow } from "../../../ui/use-now.ts";
import { useLoad } from "../use-load.ts";
import { workspaceApi } from "../workspace-api.ts";

const events = ["message", "conversation", "conversation_left", "channel", "staff"];

export function useHome() {
  const home = useLoad(workspaceApi.home);
  const reloadSoon = useDebounceFn(home.reload, 400, { maxWait: 2000 });
  const stops = [
    ...events.map((event) => onLive(event, () => void reloadSoon())),
    onConnected(() => void reloadSoon()),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));
  const now = useNow();
  watch(
    () => new Date(now.value).getHours(),
    () => void reloadSoon(),
  );
  return home;
}
