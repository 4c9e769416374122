/** What the hub knows that a card shows: accounts, opening hours, names of files. */
import { DateTime } from "luxon";
import { ObjectId } from "../core/db.ts";
import { FileModel } from "../core/stored-files.ts";
import { ChannelModel, isOpenAt, nextClosing, nextOpening, readHours } from "../inbox/index.ts";
import type { Facts, Open } from "./blocks/facts.ts";
import type { CardContent } from "./blocks/schema.ts";
import { findFormChannel, hasForms } from "./forms/channel.ts";
import { readReviews } from "./reviews/reviews.ts";
import type { CardRecord } from "./models/index.ts";
import type { CardFacts } from "./schema.ts";

export type KnownFacts = Pick<Facts, "accounts" | "files" | "week" | "open" | "takesForms" | "reviews"> & {
  /** In which the business's days begin; UTC where it has set no hours. */
  timeZone: string;
  /** When the hub's part changes by itself: somebody opens or closes. */
  changesAt?: Date | undefined;
};

export async function readFacts(
  card: Pick<CardRecord, "_id" | "workspaceId">,
  content: CardContent,
  now: Date,
): Promise<KnownFacts> {
  const { workspaceId } = card;
  const [accounts, files, hours, channel, reviews] = await Promise.all([
    readAccounts(workspaceId, content),
    readFiles(workspaceId, content),
    readHours(workspaceId),
    hasForms(content) ? findFormChannel(card) : undefined,
    content.blocks.some(({ type }) => type === "reviews") ? readReviews(workspaceId, card._id) : undefined,
  ]);
  const takesForms = channel !== null;
  if (!hours) return { accounts, files, takesForms, reviews, timeZone: "UTC" };
  const [opens, closes] = [nextOpening(hours, now), nextClosing(hours, now)];
  const zone = { zone: hours.timeZone };
  const open: Open | undefined = isOpenAt(hours, now)
    ? { open: true, until: closes && DateTime.fromJSDate(closes, zone).toFormat("HH:mm") }
    : opens && closedUntil(DateTime.fromJSDate(opens, zone), DateTime.fromJSDate(now, zone));
  const { week, timeZone } = hours;
  return { accounts, files, takesForms, reviews, week, open, timeZone, changesAt: opens ?? closes };
}

export function describeFacts({ accounts, files, week, open, timeZone, reviews }: KnownFacts): CardFacts {
  return {
    accounts: Object.fromEntries(accounts),
    files: Object.fromEntries(files),
    week: week?.map((spans) => [...spans]) ?? null,
    open: open ?? null,
    timeZone,
    reviews: reviews ?? null,
  };
}

function closedUntil(opens: DateTime, now: DateTime): Open {
  return {
    open: false,
    day: opens.weekday - 1,
    time: opens.toFormat("HH:mm"),
    today: opens.hasSame(now, "day"),
  };
}

async function readAccounts(workspaceId: ObjectId, { blocks }: CardContent): Promise<Map<string, string>> {
  const ids = blocks.flatMap((block) =>
    block.type === "messengers" ? block.items.flatMap(({ channelId }) => channelId ?? []) : [],
  );
  if (ids.length === 0) return new Map();
  const channels = await ChannelModel.find(
    {
      workspaceId,
      _id: { $in: ids.map((id) => new ObjectId(id)) },
      removedAt: null,
      link: { $type: "string" },
    },
    { link: 1 },
  )
    .limit(100)
    .lean();
  return new Map(channels.map(({ _id, link }) => [_id.toHexString(), link ?? ""]));
}

async function readFiles(workspaceId: ObjectId, { blocks }: CardContent): Promise<Facts["files"]> {
  const ids = blocks.flatMap((block) => (block.type === "file" ? (block.fileId ?? []) : []));
  if (ids.length === 0) return new Map();
  const files = await FileModel.find(
    { workspaceId, _id: { $in: ids.map((id) => new ObjectId(id)) }, access: "workspace" },
    { name: 1, size: 1 },
  )
    .limit(100)
    .lean();
  return new Map(files.map(({ _id, name, size }) => [_id.toHexString(), { name, size }]));
}
