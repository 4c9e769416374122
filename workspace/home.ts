/** The home screen: set-up steps done by facts, and the day in figures. */
import { channelFilter, StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { idOf } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { ChannelModel, ConversationModel, describePreview } from "../inbox/index.ts";
import type { Home } from "./schema.ts";

const dayMs = 24 * 3_600_000;
const enough = 5000;

/** All of it as the asker may see it; hours are those of `timeZone` (an IANA name). */
export async function describeHome(staff: StaffRecord, timeZone: string): Promise<Home> {
  const clock = createClock(timeZone);
  const scope = { workspaceId: staff.workspaceId, ...channelFilter(staff) };
  const [steps, firstMessage, figures, byHour, waitingLongest, team] = await Promise.all([
    readSteps(staff),
    findFirstMessage(scope),
    readFigures(staff, scope, clock),
    countByHour(scope, clock),
    listWaiting(scope),
    countLoad(staff),
  ]);
  return { steps, ...(firstMessage ? { firstMessage } : {}), figures, byHour, waitingLongest, team };
}

type Scope = { workspaceId: StaffRecord["workspaceId"] };

/** The form of a card is an account too, but no messenger that was connected: cards have a step of their own. */
const noMessenger = "card";

async function readSteps(staff: StaffRecord): Promise<Home["steps"]> {
  const { workspaceId } = staff;
  const [channels, colleagues, answer] = await Promise.all([
    ChannelModel.find({ workspaceId, removedAt: null, kind: { $ne: noMessenger } }, { kind: 1, handle: 1 })
      .limit(50)
      .lean(),
    StaffModel.countDocuments({ workspaceId, active: true }),
    ConversationModel.findOne({ workspaceId, firstAnsweredAt: { $gt: new Date(0) } }, { _id: 1 }).lean(),
  ]);
  return {
    channels: channels.map((channel) => ({ id: idOf(channel), kind: channel.kind, handle: channel.handle })),
    colleagues: colleagues - 1,
    answered: answer !== null,
  };
}

/** The very first message of a customer, as long as nobody has answered anybody. */
async function findFirstMessage(scope: Scope): Promise<Home["firstMessage"]> {
  const [answered, first] = await Promise.all([
    ConversationModel.findOne(
      { workspaceId: scope.workspaceId, firstAnsweredAt: { $gt: new Date(0) } },
      { _id: 1 },
    ).lean(),
    ConversationModel.findOne({ ...scope })
      .sort({ createdAt: 1 })
      .lean(),
  ]);
  if (answered || !first?.preview || first.preview.type !== "incoming") return undefined;
  return {
    conversationId: idOf(first),
    contactName: first.contactName,
    channelId: first.channelId.toHexString(),
    text: first.preview.text,
    kind: first.preview.kind,
    at: first.preview.at.toISOString(),
    seq: first.lastSeq,
  };
}

async function readFigures(staff: StaffRecord, scope: Scope, clock: Clock): Promise<Home["figures"]> {
  const today = clock.startOfToday();
  const count = (filter: object): Promise<number> =>
    ConversationModel.countDocuments({ ...scope, ...filter }, { limit: enough });
  const [open, openMine, waiting, resolvedToday, newToday, answersToday, answersUsual] = await Promise.all([
    count({ state: "open" }),
    count({ state: "open", assigneeId: staff._id }),
    count({ state: "open", needsReply: true }),
    count({ resolvedAt: { $gte: today } }),
    count({ createdAt: { $gte: today } }),
    firstAnswers(scope, today),
    firstAnswers(scope, new Date(Date.now() - 28 * dayMs)),
  ]);
  const [now, usual] = [median(answersToday), median(answersUsual)];
  return {
    open,
    openMine,
    waiting,
    resolvedToday,
    newToday,
    ...(now === undefined ? {} : { firstAnswerMs: now }),
    ...(usual === undefined ? {} : { firstAnswerUsualMs: usual }),
  };
}

async function firstAnswers(scope: Scope, since: Date): Promise<number[]> {
  const rows = await ConversationModel.find(
    { ...scope, firstAnsweredAt: { $gte: since } },
    { firstAnswerMs: 1 },
  )
    .sort({ firstAnsweredAt: -1 })
    .limit(enough)
    .lean();
  return rows.flatMap((row) => row.firstAnswerMs ?? []);
}

/** New conversations hour by hour, beside the median of the same weekday in the four weeks before. */
async function countByHour(scope: Scope, clock: Clock): Promise<Home["byHour"]> {
  const today = clock.startOfToday();
  const since = new Date(today.getTime() - 28 * dayMs - 3_600_000);
  const rows = await ConversationModel.find(
    { ...scope, createdAt: { $gte: since } },
    { _id: 0, createdAt: 1 },
  )
    .sort({ createdAt: -1 })
    .limit(50_000)
    .lean();
  const now = clock.read(new Date());
  const days = new Map<string, number[]>();
  for (const { createdAt } of rows) {
    const { day, weekday, hour } = clock.read(createdAt);
    if (weekday !== now.weekday) continue;
    const hours = days.get(day) ?? Array.from({ length: 24 }, () => 0);
    hours[hour] = (hours[hour] ?? 0) + 1;
    days.set(day, hours);
  }
  const earlier = [...days].filter(([day]) => day !== now.day).map(([, hours]) => hours);
  return Array.from({ length: 24 }, (_, hour) => {
    const usual = median(earlier.map((hours) => hours[hour] ?? 0));
    return { hour, today: days.get(now.day)?.[hour] ?? 0, ...(usual === undefined ? {} : { usual }) };
  });
}

async function listWaiting(scope: Scope): Promise<Home["waitingLongest"]> {
  const rows = await ConversationModel.find({
    ...scope,
    state: "open",
    needsReply: true,
    waitingSince: { $gt: new Date(0) },
  })
    .sort({ waitingSince: 1 })
    .limit(6)
    .lean();
  return rows.map((row) => ({
    conversationId: idOf(row),
    contactName: row.contactName,
    ...(row.contactAvatarFileId ? { avatarFileId: row.contactAvatarFileId.toHexString() } : {}),
    channelId: row.channelId.toHexString(),
    ...(row.preview ? { preview: describePreview(row.preview) } : {}),
    waitingSince: (row.waitingSince ?? row.lastActivityAt).toISOString(),
    ...(row.assigneeId ? { assigneeId: row.assigneeId.toHexString() } : {}),
  }));
}

async function countLoad({ workspaceId }: StaffRecord): Promise<Home["team"]> {
  const people = await StaffModel.find({ workspaceId, active: true }, { _id: 1 }).limit(50).lean();
  return Promise.all(
    people.map(async (person) => ({
      staffId: idOf(person),
      open: await ConversationModel.countDocuments(
        { workspaceId, state: "open", assigneeId: person._id },
        { limit: 999 },
      ),
    })),
  );
}

function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 ? high : (low + high) / 2;
}

interface Clock {
  read(at: Date): { day: string; weekday: string; hour: number };
  startOfToday(): Date;
}

function createClock(timeZone: string): Clock {
  const format = formatIn(timeZone);
  const read = (at: Date) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    return {
      day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
      weekday: parts["weekday"] ?? "",
      hour: Number(parts["hour"]),
      minute: Number(parts["minute"]),
      second: Number(parts["second"]),
    };
  };
  return {
    read,
    startOfToday() {
      const now = new Date();
      const { hour, minute, second } = read(now);
      return new Date(now.getTime() - ((hour * 60 + minute) * 60 + second) * 1000 - now.getMilliseconds());
    },
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (error) {
    throw new AppError(
      "invalid_input",
      { fields: [{ path: "query.timeZone", code: "invalid_format", message: "not an IANA time zone" }] },
      error,
    );
  }
}
