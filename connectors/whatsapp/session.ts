import type {
  ConnectorHost,
  ConnectorSession,
  MediaDownload,
  MediaSource,
  MessageTemplate,
  OutboundCommand,
  SendResult,
} from "../contract.ts";
import { ConnectorError } from "../contract.ts";
import { createGraph } from "../graph.ts";
import type { Graph } from "../graph.ts";
import { credentials as shape, type WhatsappCredentials } from "./credentials.ts";
import { classify } from "./errors.ts";
import { openMedia } from "./media.ts";
import { fetchSubscription, giveBack, isOurs } from "./number.ts";
import { recipientOf, send } from "./send.ts";
import { fetchTemplates, type KnownTemplate } from "./templates.ts";
import { watch } from "./watch.ts";

/** A connected number. */
export function openSession(credentials: WhatsappCredentials, host: ConnectorHost): ConnectorSession {
  return new WhatsappSession(credentials, host);
}

type Command<Op extends OutboundCommand["op"]> = Extract<OutboundCommand, { op: Op }>;
const rememberedThreads = 500;

class WhatsappSession implements ConnectorSession {
  readonly mode = "webhook";
  private readonly credentials: WhatsappCredentials;
  private readonly host: ConnectorHost;
  private readonly graph: Graph;
  private templates: KnownTemplate[] | undefined;
  /** The last message that was read, by thread: "typing" is said of a message. */
  private readonly lastRead = new Map<string, string>();

  constructor(credentials: WhatsappCredentials, host: ConnectorHost) {
    this.credentials = credentials;
    this.host = host;
    this.graph = createGraph(credentials.accessToken, host, classify);
  }

  run(): Promise<void> {
    return watch(this.graph, this.credentials, this.host);
  }

  async perform(command: OutboundCommand): Promise<SendResult> {
    if (command.op === "send") return send(this.line, command, (...names) => this.namesOf(...names));
    await this.change(command);
    return { externalIds: [], at: new Date() };
  }

  downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload> {
    return openMedia(this.graph, source, signal);
  }

  async listTemplates(signal: AbortSignal): Promise<MessageTemplate[]> {
    this.templates = await fetchTemplates(this.graph, this.credentials.businessAccountId, signal);
    return this.templates.map(({ names: _names, ...template }) => template);
  }

  /** Only when the account's messages came here, and no other of its numbers is still connected. */
  async disconnect(): Promise<void> {
    const { webhookUrl } = this.host;
    if (await this.sharesAccount()) return;
    const app = await this.graph.call("app");
    const appId = typeof app === "object" && app !== null && "id" in app ? String(app.id) : "";
    const subscription = await fetchSubscription(this.graph, this.credentials, appId);
    if (webhookUrl !== undefined && isOurs(subscription?.url, webhookUrl))
      await giveBack(this.graph, this.credentials);
  }

  private async sharesAccount(): Promise<boolean> {
    const { businessAccountId, appSecret } = this.credentials;
    const others = await this.host.siblings();
    return others.some(({ credentials }) => {
      const { data } = shape.safeParse(credentials);
      return data?.businessAccountId === businessAccountId && data.appSecret === appSecret;
    });
  }

  private get line() {
    return { graph: this.graph, phoneNumberId: this.credentials.phoneNumberId };
  }

  private change(command: Exclude<OutboundCommand, { op: "send" }>): Promise<unknown> {
    switch (command.op) {
      case "react":
        return this.react(command);
      case "markRead":
        this.remember(command.threadKey, command.externalId);
        return this.tell({ status: "read", message_id: command.externalId }, command.signal);
      case "typing":
        return this.typing(command);
      case "acknowledgeAction":
        return Promise.resolve();
      case "edit":
      case "delete":
        throw new ConnectorError(
          "unsupported",
          "not_changeable",
          "WhatsApp does not let messages be changed",
        );
    }
  }

  private react({ threadKey, externalId, emojis, signal }: Command<"react">): Promise<unknown> {
    const reaction = { message_id: externalId, emoji: emojis.at(-1) ?? "" };
    const to = { recipient_type: "individual", ...recipientOf(threadKey) };
    return this.tell({ ...to, type: "reaction", reaction }, signal);
  }

  private typing({ threadKey, signal }: Command<"typing">): Promise<unknown> {
    const read = this.lastRead.get(threadKey);
    if (read === undefined) return Promise.resolve();
    return this.tell({ status: "read", message_id: read, typing_indicator: { type: "text" } }, signal);
  }

  private tell(what: object, signal: AbortSignal): Promise<unknown> {
    const json = { messaging_product: "whatsapp", ...what };
    return this.graph.call(`${this.credentials.phoneNumberId}/messages`, { method: "POST", json, signal });
  }

  private remember(threadKey: string, externalId: string): void {
    this.lastRead.delete(threadKey);
    this.lastRead.set(threadKey, externalId);
    const [oldest] = this.lastRead.keys();
    if (this.lastRead.size > rememberedThreads && oldest !== undefined) this.lastRead.delete(oldest);
  }

  private async namesOf(name: string, language: string, signal: AbortSignal): Promise<string[] | undefined> {
    if (!this.templates) await this.listTemplates(signal);
    return this.templates?.find((one) => one.name === name && one.language === language)?.names;
  }
}
