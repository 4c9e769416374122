/** The studio's online card, and who comes by it: made, opened, tapped and filled in through the hub's own doors. */
import type { BlockOf, CardContent } from "../../cards/blocks/schema.ts";
import type { Card, CardReview } from "../../cards/schema.ts";
import { documentOf } from "../documents.ts";
import type { People } from "../people.ts";
import { pictureOf } from "../pictures.ts";
import { browsers, type Visitor } from "../visitor.ts";
import { contentOfStudio } from "./content.ts";

/** Published; its messengers are the accounts that are connected, or those that are named. */
export async function publishCard(
  owner: Visitor,
  { theme = "terracotta", slug = "clay-and-co", messengers }: Partial<Wanted> = {},
): Promise<Card> {
  const made = await owner.post<Card>("/cards", { name: "Clay & Co", slug });
  const connected = made.draft.blocks.find((block) => block.type === "messengers")?.items ?? [];
  const content = await contentOfStudio(theme, messengers ?? connected, {
    picture: async (name) => (await send(owner, "/cards/pictures", await pictureOf(name))).fileId,
    guide: async () =>
      (await send(owner, "/cards/files", documentOf("care-guide.pdf").bytes, "care-guide.pdf")).fileId,
  });
  const { rev } = await owner.put<Card>(`/cards/${made.id}/draft?rev=${made.rev}`, content);
  return owner.post<Card>(`/cards/${made.id}/publish?rev=${rev}`);
}

interface Wanted {
  theme: CardContent["design"]["theme"];
  slug: string;
  messengers: BlockOf<"messengers">["items"];
}

function send(owner: Visitor, path: string, bytes: Uint8Array, name?: string): Promise<{ fileId: string }> {
  return owner.send("POST", path, bytes, "application/octet-stream", name);
}

/** Somebody opens the card from the bio and presses a messenger: gives the code with which the conversation begins. */
export async function tapTelegram({ hubUrl, draft }: Card, channelId: string): Promise<string> {
  const block = draft.blocks.find((one) => one.type === "messengers");
  const item = block?.items.find((one) => one.channelId === channelId);
  if (!block || !item) throw new Error("the card shows no such account");
  const page = `${hubUrl}?s=bio`;
  const headers = { "user-agent": browsers.phone };
  await fetch(page, { headers });
  const tap = await fetch(`${hubUrl}/go/${block.id}/${item.id}?l=en`, {
    headers: { ...headers, referer: page },
    redirect: "manual",
  });
  const target = new URL(tap.headers.get("location") ?? "", hubUrl);
  const code = target.searchParams.get("start");
  if (!code) throw new Error(`the tap led to ${target.href} (${tap.status})`);
  return code;
}

/** A request for a place at the wheel, sent from the card. */
export async function bookClass({ hubUrl }: Card): Promise<void> {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  await submit(`${hubUrl}/send/class?l=ru`, {
    "q-name": "Алина Сорокина",
    "q-phone": "+7 900 555-01-71",
    "q-service": "0",
    "q-date": day,
    "q-time": "12:00",
    "q-comment": "Можно прийти вдвоём?",
    agree: "on",
  });
}

const said = [
  {
    by: "Moira Sinclair",
    name: "Moira S.",
    stars: 5,
    text: "The bowls came in three days, each in its own paper.",
  },
  {
    by: "Cornelius Wade",
    name: "C. Wade",
    stars: 4,
    text: "Lighter than they look. One glaze was not as in the photo.",
  },
];

/** Customers say what it was like, each by the link from their conversation; the owner has let the first be seen. */
export async function leaveReviews({ nina }: People, card: Card): Promise<void> {
  const { items: ended } = await nina.get<{ items: { id: string; contact: { name: string } }[] }>(
    "/conversations?view=resolved&limit=100",
  );
  for (const { by, name, stars, text } of said) {
    const conversation = ended.find(({ contact }) => contact.name === by);
    if (!conversation) throw new Error(`${by} has no conversation that ended`);
    const ask = `/conversations/${conversation.id}/review-link`;
    const { url } = await nina.post<{ url: string }>(ask, { cardId: card.id });
    // The form lists the stars, the best first.
    await submit(`${url}?l=en`, {
      "q-stars": String(5 - stars),
      "q-name": name,
      "q-text": text,
      agree: "on",
    });
  }
  const { items } = await nina.get<{ items: CardReview[] }>(`/cards/${card.id}/reviews`);
  const first = items.find(({ name }) => name === said[0]?.name);
  if (first) await nina.patch(`/cards/${card.id}/reviews/${first.id}`, { state: "shown" });
}

/** As a browser sends a form that has no script. */
async function submit(url: string, fields: Record<string, string>): Promise<void> {
  const headers = { "user-agent": browsers.phone };
  const answer = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(fields),
    headers,
  });
  if (answer.status !== 303) throw new Error(`${url} answered ${answer.status} to a form`);
}
