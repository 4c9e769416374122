// Every request of the widget's screens.
import { api } from "../../ui/api.ts";
import type { PageConfig, PageRule, RuleFigures, Visit, Widget, WidgetConfig } from "../schema.ts";

/** What is read here of a connected account, of a messenger, of a colleague and of the business hours. */
export interface Account {
  id: string;
  kind: string;
  name: string;
  handle: string;
  link?: string;
  health: { state: string };
}
export interface Messenger {
  kind: string;
  title: string;
  iconUrl: string;
}
export interface Colleague {
  id: string;
  displayName: string;
  active: boolean;
  photoFileId?: string;
  presence: string;
}
export interface BusinessHours {
  hours: {
    timeZone: string;
    week: { from: string; to: string }[][];
    holidays: { from: string; to: string; name: string }[];
  } | null;
  open: boolean;
}
export interface PreviewAnswer {
  config: PageConfig;
  rule?: PageRule;
  panel: string;
  /** Colour of the text on the accent, and how well it reads. */
  onAccent: string;
  contrast: number;
}

export const widgetApi = {
  list: () => api.get<{ items: Widget[] }>("/widgets"),
  read: (id: string) => api.get<Widget>(`/widgets/${id}`),
  make: (fields: { name: string; domain: string }) => api.post<Widget>("/widgets", fields),
  /** `keepalive`: goes on though the page is left. */
  save: (id: string, draft: WidgetConfig, rev: number, keepalive = false) =>
    api.put<Widget>(`/widgets/${id}/draft`, draft, { query: { rev }, keepalive }),
  publish: (id: string, rev: number) =>
    api.post<Widget>(`/widgets/${id}/publish`, undefined, { query: { rev } }),
  discard: (id: string, rev: number) =>
    api.post<Widget>(`/widgets/${id}/discard`, undefined, { query: { rev } }),
  preview: (id: string, asked: { draft: WidgetConfig; language: string; ruleId?: string }) =>
    api.post<PreviewAnswer>(`/widgets/${id}/preview`, asked),
  identity: (id: string, on: boolean) => api.put<Widget>(`/widgets/${id}/identity`, { on }),
  figures: (id: string) => api.get<RuleFigures>(`/widgets/${id}/figures`),
  accounts: () => api.get<{ items: Account[] }>("/channels"),
  messengers: (locale: string) => api.get<{ items: Messenger[] }>("/connectors", { query: { locale } }),
  colleagues: () => api.get<{ items: Colleague[] }>("/staff"),
  hours: () => api.get<BusinessHours>("/hours"),
  visitors: () => api.get<{ items: Visit[] }>("/visitors"),
  startChat: (visitorId: string, text: string, key: string) =>
    api.post<{ conversationId: string }>(
      `/visitors/${visitorId}/chat`,
      { text },
      { headers: { "idempotency-key": key } },
    ),
  visit: (conversationId: string) =>
    api.get<{ visit: Visit | null }>(`/conversations/${conversationId}/visit`),
};
