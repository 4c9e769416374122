/** The API's methods of one number and its account. */
import { badParameter, GraphRefusal } from "../graph/refusal.ts";
import type { GraphRequest } from "../graph.ts";
import type { WhatsappSimulator } from "../whatsapp.ts";
import { checkOutgoing, readMark } from "./sending.ts";

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types */
const mimes = new Set([
  "image/jpeg",
  "image/png",
  "image/webp",
  "video/mp4",
  "video/3gpp",
  "audio/aac",
  "audio/amr",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "application/pdf",
  "text/plain",
  "application/zip",
  "application/msword",
]);

/** Undefined when the path names nothing of WhatsApp's. */
export function answerWhatsapp(
  simulator: WhatsappSimulator,
  request: GraphRequest,
): object | undefined | Promise<object> {
  const [id = "", edge = ""] = request.path.split("/");
  const number = simulator.numbers.find((one) => one.id === id);
  const { method } = request;
  if (number && edge === "" && method === "GET")
    return {
      id,
      display_phone_number: number.display,
      verified_name: number.name,
      quality_rating: number.quality,
      name_status: "APPROVED",
    };
  if (number && edge === "messages" && method === "POST") return postMessage(simulator, number.id, request);
  if (number && edge === "media" && method === "POST") return postMedia(simulator, request);
  if (simulator.numbers.some(({ accountId }) => accountId === id))
    return ofAccount(simulator, id, edge, request);
  const file = edge === "" && method === "GET" ? simulator.media.get(id) : undefined;
  return (
    file && {
      messaging_product: "whatsapp",
      id,
      url: simulator.media.linkOf(file, request.origin),
      mime_type: file.mime,
      sha256: "c2ltdWxhdGVk",
      file_size: String(file.bytes.byteLength),
    }
  );
}

function ofAccount(
  simulator: WhatsappSimulator,
  accountId: string,
  edge: string,
  { method, params }: GraphRequest,
): object | undefined | Promise<object> {
  if (edge === "phone_numbers")
    return {
      data: simulator.numbers.filter((one) => one.accountId === accountId).map(({ id }) => ({ id })),
    };
  if (edge === "message_templates") return { data: simulator.templates, paging: { cursors: {} } };
  if (edge !== "subscribed_apps") return undefined;
  return method === "POST"
    ? subscribe(simulator, accountId, params)
    : { data: simulator.subscribedApps(accountId) };
}

async function subscribe(
  simulator: WhatsappSimulator,
  accountId: string,
  params: Record<string, unknown>,
): Promise<object> {
  const { override_callback_uri: url, verify_token: token } = params;
  if (typeof url === "string" && typeof token === "string") {
    await simulator.webhooks.shakeHands(url, token);
    simulator.overrides.set(accountId, url);
  } else simulator.overrides.set(accountId, undefined);
  return { success: true };
}

function postMedia(simulator: WhatsappSimulator, { params, files }: GraphRequest): object {
  const file = files.get("file");
  if (!file || params["messaging_product"] !== "whatsapp") throw badParameter("Invalid parameter");
  const mime = typeof params["type"] === "string" ? params["type"] : file.mime;
  if (!mimes.has(mime) && !mime.startsWith("application/vnd."))
    throw new GraphRefusal({
      code: 100,
      message: "Param file must be a file with one of the following types",
      details: mime,
    });
  return { id: simulator.media.add({ ...file, mime }).id };
}

function postMessage(simulator: WhatsappSimulator, numberId: string, { params }: GraphRequest): object {
  const mark = readMark.safeParse(params).data;
  if (mark) {
    simulator.markRead(numberId, mark.message_id, mark.typing_indicator !== undefined);
    return { success: true };
  }
  const message = checkOutgoing(params, simulator.media, simulator.templates);
  const id = simulator.accept(numberId, message);
  const to = message.recipient ?? message.to ?? "";
  return {
    messaging_product: "whatsapp",
    contacts: [{ input: to, ...(message.recipient ? { user_id: to } : { wa_id: to }) }],
    messages: [{ id }],
  };
}
