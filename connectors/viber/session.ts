import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type {
  ConnectorHost,
  ConnectorSession,
  MediaDownload,
  MediaSource,
  OutboundCommand,
  PeerAlias,
  PeerProfile,
  SendResult,
} from "../contract.ts";
import { call, download } from "./api.ts";
import { readAccount } from "./check.ts";
import { senderNameMax, type ViberCredentials } from "./credentials.ts";
import { messageOf } from "./message.ts";
import { keepWebhook, removeWebhook } from "./webhook.ts";

/** A connected bot. */
export function openSession(credentials: ViberCredentials, host: ConnectorHost): ConnectorSession {
  return new ViberSession(credentials, host);
}

const sent = z.object({ message_token: z.union([z.string(), z.number()]).transform(String) });
const details = z.object({ user: z.object({ avatar: z.string().optional().catch(undefined) }) });

class ViberSession implements ConnectorSession {
  readonly mode = "webhook";
  private readonly credentials: ViberCredentials;
  private readonly host: ConnectorHost;
  private name: string | undefined;

  constructor(credentials: ViberCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
    this.name = credentials.senderName;
  }

  run(): Promise<void> {
    return keepWebhook(this.credentials, this.host);
  }

  async perform(command: OutboundCommand): Promise<SendResult> {
    if (command.op !== "send" || command.forwardOf)
      throw new ConnectorError("unsupported", "unsupported", `Viber has no ${command.op}`);
    const message = messageOf(command.content);
    const sender = { name: await this.senderName() };
    const params = { receiver: command.threadKey, min_api_version: 1, sender, ...message };
    const answer = await call(this.credentials.token, this.host, "send_message", params, command.signal);
    const { data } = sent.safeParse(answer);
    if (!data) throw new ConnectorError("unknown", "platform_error", "send_message: no message token");
    return { externalIds: [data.message_token], at: new Date() };
  }

  async downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload> {
    if (source.type !== "url")
      throw new ConnectorError("permanent", "file_unavailable", `a source of type ${source.type}`);
    const response = await download(source.value, this.host, signal);
    const size = Number(response.headers.get("content-length") ?? Number.NaN);
    const mime = response.headers.get("content-type");
    return {
      body: response.body ?? [],
      ...(Number.isFinite(size) && { size }),
      ...(mime && mime !== "application/octet-stream" && { mime }),
    } as MediaDownload;
  }

  async fetchProfile({ scheme, value }: PeerAlias, signal: AbortSignal): Promise<PeerProfile> {
    if (scheme !== "viber_user") return {};
    const answer = await call(this.credentials.token, this.host, "get_user_details", { id: value }, signal);
    const avatar = details.safeParse(answer).data?.user.avatar;
    return avatar ? { avatar: { type: "url", value: avatar } } : {};
  }

  disconnect(): Promise<void> {
    return removeWebhook(this.credentials, this.host);
  }

  /** The bot's own name, unless another one was typed: Viber wants it with every message. */
  private async senderName(): Promise<string> {
    this.name ??= (await readAccount(this.credentials.token, this.host)).name.slice(0, senderNameMax);
    return this.name;
  }
}
