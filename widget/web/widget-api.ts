// Every request of the widget's screens.
import { api } from "../../ui/api.ts";
import type { Visit, Widget, WidgetConfig } from "../schema.ts";

export const widgetApi = {
  list: () => api.get<{ items: Widget[] }>("/widgets"),
  make: (fields: { name: string; domain: string }) => api.post<Widget>("/widgets", fields),
  save: (id: string, draft: WidgetConfig) => api.put<Widget>(`/widgets/${id}/draft`, draft),
  publish: (id: string) => api.post<Widget>(`/widgets/${id}/publish`, {}),
  discard: (id: string) => api.post<Widget>(`/widgets/${id}/discard`, {}),
  identity: (id: string, on: boolean) => api.put<Widget>(`/widgets/${id}/identity`, { on }),
  visit: (conversationId: string) =>
    api.get<{ visit: Visit | null }>(`/conversations/${conversationId}/visit`),
};
