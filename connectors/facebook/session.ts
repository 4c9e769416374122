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
import { createGraph } from "../graph.ts";
import type { Graph } from "../graph.ts";
import type { PageCredentials } from "./credentials.ts";
import { fetchProfile, openFile } from "./download.ts";
import { classify } from "./errors.ts";
import { perform } from "./perform.ts";
import type { Platform } from "./platform.ts";
import { sharePage, siblingsOfApp } from "./siblings.ts";
import { graphOfApp, leadAway, unsubscribePage } from "./subscribe.ts";
import { keepSubscribed } from "./watch.ts";

export function openFor(platform: Platform) {
  return (credentials: PageCredentials, host: ConnectorHost): ConnectorSession =>
    new PageSession(platform, credentials, host);
}

/** A connected page, or the Instagram account that is linked to it. */
class PageSession implements ConnectorSession {
  readonly mode = "webhook";
  private readonly platform: Platform;
  private readonly host: ConnectorHost;
  private readonly appSecret: string;
  private readonly graph: Graph;

  constructor(platform: Platform, { pageToken, appSecret }: PageCredentials, host: ConnectorHost) {
    this.platform = platform;
    this.host = host;
    this.appSecret = appSecret;
    this.graph = createGraph(pageToken, host, classify);
  }

  run(): Promise<void> {
    const { appSecret } = this;
    return keepSubscribed(this.graph, this.platform, this.host, { appSecret, findApp: () => this.findApp() });
  }

  perform(command: OutboundCommand): Promise<SendResult> {
    return perform(this.graph, this.platform, command);
  }

  downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload> {
    const { maxDownloadBytes = 0 } = this.platform.capabilities;
    return openFile(this.host, source, signal, maxDownloadBytes);
  }

  async fetchProfile(peer: PeerAlias, signal: AbortSignal): Promise<PeerProfile> {
    if (peer.scheme !== this.platform.aliasScheme) return {};
    return fetchProfile(this.graph, peer, signal);
  }

  /** The address first: a token that was taken away must not keep it here. */
  async disconnect(): Promise<void> {
    const others = await siblingsOfApp(this.host, this.appSecret);
    if (!others.some(({ kind }) => kind === this.platform.kind)) {
      const appId = await this.findApp();
      await leadAway(graphOfApp(appId, this.appSecret, this.host), appId, this.platform, this.host);
    }
    if (!(await sharePage(this.graph, this.host, others))) await unsubscribePage(this.graph);
  }

  private async findApp(): Promise<string> {
    const { data } = app.safeParse(await this.graph.call("app"));
    if (data) return data.id;
    throw new ConnectorError("retry", "platform_error", "app: an answer of no known shape");
  }
}

const app = z.object({ id: z.coerce.string() });
