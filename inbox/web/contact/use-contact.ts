import { onScopeDispose, ref, shallowRef, watch } from "vue";
import { onConnected, onLive } from "../../../ui/socket.ts";
import { inboxApi } from "../store/inbox-api.ts";
import type { Contact, ContactPatch, ServerEvents } from "../types.ts";

/** A contact, kept fresh by the socket; changes show at once. */
export function useContact(id: () => string) {
  const contact = shallowRef<Contact>();
  const error = shallowRef<unknown>();
  const saving = ref(false);

  async function load(): Promise<void> {
    const wanted = id();
    try {
      const loaded = await inboxApi.contact(wanted);
      if (wanted === id()) contact.value = loaded;
      error.value = undefined;
    } catch (failure) {
      error.value = failure;
    }
  }

  /** Shown at once; taken back and thrown when it is refused. */
  async function patch(change: ContactPatch): Promise<void> {
    const before = contact.value;
    if (!before) return;
    const { addTags = [], removeTags = [], ...fields } = change;
    contact.value = {
      ...before,
      ...fields,
      name: change.name ?? before.name,
      tags: [...before.tags, ...addTags].filter((tag) => !removeTags.includes(tag)),
    };
    try {
      contact.value = await inboxApi.patchContact(before.id, change);
    } catch (failure) {
      contact.value = before;
      throw failure;
    }
  }

  watch(id, () => ((contact.value = undefined), void load()), { immediate: true });
  const stop = onLive<Parameters<ServerEvents["contact"]>[0]>(
    "contact",
    ({ contactId }) => void (contactId === id() && load()),
  );
  onScopeDispose(stop);
  onScopeDispose(onConnected(() => void (error.value && load())));
  return { contact, error, saving, load, patch };
}
