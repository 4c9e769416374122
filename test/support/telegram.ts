/** A Telegram connector with a host that records, against any Bot API server. */
import { ConnectorError } from "../../connectors/contract.ts";
import telegram from "../../connectors/telegram/index.ts";
import type {
  ConnectorHost,
  ConnectorSession,
  HealthState,
  InboundEvent,
  Media,
  MediaKind,
  OutboundAttachment,
  OutboundCommand,
  OutboundContent,
  OutboundFile,
  WebhookRequest,
} from "../../connectors/contract.ts";

export const token = "7418025591:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";
export const webhookSecret = "c2VjcmV0LW9mLXRoZS13ZWJob29rLWZvci10ZXN0cy0";

export interface RecordingHost extends ConnectorHost {
  stop(): void;
  /** Updates that were stored, as received. */
  received: Uint8Array[];
  /** The same, parsed. */
  events: InboundEvent[];
  health: { state: HealthState; problem: { code: string; message: string } | undefined }[];
  /** Everything that was logged, as text. */
  logged: string[];
}

export function recordingHost(overrides: Partial<ConnectorHost> = {}): RecordingHost {
  const controller = new AbortController();
  const host: Pick<RecordingHost, "received" | "events" | "health" | "logged"> = {
    received: [],
    events: [],
    health: [],
    logged: [],
  };
  const log = (data: object, message: string): void =>
    void host.logged.push(`${message} ${JSON.stringify(data)}`);
  return {
    ...host,
    signal: controller.signal,
    stop: () => controller.abort(),
    fetch,
    reach: (hostname) => Promise.resolve(hostname),
    apiRoot: undefined,
    webhookUrl: undefined,
    webhookSecret,
    ...nothingKept(),
    log: { debug: log, info: log, warn: log, error: log },
    receive(updates) {
      host.received.push(...updates);
      host.events.push(...updates.flatMap((update) => telegram.parseUpdate(update, new Date())));
      return Promise.resolve();
    },
    reportHealth: (state, problem) => void host.health.push({ state, problem }),
    ...overrides,
  };
}

/** The parts of a host that Telegram does not use. */
export function nothingKept(): Pick<
  ConnectorHost,
  "kept" | "folder" | "saveCredentials" | "reportLogin" | "reportAccount" | "siblings"
> {
  const values = new Map<string, string>();
  return {
    kept: {
      read: (name) => Promise.resolve(values.get(name)),
      write: (name, value) =>
        Promise.resolve(void (value === null ? values.delete(name) : values.set(name, value))),
    },
    folder: () => Promise.reject(new Error("no folder in this test")),
    saveCredentials: () => Promise.resolve(),
    reportLogin: () => undefined,
    reportAccount: () => Promise.resolve(),
    siblings: () => Promise.resolve([]),
  };
}

export function openSession(host: ConnectorHost, credentials: Record<string, string> = {}): ConnectorSession {
  return telegram.open(telegram.credentials.parse({ token, ...credentials }), host);
}

/** A webhook's request with what a test does not care about filled in. */
export function webhookOf(
  headers: Record<string, string | undefined>,
  body: Uint8Array,
  secret = webhookSecret,
): WebhookRequest {
  return { method: "POST", query: {}, headers, body, secret };
}

type Send = Extract<OutboundCommand, { op: "send" }>;

/** A send command with what a test does not care about filled in. */
export function sendOf(threadKey: string, content: OutboundContent, more: Partial<Send> = {}): Send {
  return {
    op: "send",
    threadKey,
    content,
    idempotencyKey: "test",
    signal: AbortSignal.timeout(20_000),
    ...more,
  };
}

/** A file of the hub's store that is given as bytes. */
export function fileOf(bytes: Uint8Array, name: string, mime: string): OutboundFile {
  async function* open(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += 65_536) {
      await Promise.resolve();
      yield bytes.subarray(at, at + 65_536);
    }
  }
  return { name, mime, size: bytes.byteLength, open, publicUrl: () => undefined };
}

/** An attachment of a kind, with its file. */
export function attachmentOf(
  kind: MediaKind,
  file: OutboundFile,
  media: Partial<Media> = {},
): OutboundAttachment {
  return { kind, media: { state: "stored", mime: file.mime, size: file.size, ...media }, file };
}

/** The ConnectorError that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error;
  throw new Error("a ConnectorError was expected", { cause: error });
}
