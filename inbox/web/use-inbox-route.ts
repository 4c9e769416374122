// The address is the state: view, filters, the open conversation, the message to jump to, the contact as a layer.
import { computed } from "vue";
import { useRoute, useRouter, type LocationQueryRaw } from "vue-router";
import type { ListOrder, ListQuery } from "./store/inbox-api.ts";
import type { InboxView } from "./types.ts";

export const views: InboxView[] = ["mine", "unassigned", "mentions", "all", "snoozed", "resolved"];
const orders: ListOrder[] = ["grouped", "oldest_waiting", "newest"];

export function useInboxRoute() {
  const route = useRoute();
  const router = useRouter();
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

  const view = computed(() => views.find((one) => one === route.params["view"]) ?? lastView());
  const conversationId = computed(() => text(route.params["conversationId"]));
  const order = computed(() => orders.find((one) => one === route.query["order"]) ?? "grouped");
  const query = computed<ListQuery>(() => ({
    view: view.value,
    channelId: text(route.query["channel"]),
    teamId: text(route.query["team"]),
    assigneeId: view.value === "all" ? text(route.query["assignee"]) : undefined,
    tag: text(route.query["tag"]),
    order: order.value,
  }));
  const jumpTo = computed(() => Number(route.query["seq"]) || undefined);
  const contactLayer = computed(() => route.query["panel"] === "contact");

  /** Address of a conversation in the present list. */
  function addressOf(id: string | undefined, extra: LocationQueryRaw = {}) {
    const { seq: _seq, panel: _panel, ...filters } = route.query;
    return { path: `/inbox/${view.value}${id ? `/${id}` : ""}`, query: { ...filters, ...extra } };
  }

  const open = (id: string, seq?: number) => router.push(addressOf(id, seq ? { seq: String(seq) } : {}));
  const step = (id: string) => router.replace(addressOf(id));
  const close = () => router.push(addressOf(undefined));
  const setFilter = (change: LocationQueryRaw) =>
    router.replace({ path: route.path, query: { ...route.query, ...change } });
  const showContact = (shown: boolean) =>
    shown ? router.push(addressOf(conversationId.value, { panel: "contact" })) : router.back();

  return {
    view,
    conversationId,
    order,
    query,
    jumpTo,
    contactLayer,
    addressOf,
    open,
    step,
    close,
    setFilter,
    showContact,
  };
}

/** Fewer than the whole view. */
export function isFiltered({ channelId, teamId, assigneeId, tag }: ListQuery): boolean {
  return [channelId, teamId, assigneeId, tag].some((one) => one !== undefined);
}

export function rememberView(view: InboxView): void {
  localStorage.setItem("inbox-view", view);
}

export function lastView(): InboxView {
  const stored = localStorage.getItem("inbox-view");
  return views.find((one) => one === stored) ?? "mine";
}
