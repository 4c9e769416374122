/** The methods that bots call, with the refusals of https://developers.viber.com/docs/api/rest-bot-api/#error-codes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ViberBot, ViberCall, ViberMessage, ViberParams, ViberWorld } from "./world.ts";

type Answer = Record<string, unknown> & { status: number; status_message: string; message_token?: string };

const ok = { status: 0, status_message: "ok" };
const refuse = (status: number, status_message: string): Answer => ({ status, status_message });

export async function answer(
  world: ViberWorld,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "/";
  const file = world.files.get(path);
  if (file) return void response.writeHead(200, { "content-type": file.mime }).end(file.bytes);
  const method = /^\/pa\/(\w+)$/.exec(path)?.[1] ?? "";
  const act = methods[method];
  if (!act || request.method !== "POST") return void response.writeHead(404).end();
  const params = readParams(await textOf(request));
  const failure = world.takeFailure(method);
  if (failure?.kind === "http") return void response.writeHead(failure.code).end("<html>gateway</html>");
  const bot = world.bots.get(String(request.headers["x-viber-auth-token"] ?? params?.auth_token ?? ""));
  const result =
    failure?.kind === "status"
      ? refuse(failure.status, failure.message ?? "refused")
      : !bot
        ? refuse(2, "invalidAuthToken")
        : !params
          ? refuse(3, "badData")
          : await act(world, bot, params);
  world.calls.push({ method, params: params ?? {}, status: result.status } satisfies ViberCall);
  if (failure?.kind === "timeout_after_accept") return void request.socket.destroy();
  response.writeHead(200, { "content-type": "application/json" }).end(written(result));
}

/** A token is written as the number it is. */
function written({ message_token: token, ...rest }: Answer): string {
  const json = JSON.stringify(rest);
  return token === undefined ? json : `${json.slice(0, -1)},"message_token":${token}}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function readParams(text: string): ViberParams | undefined {
  if (Buffer.byteLength(text) > 30 * 1024) return undefined;
  try {
    return JSON.parse(text) as ViberParams;
  } catch {
    return undefined;
  }
}

const methods: Record<string, (world: ViberWorld, bot: ViberBot, params: ViberParams) => Promise<Answer>> = {
  get_account_info: async (_world, { id, name, uri, icon, webhook, eventTypes, customers }) =>
    Promise.resolve({
      ...ok,
      id,
      name,
      uri,
      ...(icon ? { icon } : {}),
      webhook,
      event_types: eventTypes,
      subscribers_count: [...customers.values()].filter(({ subscribed }) => subscribed).length,
    }),
  get_user_details: async (world, bot, { id }) => {
    const customer = bot.customers.get(String(id));
    if (!customer) return Promise.resolve(refuse(5, "receiverNotRegistered"));
    return Promise.resolve({ ...ok, message_token: world.nextToken(), user: customer.person });
  },
  set_webhook: setWebhook,
  send_message: sendMessage,
};

/** The address is called, and has to answer 200, before it counts. */
async function setWebhook(
  world: ViberWorld,
  bot: ViberBot,
  { url, event_types }: ViberParams,
): Promise<Answer> {
  const address = String(url ?? "");
  if (address === "") {
    bot.webhook = "";
    return { ...ok, event_types: [] };
  }
  if (!address.startsWith("https://")) return refuse(1, "invalidUrl");
  const former = bot.webhook;
  bot.webhook = address;
  const called = await world.deliver(bot, "webhook", {}).catch(() => undefined);
  if (called?.status !== 200) {
    bot.webhook = former;
    return refuse(1, "invalidUrl");
  }
  bot.eventTypes = Array.isArray(event_types) ? event_types.map(String) : [];
  return { ...ok, event_types: bot.eventTypes };
}

async function sendMessage(world: ViberWorld, bot: ViberBot, params: ViberParams): Promise<Answer> {
  const { receiver, sender, auth_token: _token, ...message } = params;
  const customer = bot.customers.get(String(receiver));
  const problem = problemOf(bot, params);
  if (problem) return problem;
  const fetched = params.media && params.type !== "url" ? await fetchMedia(world, params) : undefined;
  if (fetched && "status" in fetched) return fetched;
  if (!customer) return refuse(5, "receiverNotRegistered");
  if (!customer.subscribed) return refuse(6, "receiverNotSubscribed");
  const token = world.nextToken();
  const type = message.type ?? "";
  const copy = fetched && world.host(fetched.bytes, fetched.mime, message.file_name ?? "file");
  customer.take(
    {
      ...message,
      ...(sender ? { sender } : {}),
      ...(fetched === undefined ? {} : { fetched: fetched.bytes.byteLength }),
      type,
      token,
    } satisfies ViberMessage,
    copy,
  );
  setImmediate(() => void customer.tellDelivered(token).catch(() => undefined));
  return { ...ok, message_token: token, chat_hostname: "SN-CHAT-1", billing_status: 1 };
}

function problemOf(bot: ViberBot, params: ViberParams): Answer | undefined {
  const { sender, type = "", text, media, size, file_name: name, location, contact } = params;
  if (!bot.webhook) return refuse(10, "webhookNotSet");
  if (!sender?.name || sender.name.length > 28) return refuse(4, "missingData: sender.name");
  if (type === "text") return text && text.length <= 7000 ? undefined : refuse(3, "badData: text");
  if (type === "location") return location ? undefined : refuse(4, "missingData: location");
  if (type === "contact") return contact?.phone_number ? undefined : refuse(4, "missingData: contact");
  if (!["picture", "video", "file", "url"].includes(type)) return refuse(3, "badData: type");
  if (typeof media !== "string") return refuse(4, "missingData: media");
  if (type === "file" && !name) return refuse(4, "missingData: file_name");
  if ((type === "file" || type === "video") && !size) return refuse(4, "missingData: size");
  return undefined;
}

/** What the bot's link leads to; Viber takes https alone. */
async function fetchMedia(
  world: ViberWorld,
  { media = "", type = "" }: ViberParams,
): Promise<{ bytes: Uint8Array; mime: string } | Answer> {
  const response = media.startsWith("https://") ? await world.fetch(media).catch(() => undefined) : undefined;
  if (!response?.ok) return refuse(3, "badData: media cannot be fetched");
  const bytes = new Uint8Array(await response.arrayBuffer());
  const megabytes = { picture: 1, video: 26 }[type] ?? 50;
  if (bytes.byteLength > megabytes * 1024 * 1024) return refuse(3, "badData: media is too large");
  return { bytes, mime: response.headers.get("content-type") ?? "application/octet-stream" };
}
