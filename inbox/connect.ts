/** Connecting an account: the form of a connector, the live check, storing, changing and removing it. */
import type { z } from "zod";
import { toJSONSchema } from "zod";
import { ConnectorError, type AccountProfile, type Connector } from "../connectors/contract.ts";
import { StaffModel, type StaffRecord } from "../core/auth/index.ts";
import { AppError } from "../core/errors.ts";
import { storeFile } from "../core/stored-files.ts";
import { openCredentials, proxyOf, sealCredentials } from "./credentials.ts";
import { accessChannel } from "./channels.ts";
import { createPassingHost, keepFrom } from "./host.ts";
import type { Inbox } from "./inbox.ts";
import { ChannelModel, MessageModel, type ChannelRecord } from "./models/index.ts";
import { actOnHeld, retryMessage } from "./reply.ts";
import type {
  ChannelCheck,
  channelCheckRequest,
  channelPatch,
  channelRequest,
  ConnectorInfo,
} from "./schema.ts";
import { takeSignIn } from "./vendor-sign-in.ts";

type Fields = ConnectorInfo["fields"];

/** The form of a connector, built from its credentials' shape. */
export function describeConnector(connector: Connector, locale: "en" | "ru"): ConnectorInfo {
  const { kind, title, capabilities, variants, steps, texts, setUpPath } = connector;
  return {
    kind,
    title: texts[locale]["title"] ?? title,
    capabilities,
    ...(variants ? { variants } : {}),
    fields: fieldsOf(connector),
    steps,
    texts: texts[locale],
    iconUrl: `/api/v1/connectors/${kind}/icon.svg`,
    ...(setUpPath ? { setUpPath } : {}),
  };
}

interface JsonField {
  title?: string;
  description?: string;
  secret?: boolean;
  hidden?: boolean;
  enum?: string[];
  default?: unknown;
}
/** What a person may give; hidden fields are filled by a sign-in alone. */
export function fieldsOf(connector: Connector): Fields {
  const shape = toJSONSchema(connector.credentials, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, JsonField>;
    required?: string[];
  };
  const asked = Object.entries(shape.properties ?? {}).filter(([, field]) => field.hidden !== true);
  return asked.map(([name, field]) => ({
    name,
    type: field.enum ? "select" : "text",
    title: field.title ?? name,
    ...(field.description ? { help: field.description } : {}),
    secret: field.secret === true,
    required: shape.required?.includes(name) ?? false,
    ...(field.enum ? { options: field.enum } : {}),
    ...(typeof field.default === "string" ? { default: field.default } : {}),
  }));
}

/** Asks the platform who these credentials are; nothing is stored. */
export async function checkAccount(
  inbox: Inbox,
  staff: StaffRecord,
  request: z.output<typeof channelCheckRequest>,
): Promise<ChannelCheck> {
  const { kind } = request;
  const given = await givenCredentials(inbox, staff, request);
  const { profile: found } = await ask(inbox, kind, given);
  const { avatar, ...profile } = found;
  return {
    ...profile,
    ...(avatar
      ? { avatar: `data:${avatar.mime};base64,${Buffer.from(avatar.bytes).toString("base64")}` }
      : {}),
  };
}

async function ask(
  inbox: Inbox,
  kind: string,
  given: Record<string, string>,
): Promise<{ profile: AccountProfile; written: ReadonlyMap<string, string> }> {
  const connector = inbox.accounts.connectorOf(kind);
  const credentials = readCredentials(connector, given);
  const signal = AbortSignal.timeout(20_000);
  const host = createPassingHost(inbox.hub, kind, { proxyUrl: proxyOf(credentials), signal });
  try {
    return { profile: await connector.check(credentials, host), written: host.written };
  } catch (error) {
    throw toRefusal(error);
  } finally {
    await host.close();
  }
}

/** What was typed, over what a finished sign-in at the vendor brought, which alone fills hidden fields. */
async function givenCredentials(
  inbox: Inbox,
  staff: StaffRecord,
  { kind, credentials, signInId }: z.output<typeof channelCheckRequest>,
): Promise<Record<string, string>> {
  const asked = new Set(fieldsOf(inbox.accounts.connectorOf(kind)).map(({ name }) => name));
  const typed = Object.entries(credentials).filter(([name]) => asked.has(name));
  if (!signInId) return Object.fromEntries(typed);
  const signedIn = await takeSignIn(inbox, staff, kind, signInId);
  return { ...signedIn, ...Object.fromEntries(typed.filter(([, value]) => value.trim() !== "")) };
}

export function readCredentials(connector: Connector, given: Record<string, string>): unknown {
  const filled = Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value.trim() !== "")
      .map(([name, value]) => [name, value.trim()]),
  );
  const parsed = connector.credentials.safeParse(filled);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_input", {
    fields: parsed.error.issues.map((issue) => ({
      path: `body.credentials.${issue.path.join(".")}`,
      code: issue.code,
      message: issue.message,
    })),
  });
}

function toRefusal(error: unknown): unknown {
  if (!(error instanceof ConnectorError)) return error;
  const refused = ["auth", "permanent", "unsupported"].includes(error.class);
  return new AppError(
    refused ? "channel_refused" : "channel_unreachable",
    { code: error.code, message: error.message },
    error,
  );
}

/** Stores a checked account and starts it. Connecting one that was removed brings it back with its conversations. */
export async function connectChannel(
  inbox: Inbox,
  staff: StaffRecord,
  request: z.output<typeof channelRequest>,
): Promise<ChannelRecord> {
  const { kind } = request;
  const asksConsent = inbox.accounts.connectorOf(kind).steps.some((step) => step.consent);
  if (asksConsent && request.consent !== true)
    throw new AppError("invalid_input", {
      fields: [{ path: "body.consent", code: "custom", message: "the risk has to be accepted" }],
    });
  const given = await givenCredentials(inbox, staff, request);
  const { profile, written } = await ask(inbox, kind, given);
  const { workspaceId } = staff;
  const { externalId } = profile;
  if (await ChannelModel.findOne({ workspaceId, kind, externalId, removedAt: null }).lean())
    throw new AppError("already_exists");
  const credentials = sealCredentials(
    inbox.hub,
    { kind, externalId },
    readCredentials(inbox.accounts.connectorOf(kind), given),
  );
  const avatarFileId = await storeAvatar(inbox, staff, profile);
  const now = new Date();
  const channel = await ChannelModel.findOneAndUpdate(
    { workspaceId, kind, externalId },
    {
      $set: {
        name: request.name || profile.name,
        handle: profile.handle,
        ...(profile.link ? { link: profile.link } : {}),
        ...(avatarFileId ? { avatarFileId } : {}),
        credentials,
        paused: false,
        removedAt: null,
        health: { state: "connecting", since: now, problem: null },
        createdById: staff._id,
        createdBy: staff.name,
      },
      $setOnInsert: { createdAt: now, log: [{ at: now, level: "info", code: "created", message: "" }] },
    },
    { upsert: true, returnDocument: "after" },
  ).lean();
  if (asksConsent)
    await inbox.accounts.note(channel, { level: "info", code: "consented", message: staff.name });
  await keepFrom(inbox.hub, channel, written);
  await inbox.accounts.restart(channel);
  inbox.hub.events.publish("channel.changed", { workspaceId, channelId: channel._id });
  return channel;
}

async function storeAvatar(
  inbox: Inbox,
  staff: StaffRecord,
  profile: AccountProfile,
): Promise<ChannelRecord["avatarFileId"]> {
  const { avatar } = profile;
  if (!avatar) return undefined;
  // eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what the file store takes
  const bytes = (async function* () {
    yield avatar.bytes;
  })();
  const file = await storeFile(inbox.hub.files, bytes, 10 * 1024 * 1024, {
    workspaceId: staff.workspaceId,
    name: "avatar",
    mime: avatar.mime,
    access: "workspace",
  });
  return file._id;
}

/** New credentials must be of the same account. */
export async function changeChannel(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  patch: z.output<typeof channelPatch>,
): Promise<ChannelRecord> {
  const channel = await accessChannel(staff, id);
  const given =
    patch.credentials || patch.signInId
      ? await givenCredentials(inbox, staff, {
          kind: channel.kind,
          credentials: patch.credentials ?? {},
          ...(patch.signInId ? { signInId: patch.signInId } : {}),
        })
      : undefined;
  const credentials = given && (await replaceCredentials(inbox, channel, given));
  const changed = await ChannelModel.findOneAndUpdate(
    { workspaceId: staff.workspaceId, _id: channel._id },
    {
      $set: {
        ...(patch.name ? { name: patch.name } : {}),
        ...(patch.paused === undefined ? {} : { paused: patch.paused }),
        ...(credentials
          ? { credentials, health: { state: "connecting", since: new Date(), problem: null } }
          : {}),
      },
      ...(credentials ? { $inc: { generation: 1 } } : {}), // what the former session still renews counts no more
    },
    { returnDocument: "after" },
  ).lean();
  if (!changed) throw new AppError("not_found");
  if (patch.paused !== undefined)
    await inbox.accounts.note(channel, {
      level: "info",
      code: patch.paused ? "paused" : "resumed",
      message: staff.name,
    });
  if (patch.paused !== undefined || credentials) await inbox.accounts.restart(changed);
  if (credentials) await sendRefusedAgain(inbox, changed);
  inbox.hub.events.publish("channel.changed", { workspaceId: channel.workspaceId, channelId: channel._id });
  return changed;
}

/** What is stored of an account, for a server that asks the vendor anew. It never leaves the server. */
export async function storedCredentials(
  inbox: Inbox,
  staff: StaffRecord,
  id: string,
  kind: string,
): Promise<Record<string, string>> {
  const channel = await accessChannel(staff, id);
  if (channel.kind !== kind) throw new AppError("not_found");
  const connector = inbox.accounts.connectorOf(channel.kind);
  return openCredentials(inbox.hub, connector, channel) as Record<string, string>;
}

async function replaceCredentials(
  inbox: Inbox,
  channel: ChannelRecord,
  given: Record<string, string>,
): Promise<string> {
  const connector = inbox.accounts.connectorOf(channel.kind);
  const former = openCredentials(inbox.hub, connector, channel) as Record<string, string>;
  const merged = { ...former, ...given };
  const { profile } = await ask(inbox, channel.kind, merged);
  if (profile.externalId !== channel.externalId)
    throw new AppError("channel_refused", { code: "other_account", message: profile.handle });
  await inbox.accounts.note(channel, { level: "info", code: "credentials_replaced", message: "" });
  return sealCredentials(inbox.hub, channel, readCredentials(connector, merged));
}

/** What the messenger refused for the old credentials goes out by itself, in order: it certainly did not arrive. */
async function sendRefusedAgain(inbox: Inbox, { workspaceId, _id: channelId }: ChannelRecord): Promise<void> {
  const refused = await MessageModel.find({
    workspaceId,
    channelId,
    "delivery.state": { $in: ["failed"] },
    "delivery.failure.class": "auth",
  })
    .sort({ createdAt: 1 })
    .limit(1000)
    .lean();
  await actOnHeld(inbox, refused, retryMessage);
}

/** The account stops; its conversations stay readable. */
export async function removeChannel(inbox: Inbox, staff: StaffRecord, id: string): Promise<void> {
  const channel = await accessChannel(staff, id);
  await ChannelModel.updateOne(
    { workspaceId: staff.workspaceId, _id: channel._id },
    { $set: { removedAt: new Date() } },
  );
  await takeFromStaff(inbox, channel);
  await inbox.accounts
    .disconnect(channel)
    .catch((err: unknown) =>
      inbox.hub.log.warn({ err, channelId: id }, "the platform was not told of the removal"),
    );
  inbox.hub.realtime.emit([`workspace:${staff.workspaceId.toHexString()}`], "channel", { removedId: id });
}

/** The account may come back under its id: nobody has it then who was not given it anew, open sockets included. */
async function takeFromStaff(
  inbox: Inbox,
  { workspaceId, _id: channelId }: Pick<ChannelRecord, "_id" | "workspaceId">,
): Promise<void> {
  const losing = await StaffModel.find({ workspaceId, channelIds: channelId }, { workspaceId: 1 }).lean();
  await StaffModel.updateMany({ workspaceId, channelIds: channelId }, { $pull: { channelIds: channelId } });
  await Promise.all(losing.map((person) => inbox.hub.realtime.reroom(person)));
}
