/** `POST me/messages` and `me/message_attachments`, with the refusals that the platform is known for. */
import { z } from "zod";
import type { GraphMethod, GraphSimulator, GraphToken } from "../graph.ts";
import { badParameter, GraphRefusal } from "../graph/refusal.ts";
import type { GraphRequest } from "../graph/request.ts";
import type { Deliveries } from "./deliver.ts";
import { attachmentFields } from "./methods.ts";
import type { SimMessage, SimPage, SimThread, World } from "./world.ts";

const hour = 3_600_000;

interface Place {
  graph: GraphSimulator;
  world: World;
  deliveries: Deliveries;
  pageOf: (token: GraphToken) => SimPage | undefined;
  /** How files are fetched that come as a link; without it they are not. */
  fetch: typeof fetch | undefined;
}

const messageFields = z.object({
  text: z.string().min(1).optional(),
  attachment: attachmentFields.optional(),
  quick_replies: z
    .array(z.object({ content_type: z.literal("text"), title: z.string().max(20), payload: z.string() }))
    .max(13)
    .optional(),
  metadata: z.string().max(1000).optional(),
});

const body = z.object({
  recipient: z.object({ id: z.string() }),
  messaging_type: z.enum(["RESPONSE", "UPDATE", "MESSAGE_TAG"]).optional(),
  tag: z.string().optional(),
  message: messageFields.optional(),
  sender_action: z.enum(["typing_on", "typing_off", "mark_seen", "react", "unreact"]).optional(),
  payload: z.object({ message_id: z.string(), reaction: z.string().optional() }).optional(),
  reply_to: z.object({ mid: z.string() }).optional(),
});
type Body = z.infer<typeof body>;

export function sendMethods(place: Place): GraphMethod {
  return (request, token) => {
    const page = place.pageOf(token);
    if (!page || request.method !== "POST") return undefined;
    if (request.path === "me/message_attachments") return upload(place, request);
    return request.path === "me/messages" ? send(place, page, request) : undefined;
  };
}

function upload({ graph }: Place, { params, files }: GraphRequest): object {
  const file = files.get("filedata");
  const about = z.object({ attachment: attachmentFields }).safeParse(decode(params["message"]));
  if (!file || !about.success) throw badParameter("Invalid parameter: no attachment");
  if (file.bytes.byteLength > 25 * 1024 * 1024)
    throw new GraphRefusal({
      code: 100,
      subcode: 2018109,
      message: "Attachment size exceeds allowable limit",
    });
  return { attachment_id: graph.media.add(file, { open: true }).id };
}

function decode(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

async function send(place: Place, page: SimPage, { params }: GraphRequest): Promise<object> {
  const read = body.safeParse(params);
  if (!read.success) throw badParameter(`Invalid parameter: ${z.prettifyError(read.error)}`);
  const given = read.data;
  const thread = place.world.findThread(page, given.recipient.id);
  if (!thread) throw new GraphRefusal({ code: 100, subcode: 2018001, message: "No matching user found" });
  if (given.message && given.sender_action)
    throw badParameter("Cannot send both message and state at the same time");
  if (given.sender_action) return act(thread, given);
  if (!given.message) throw badParameter("Param message must be given");
  refuse(place.world, thread, given);
  const fileId = await shelve(place, given.message.attachment?.payload ?? {});
  return accept(place, thread, given, given.message, fileId);
}

function act(thread: SimThread, { sender_action: action, payload, recipient }: Body): object {
  if (action === "typing_on") thread.typing += 1;
  if (action === "mark_seen") thread.seenByPage += 1;
  const target = thread.messages.find(({ mid }) => mid === payload?.message_id);
  if (action === "react" || action === "unreact") {
    if (!target) throw badParameter("Invalid parameter: no such message");
    if (thread.object === "instagram" && action === "react" && payload?.reaction !== "love")
      throw badParameter("Invalid parameter: reaction");
    if (action === "react" && payload?.reaction) target.reaction = payload.reaction;
    else delete target.reaction;
  }
  return { recipient_id: recipient.id };
}

function refuse(world: World, thread: SimThread, { message, messaging_type, tag }: Body): void {
  if (thread.blocked)
    throw new GraphRefusal({
      code: 551,
      subcode: 1545041,
      message: "This person isn't available right now.",
    });
  const age = world.now() - thread.lastFromCustomer;
  const tagged = messaging_type === "MESSAGE_TAG" && tag === "HUMAN_AGENT";
  if (age > (tagged ? 168 : 24) * hour)
    throw new GraphRefusal({
      code: 10,
      subcode: thread.object === "page" ? 2018278 : 2534022,
      message: "This message is sent outside of allowed window.",
    });
  const text = message?.text ?? "";
  const tooLong = thread.object === "page" ? text.length > 2000 : Buffer.byteLength(text) > 1000;
  if (tooLong) throw badParameter("Length of param message[text] must be less than or equal to the limit");
  if (text && message?.attachment) throw badParameter("A message has a text or an attachment");
}

/** Its file on the shelf: uploaded before, or fetched now from where its link leads. */
async function shelve(
  { graph, fetch: get }: Place,
  { attachment_id: uploaded, id, url }: Record<string, unknown>,
): Promise<string | undefined> {
  const known = uploaded ?? id;
  if (typeof known === "string") return graph.media.get(known)?.id;
  if (typeof url !== "string" || !get) return undefined;
  const response = await get(url).catch(() => undefined);
  if (!response?.ok)
    throw new GraphRefusal({ code: 100, subcode: 2018008, message: "Failed to fetch the file from the url" });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const mime = response.headers.get("content-type") ?? "application/octet-stream";
  return graph.media.add({ bytes, mime, name: new URL(url).pathname.split("/").at(-1) ?? "file" }).id;
}

function accept(
  { graph, world, deliveries }: Place,
  thread: SimThread,
  { recipient, reply_to: replyTo, tag }: Body,
  { text, attachment, quick_replies: quick, metadata }: z.infer<typeof messageFields>,
  fileId: string | undefined,
): object {
  const message: SimMessage = {
    mid: world.mid(thread.object),
    from: "page",
    at: world.now(),
    ...(text !== undefined && { text }),
    ...(attachment && { attachment }),
    ...(quick && { quickReplies: quick.map(({ title, payload }) => ({ title, payload })) }),
    ...(replyTo && { replyTo: replyTo.mid }),
    ...(tag !== undefined && { tag }),
    ...(fileId !== undefined && { fileId }),
    state: world.reach,
  };
  thread.messages.push(message);
  const echo = {
    mid: message.mid,
    ...(text !== undefined && { text }),
    is_echo: true,
    app_id: Number(thread.page.app.id),
    ...(metadata !== undefined && { metadata }),
  };
  const field = thread.object === "page" ? "message_echoes" : "messages";
  deliveries.push(thread, field, { message: echo }, { echo: true });
  if (world.reach === "delivered" && thread.object === "page")
    deliveries.push(thread, "message_deliveries", {
      delivery: { mids: [message.mid], watermark: message.at },
    });
  graph.changed();
  return { recipient_id: recipient.id, message_id: message.mid };
}
