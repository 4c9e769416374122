// Every request of the cards' screens.
import { api } from "../../ui/api.ts";
import type { LayoutId } from "../blocks/layouts.ts";
import type { CardContent, Design } from "../blocks/schema.ts";
import type {
  Card,
  CardBeginning,
  CardDomain,
  CardEntry,
  CardFacts,
  CardImport,
  CardReview,
  CardSetUp,
  LinkCheck,
  CardTheme,
  ReviewAsk,
  Statistics,
} from "../schema.ts";

export type CardRow = Pick<Card, "id" | "name" | "slug" | "url" | "published" | "changes">;

/** What is read here of a connected account. */
export interface Account {
  id: string;
  kind: string;
  name: string;
  handle: string;
  link?: string;
}

export const cardsApi = {
  list: () => api.get<{ items: CardRow[] }>("/cards"),
  showMessengers: (id: string) => api.post<Card>(`/cards/${id}/messengers`),
  setUp: () => api.get<CardSetUp>("/cards/set-up"),
  read: (id: string) => api.get<Card>(`/cards/${id}`),
  facts: (id: string) => api.get<CardFacts>(`/cards/${id}/facts`),
  statistics: (id: string, query: { from?: string; to?: string; language?: string | undefined }) =>
    api.get<Statistics>(`/cards/${id}/statistics`, { query }),
  /** `cardId`: the card that may keep its own. */
  slug: (slug: string, cardId?: string) =>
    api.get<{ fault: "shape" | "reserved" | "taken" | null; free: string[] }>("/cards/slug", {
      query: { slug, cardId },
    }),
  checkLink: (address: string) => api.post<LinkCheck>("/cards/links/check", { address }),
  /** Opens a page of another service and makes nothing. */
  readPage: (page: { address: string; language: string; name: string }) =>
    api.post<CardImport>("/cards/import/page", page),
  /** Reads an export and makes nothing. */
  readImport: (file: Blob, query: { language: string; name: string }) =>
    api.upload<CardImport>(`/cards/import?${new URLSearchParams(query).toString()}`, file),
  beginning: () => api.get<CardBeginning>("/cards/beginning"),
  make: (fields: { name: string; slug: string; layout?: LayoutId; content?: CardContent }) =>
    api.post<Card>("/cards", fields),
  /** `keepalive`: goes on though the page is left. */
  save: (id: string, draft: CardContent, rev: number, keepalive = false) =>
    api.put<Card>(`/cards/${id}/draft`, draft, { query: { rev }, keepalive }),
  publish: (id: string, rev: number) => api.post<Card>(`/cards/${id}/publish`, undefined, { query: { rev } }),
  discard: (id: string, rev: number) => api.post<Card>(`/cards/${id}/discard`, undefined, { query: { rev } }),
  change: (id: string, patch: { name?: string; slug?: string; hidden?: boolean; runsOn?: boolean }) =>
    api.patch<Card>(`/cards/${id}`, patch),
  entries: (conversationId: string) =>
    api.get<{ items: CardEntry[] }>(`/conversations/${conversationId}/card-entries`),
  reviews: (id: string, cursor: string | null) =>
    api.get<{ items: CardReview[]; next: string | null }>(`/cards/${id}/reviews`, {
      query: { cursor: cursor ?? undefined },
    }),
  changeReview: (id: string, reviewId: string, state: "shown" | "hidden") =>
    api.patch<CardReview>(`/cards/${id}/reviews/${reviewId}`, { state }),
  reviewOf: (conversationId: string) => api.get<ReviewAsk>(`/conversations/${conversationId}/review`),
  askReview: (conversationId: string, cardId: string) =>
    api.post<{ url: string }>(`/conversations/${conversationId}/review-link`, { cardId }),
  themes: () => api.get<{ items: CardTheme[] }>("/card-themes"),
  keepTheme: (fields: { name: string; design: Design }) => api.post<CardTheme>("/card-themes", fields),
  changeTheme: (id: string, patch: { name?: string; design?: Design }) =>
    api.patch<CardTheme>(`/card-themes/${id}`, patch),
  removeTheme: (id: string) => api.delete<unknown>(`/card-themes/${id}`),
  domain: (id: string) => api.get<CardDomain>(`/cards/${id}/domain`),
  claimDomain: (id: string, host: string) => api.put<CardDomain>(`/cards/${id}/domain`, { host }),
  checkDomain: (id: string) => api.post<CardDomain>(`/cards/${id}/domain/check`),
  giveUpDomain: (id: string) => api.delete<unknown>(`/cards/${id}/domain`),
  remove: (id: string) => api.delete<unknown>(`/cards/${id}`),
  upload: (file: File) => api.upload<{ fileId: string }>("/cards/pictures", file),
  uploadFile: (file: File) =>
    api.upload<{ fileId: string; name: string; size: number }>("/cards/files", file, {
      headers: { "x-file-name": encodeURIComponent(file.name) },
    }),
  accounts: () => api.get<{ items: Account[] }>("/channels"),
};
