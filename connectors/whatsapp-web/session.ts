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
import { findBrowser, type BrowserSearch } from "./browser.ts";
import type { WebCredentials } from "./credentials.ts";
import { Intake } from "./intake.ts";
import { launchChild, type Launch } from "./launch.ts";
import { orderOf } from "./orders.ts";
import { isPicture, openPicture } from "./picture.ts";
import { Seal } from "./seal.ts";
import { patience, Supervisor, type Ending, type Patience } from "./supervisor.ts";
import type { FromChild } from "./wire.ts";

/** What tests put in the place of the real thing. */
export interface Parts {
  launch?: Launch;
  wait?: Patience;
  browser?: BrowserSearch;
}

export function openSession(
  credentials: WebCredentials,
  host: ConnectorHost,
  { launch = launchChild, wait = patience, browser = {} }: Parts = {},
): ConnectorSession {
  return new WebSession(credentials, host, launch, wait, browser);
}

const codeLivesMs = 20_000;
/** WhatsApp stops showing new codes after a while; then a person has to ask for one. */
const codesMs = 5 * 60_000;
/** A store that is away is asked again this often. */
const longestWaitForStore = 30_000;

/** Where the ids of people live, by the scheme of their alias. */
const servers: Record<string, string> = { wa_phone: "c.us", wa_lid: "lid" };

const sent = z.object({ id: z.string(), at: z.number() });
const file = z.object({ mime: z.string(), name: z.string().optional(), data: z.instanceof(Uint8Array) });

class WebSession implements ConnectorSession {
  readonly mode = "browser";
  private readonly credentials: WebCredentials;
  private readonly host: ConnectorHost;
  private readonly wait: Patience;
  private readonly browser: BrowserSearch;
  private readonly supervisor: Supervisor;
  private readonly seal: Seal;
  private readonly intake: Intake;
  private online = false;
  private failures = 0;
  private firstCodeAt: number | undefined;
  private wake: (() => void) | undefined;
  private restart: AbortController | undefined;

  constructor(
    credentials: WebCredentials,
    host: ConnectorHost,
    launch: Launch,
    wait: Patience,
    browser: BrowserSearch,
  ) {
    this.credentials = credentials;
    this.host = host;
    this.wait = wait;
    this.browser = browser;
    this.seal = new Seal(host);
    this.supervisor = new Supervisor(launch, wait, (message) => this.take(message));
    this.intake = new Intake({
      host,
      firstWait: wait.firstWait,
      longestWait: Math.min(wait.longestWait, longestWaitForStore),
      onTrouble: (away) => {
        if (away) host.reportHealth("degraded", problem("not_stored", ""));
        else if (this.online) host.reportHealth("connected");
      },
    });
  }

  async run(): Promise<void> {
    const { signal } = this.host;
    this.host.reportHealth("connecting");
    while (!signal.aborted) {
      try {
        const ending = await this.runOnce();
        if (signal.aborted) break;
        await this.recover(ending);
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        this.host.reportHealth("disconnected", problem(error.code, error.message));
        this.host.reportLogin(undefined);
        await this.pause(undefined);
      }
    }
    await this.seal.close();
  }

  async perform(command: OutboundCommand): Promise<SendResult> {
    const order = await orderOf(command);
    if (!order) return { externalIds: [], at: new Date() };
    const value = await this.supervisor.ask(order, command.signal);
    if (command.op !== "send") return { externalIds: [], at: new Date() };
    const { id, at } = sent.parse(value);
    return { externalIds: [id], at: new Date(at * 1000) };
  }

  async downloadMedia(source: MediaSource, signal: AbortSignal): Promise<MediaDownload> {
    if (source.type === "url") return openPicture(this.host, source.value, signal);
    if (source.type !== "message")
      throw new ConnectorError("permanent", "file_unavailable", `a source of type ${source.type}`);
    const found = file.parse(await this.supervisor.ask({ do: "download", id: source.value }, signal));
    return {
      body: once(found.data),
      size: found.data.byteLength,
      mime: found.mime.split(";")[0] ?? found.mime,
      ...(found.name !== undefined && { fileName: found.name }),
    };
  }

  /** The picture that the phone may see; the name came with what they wrote. */
  async fetchProfile({ scheme, value }: PeerAlias, signal: AbortSignal): Promise<PeerProfile> {
    const server = servers[scheme];
    if (server === undefined) return {};
    const url = await this.supervisor.ask({ do: "picture", chat: `${value}@${server}` }, signal);
    return typeof url === "string" && isPicture(url) ? { avatar: { type: "url", value: url } } : {};
  }

  /** Starts anew, with a fresh code. */
  requestLogin(): Promise<void> {
    this.firstCodeAt = undefined;
    this.wake?.();
    this.restart?.abort();
    return Promise.resolve();
  }

  async disconnect(): Promise<void> {
    await this.supervisor.ask({ do: "logout" });
    await this.seal.forget();
  }

  private async runOnce(): Promise<Ending> {
    const browser = await findBrowser(this.browser);
    const folder = await this.seal.open();
    this.host.reportLogin({ phase: "starting" });
    const { proxyUrl } = this.credentials;
    const { apiRoot, signal } = this.host;
    this.restart = new AbortController();
    const ending = await this.supervisor.run(
      {
        folder,
        browser,
        ...(proxyUrl !== undefined && { proxyUrl }),
        ...(apiRoot !== undefined && { root: apiRoot }),
      },
      AbortSignal.any([signal, this.restart.signal]),
    );
    this.online = false;
    this.intake.rest();
    return ending;
  }

  private async recover(ending: Ending): Promise<void> {
    if (ending === "logged_out") {
      await this.seal.forget();
      this.failures = 0;
      this.host.reportHealth("needs_login", problem("logged_out", "the phone signed this device out"));
      return;
    }
    if (ending === "stopped") return this.isExpired ? this.pause(undefined) : undefined;
    this.failures += 1;
    this.host.log.warn({ ending, failures: this.failures }, "the browser of an account is started again");
    this.host.reportHealth("degraded", problem(ending === "hung" ? "browser_hung" : "browser_gone", ""));
    await this.pause(
      Math.min(this.wait.longestWait, this.wait.firstWait * 2 ** Math.min(this.failures - 1, 10)),
    );
  }

  private get isExpired(): boolean {
    return this.firstCodeAt !== undefined && Date.now() - this.firstCodeAt > codesMs;
  }

  /** Waits; a wish to sign in and the account's end end it early. */
  private pause(ms: number | undefined): Promise<void> {
    const { signal } = this.host;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.wake = undefined;
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      this.wake = done;
      if (signal.aborted) done();
      else signal.addEventListener("abort", done, { once: true });
    });
  }

  private take(message: FromChild): void {
    switch (message.says) {
      case "qr":
        return this.showCode(message.qr);
      case "authenticated":
      case "loading":
        this.firstCodeAt = undefined;
        this.host.reportLogin({ phase: "loading" });
        return this.host.reportHealth("connecting");
      case "ready":
        return this.welcome(message.account);
      case "lost":
        this.online = false;
        this.host.log.warn({ reason: message.reason.slice(0, 200) }, "the browser reports trouble");
        return this.host.reportHealth("degraded", problem("connection_lost", message.reason.slice(0, 200)));
      case "unsandboxed":
        return this.host.log.warn({}, "this machine gives the browser no sandbox; it runs without one");
      case "update":
        return this.intake.add(message.update);
      default:
        return undefined;
    }
  }

  private showCode(qr: string): void {
    this.firstCodeAt ??= Date.now();
    if (this.isExpired) {
      this.host.reportLogin({ phase: "expired" });
      this.restart?.abort();
      return;
    }
    this.failures = 0;
    this.host.reportHealth("needs_login", problem("scan", "a phone has to scan the code"));
    this.host.reportLogin({
      phase: "waiting",
      qr,
      expiresAt: new Date(Date.now() + codeLivesMs).toISOString(),
    });
  }

  /** What was missed while nobody listened is fetched. */
  private welcome({ id, name }: { id: string; name: string }): void {
    this.online = true;
    this.failures = 0;
    this.firstCodeAt = undefined;
    this.host.reportLogin({ phase: "connected" });
    this.host.reportLogin(undefined);
    this.host.reportHealth("connected");
    void this.intake.catchUp((since) => this.supervisor.ask({ do: "history", since }));
    this.host
      .reportAccount({ name: name || `+${id}`, handle: `+${id}`, link: `https://wa.me/${id}` })
      .catch((err: unknown) => this.host.log.error({ err }, "the account's name could not be stored"));
  }
}

function problem(code: string, message: string): { code: string; message: string } {
  return { code, message };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
