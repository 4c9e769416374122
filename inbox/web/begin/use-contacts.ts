// Whom one may write to: those of the latest conversations at first, whoever fits once something is typed.
import { computed, onMounted, onScopeDispose, ref, shallowRef, watch, type Ref } from "vue";
import { tellFailure } from "../store/acts.ts";
import { inboxApi, type ListQuery } from "../store/inbox-api.ts";
import { conversationOf } from "../store/conversations.ts";
import { listOf, openList } from "../store/lists.ts";

export interface ContactChoice {
  id: string;
  name: string;
  label: string;
  avatarFileId?: string | undefined;
  /** Of the latest conversation, for the messenger's mark. */
  channelId?: string | undefined;
}

const latest = (["all", "resolved"] as const).map((view): ListQuery => ({ view, order: "newest" }));
const pauseMs = 180;

export function useContacts(words: Ref<string>) {
  const found = shallowRef<ContactChoice[]>([]);
  const searching = ref(false);
  const recent = computed(() => {
    const rows = latest
      .flatMap((query) => listOf(query).shown)
      .flatMap((id) => conversationOf(id) ?? [])
      .sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt));
    const byContact = new Map<string, ContactChoice>();
    for (const { contact, channelId } of rows)
      if (!byContact.has(contact.id)) byContact.set(contact.id, { ...contact, label: "", channelId });
    return [...byContact.values()].slice(0, 30);
  });
  const contacts = computed(() => (words.value.trim().length > 1 ? found.value : recent.value));

  let call: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => (clearTimeout(timer), call?.abort());
  onScopeDispose(stop);
  onMounted(() => latest.forEach((query) => void openList(listOf(query))));
  watch(words, (value) => {
    stop();
    searching.value = value.trim().length > 1;
    if (searching.value) timer = setTimeout(() => void search(value.trim()), pauseMs);
  });

  async function search(typed: string): Promise<void> {
    const { signal } = (call = new AbortController());
    try {
      const answer = await inboxApi.search(typed, signal);
      found.value = answer.contacts.map((one) => ({
        ...one,
        channelId: conversationOf(one.conversationId)?.channelId,
      }));
    } catch (error) {
      if (!signal.aborted) tellFailure(error);
    } finally {
      if (!signal.aborted) searching.value = false;
    }
  }

  return { contacts, searching };
}
