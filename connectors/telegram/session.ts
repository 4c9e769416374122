import type { RawApi } from "grammy";
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
import { receivingMode } from "./credentials.ts";
import type { TelegramCredentials } from "./credentials.ts";
import { fetchProfile, fileIdOf, openFile } from "./download.ts";
import { userScheme } from "./message.ts";
import { perform } from "./perform.ts";
import { pollUpdates } from "./receive.ts";
import { telegramApi } from "./transport.ts";
import { keepWebhook, removeWebhook } from "./webhook.ts";

/** A connected bot. */
export function openSession(credentials: TelegramCredentials, host: ConnectorHost): ConnectorSession {
  return new TelegramSession(credentials, host);
}

class TelegramSession implements ConnectorSession {
  private readonly credentials: TelegramCredentials;
  private readonly host: ConnectorHost;

  constructor(credentials: TelegramCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
  }

  get mode(): string {
    return receivingMode(this.credentials, this.host);
  }

  run(): Promise<void> {
    const receive = this.mode === "webhook" ? keepWebhook : pollUpdates;
    return receive(this.api(), this.host);
  }

  perform(command: OutboundCommand): Promise<SendResult> {
    return perform(this.api(command.signal), command);
  }

  async downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload> {
    return openFile(this.api(signal), this.credentials.token, this.host, fileIdOf(source), signal);
  }

  async fetchProfile(peer: PeerAlias, signal: AbortSignal): Promise<PeerProfile> {
    if (peer.scheme !== userScheme) return {};
    return fetchProfile(this.api(signal), peer);
  }

  disconnect(): Promise<void> {
    return removeWebhook(this.api(), this.host);
  }

  private api(signal?: AbortSignal): RawApi {
    return telegramApi(this.credentials.token, this.host, signal);
  }
}
