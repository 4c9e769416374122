/** Who comes back: by the token that the hub gave, the signature of the site, or the link of an e-mail. */
import { acrossWorkspaces, ObjectId } from "../core/db.ts";
import { hashToken } from "../core/secrets.ts";
import type { Desk } from "./desk.ts";
import { ChatModel, ResumeModel, RevocationModel, VisitorModel, type WidgetRecord } from "./models/index.ts";
import type { HelloFrame } from "./schema.ts";
import { readIdentity, readVisitor, type Identified, type IdentityRefusal } from "./tokens.ts";
import { openIdentityKey } from "./widgets.ts";

export interface Recognised {
  visitorId: ObjectId;
  identified?: Identified;
  refused?: IdentityRefusal;
}

/**
 * A token alone reads the chats of a browser in which nobody was signed in. The chats of a customer whom the site has
 * signed need the signature each time; what was said before in this browser goes over to the customer.
 */
export async function recognise(desk: Desk, widget: WidgetRecord, hello: HelloFrame): Promise<Recognised> {
  const { secrets } = desk.hub;
  const resumed = hello.resume ? await resume(widget, hello.resume) : undefined;
  const told = resumed ?? (hello.token ? readVisitor(secrets, widget._id, hello.token) : undefined);
  const visitorId = told ?? new ObjectId();
  const stored = told ? await findVisitor(widget, told) : null;
  if (!hello.identity) {
    return { visitorId: stored?.userId ? new ObjectId() : visitorId };
  }
  const identified = await identify(desk, widget, hello.identity);
  if (typeof identified === "string")
    return { visitorId: stored?.userId ? new ObjectId() : visitorId, refused: identified };
  const own = !stored?.userId || stored.userId === identified.userId ? visitorId : new ObjectId();
  await bindVisitor(widget, own, identified.userId);
  return { visitorId: own, identified };
}

export function findVisitor({ workspaceId, _id: channelId }: WidgetRecord, _id: ObjectId) {
  return VisitorModel.findOne({ workspaceId, channelId, _id }).lean();
}

/** The identity that the site signed, unless it is forged, over, or was signed out. */
export async function identify(
  { hub }: Desk,
  widget: WidgetRecord,
  given: NonNullable<HelloFrame["identity"]>,
): Promise<Identified | IdentityRefusal> {
  const key = openIdentityKey(hub, widget);
  if (!key) return "identity_off";
  const found = await readIdentity(given, widget.key, key);
  if (typeof found === "string") return found;
  const revoked = await RevocationModel.exists({ workspaceId: widget.workspaceId, hash: found.hash });
  return revoked ? "identity_revoked" : found;
}

export async function bindVisitor(widget: WidgetRecord, visitorId: ObjectId, userId: string): Promise<void> {
  const { workspaceId, _id: channelId } = widget;
  await VisitorModel.updateOne(
    { workspaceId, channelId, _id: visitorId },
    { $set: { userId }, $setOnInsert: { consents: [], createdAt: new Date() } },
    { upsert: true },
  );
  await ChatModel.updateMany(
    { workspaceId, channelId, visitorId, userId: { $exists: false } },
    { $set: { userId } },
  );
}

/** The link of an e-mail brings the chat of its addressee to this browser; a signed-in customer's needs the signature. */
async function resume(widget: WidgetRecord, token: string): Promise<ObjectId | undefined> {
  const link = await acrossWorkspaces(ResumeModel.findOne({ hash: hashToken(token) })).lean();
  if (!link || !link.channelId.equals(widget._id) || link.expiresAt < new Date()) return undefined;
  const { workspaceId, channelId, threadKey } = link;
  const chat = await ChatModel.findOne({ workspaceId, channelId, threadKey }).lean();
  return chat && !chat.userId ? chat.visitorId : undefined;
}
