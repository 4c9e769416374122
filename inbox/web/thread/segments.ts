// Cuts a text into runs of the same formatting. Entities may overlap; links and mentions are found where none are named.
import type { TextEntity } from "../types.ts";

export interface Segment {
  text: string;
  /** Names of the entities that cover it. */
  marks: string[];
  /** Where it leads, for links of every kind. */
  href?: string | undefined;
}

const address = /\bhttps?:\/\/[^\s<>"«»]+[^\s<>"«».,!?;:)\]]|[\w.+-]+@[\w-]+\.[\w.-]*\w/gi;

export function segmentsOf(text: string, entities: TextEntity[] = []): Segment[] {
  const all = [...entities, ...foundAddresses(text, entities)].filter((one) => one.offset < text.length);
  const edges = new Set([0, text.length]);
  for (const { offset, length } of all) edges.add(offset).add(Math.min(text.length, offset + length));
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted
    .slice(0, -1)
    .map((start, index) => segmentAt(text, start, sorted[index + 1] ?? text.length, all));
}

/** Only what is safe to follow. */
export function safeHref(href: string | undefined): string | undefined {
  return href && /^(https?|mailto|tel|tg):/i.test(href) ? href : undefined;
}

function segmentAt(text: string, start: number, end: number, entities: TextEntity[]): Segment {
  const covering = entities.filter(({ offset, length }) => offset <= start && offset + length >= end);
  const run = text.slice(start, end);
  const href = covering.map((entity) => hrefOf(entity, text)).find(Boolean);
  return { text: run, marks: covering.map(({ type }) => type), href: safeHref(href) };
}

function hrefOf({ type, url, offset, length }: TextEntity, text: string): string | undefined {
  const covered = text.slice(offset, offset + length);
  if (type === "text_link") return url;
  if (type === "url") return /^[a-z]+:/i.test(covered) ? covered : `https://${covered}`;
  if (type === "email") return `mailto:${covered}`;
  return type === "phone_number" ? `tel:${covered.replace(/[^\d+]/g, "")}` : undefined;
}

function foundAddresses(text: string, entities: TextEntity[]): TextEntity[] {
  const taken = entities.filter(({ type }) => ["url", "email", "text_link", "code", "pre"].includes(type));
  return [...text.matchAll(address)].flatMap((match) => {
    const found = {
      type: match[0].includes("://") ? "url" : "email",
      offset: match.index,
      length: match[0].length,
    };
    return taken.some(
      (one) => one.offset < found.offset + found.length && found.offset < one.offset + one.length,
    )
      ? []
      : [found];
  });
}
