// Every request of the contacts' screen, by name.
import { api } from "../../../ui/api.ts";
import { locale } from "../../../ui/i18n.ts";
import type { Contact, ContactRow, Merge, MergeSuggestion } from "../types.ts";

export interface ContactFilter {
  q: string;
  channelId?: string | undefined;
  tag?: string | undefined;
  responsibleId?: string | undefined;
  days?: number | undefined;
}
interface Page<T> {
  items: T[];
  next: string | null;
}

const given = (filter: ContactFilter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== "" && value !== undefined));

export const contactsApi = {
  list: (filter: ContactFilter, cursor: string | undefined, signal: AbortSignal) =>
    api.get<Page<ContactRow> & { total?: number }>("/contacts", {
      query: { ...given(filter), ...(cursor ? { cursor } : {}) },
      signal,
    }),
  csvUrl: (filter: ContactFilter) => {
    const query = new URLSearchParams(
      Object.entries(given(filter)).map(([name, value]): [string, string] => [name, String(value)]),
    );
    if (locale.value === "ru") query.set("separator", ";");
    return `/api/v1/contacts.csv?${query.toString()}`;
  },
  add: (contact: object, key: string) =>
    api.post<Contact>("/contacts", contact, { headers: { "idempotency-key": key } }),
  suggestions: () => api.get<Page<MergeSuggestion>>("/contacts/suggestions"),
  different: (id: string) => api.delete<undefined>(`/contacts/suggestions/${id}`),
  merge: (request: { keptId: string; otherId: string; fromOther: string[] }, key: string) =>
    api.post<Merge>("/contacts/merges", request, { headers: { "idempotency-key": key } }),
  undo: (id: string) => api.post<Merge>(`/contacts/merges/${id}/undo`),
};
