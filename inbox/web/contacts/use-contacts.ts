// The list of contacts as it is filtered, page by page; asked for anew when somebody changes.
import { useDebounceFn } from "@vueuse/core";
import { onScopeDispose, reactive, ref, shallowRef, watch } from "vue";
import { onConnected, onLive, socketState } from "../../../ui/socket.ts";
import type { ContactRow, MergeSuggestion } from "../types.ts";
import { contactsApi, type ContactFilter } from "./contacts-api.ts";

export function useContacts() {
  const filter = reactive<ContactFilter>({ q: "" });
  const rows = shallowRef<ContactRow[]>([]);
  const total = ref(0);
  const suggestions = shallowRef<MergeSuggestion[]>([]);
  const ready = ref(false);
  const busy = ref(false);
  const error = shallowRef<unknown>();
  const next = ref<string | null>(null);
  let call = new AbortController();

  async function load(): Promise<void> {
    call.abort();
    const { signal } = (call = new AbortController());
    busy.value = true;
    error.value = undefined;
    try {
      const page = await contactsApi.list({ ...filter }, undefined, signal);
      rows.value = page.items;
      next.value = page.next;
      total.value = page.total ?? page.items.length;
      ready.value = true;
    } catch (failure) {
      if (!signal.aborted) error.value = failure;
    } finally {
      if (!signal.aborted) busy.value = false;
    }
  }

  async function more(): Promise<void> {
    if (!next.value || busy.value) return;
    const { signal } = call;
    busy.value = true;
    try {
      const page = await contactsApi.list({ ...filter }, next.value, signal);
      const known = new Set(rows.value.map(({ id }) => id));
      rows.value = [...rows.value, ...page.items.filter(({ id }) => !known.has(id))];
      next.value = page.next;
    } catch (failure) {
      if (!signal.aborted) error.value = failure;
    } finally {
      if (!signal.aborted) busy.value = false;
    }
  }

  /** The list alone says that it failed; suggestions come when they can. */
  async function loadSuggestions(): Promise<void> {
    suggestions.value = await contactsApi.suggestions().then(
      ({ items }) => items,
      () => suggestions.value,
    );
  }

  const loadSoon = useDebounceFn(load, 250);
  const refresh = useDebounceFn(() => Promise.all([load(), loadSuggestions()]), 800);
  watch(filter, () => void loadSoon());
  /** The list below is read with the line open: nothing is missed. After any later connect something may be. */
  let told = socketState.connected.value;
  const stops = [
    onLive("contact", () => void refresh()),
    onConnected(() => {
      if (!told) void refresh();
      told = false;
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
    call.abort();
  });
  void load();
  void loadSuggestions();
  return { filter, rows, total, suggestions, ready, busy, error, next, load, more, loadSuggestions };
}
