/** Receiving: IDLE where the server has it, asking every minute otherwise. The place reached is kept. */
import type { ImapFlow } from "imapflow";
import { ConnectorError, type ConnectorHost } from "../contract.ts";
import { sourceLimit } from "./capabilities.ts";
import type { EmailCredentials } from "./credentials.ts";
import { imapError } from "./errors.ts";
import { readFacts, unreadable, type Facts } from "./facts.ts";
import { connectImap } from "./imap.ts";
import { keepThread } from "./kept-thread.ts";
import { keepPlace, placeAfter, readPlace, type Place } from "./place.ts";

const firstWaitMs = 500;
const longestWaitMs = 60_000;
/** An IMAP server may forget to say that something came. */
const lookEveryMs = 60_000;

export async function receiveLetters(credentials: EmailCredentials, host: ConnectorHost): Promise<void> {
  host.reportHealth("connecting");
  let failures = 0;
  while (!host.signal.aborted) {
    try {
      await watchMailbox(credentials, host, () => (failures = 0));
    } catch (error) {
      if (host.signal.aborted) return;
      const { class: failure, code, message } = describe(error);
      failures += 1;
      host.log.warn({ code, failures }, "receiving letters failed");
      host.reportHealth(failure === "auth" ? "needs_login" : "degraded", { code, message });
      if (failure === "auth") return;
      await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 10)), host.signal);
    }
  }
}

/** Anything but a ConnectorError came from storing the letters. */
function describe(error: unknown): Pick<ConnectorError, "class" | "code" | "message"> {
  if (error instanceof ConnectorError) return error;
  return { class: "retry", code: "not_stored", message: "letters could not be stored" };
}

async function watchMailbox(
  credentials: EmailCredentials,
  host: ConnectorHost,
  well: () => void,
): Promise<void> {
  const client = await connectImap(credentials, host);
  const close = (): void => client.close();
  host.signal.addEventListener("abort", close);
  const bell = new Bell(client);
  try {
    await client.mailboxOpen("INBOX", { readOnly: true }).catch(asMailFailure);
    let place = await begin(client, host);
    host.reportHealth("connected");
    while (!host.signal.aborted && client.usable) {
      place = await takeNew(client, place, credentials.address, host);
      well();
      await bell.rung();
    }
    if (!host.signal.aborted)
      throw new ConnectorError("retry", "network", "the connection to the mailbox ended");
  } finally {
    host.signal.removeEventListener("abort", close);
    bell.stop();
    client.close();
  }
}

/** Where reading goes on; in a mailbox that was made anew, with its last day. */
async function begin(client: ImapFlow, host: ConnectorHost): Promise<Place> {
  const { mailbox } = client;
  if (!mailbox) throw new ConnectorError("retry", "network", "the mailbox is not open");
  const known = await readPlace(host);
  const fresh = placeAfter(mailbox);
  if (!known) return keepPlace(fresh, host);
  if (known.uidValidity === fresh.uidValidity) return known;
  const since = await client.search({ since: known.at }, { uid: true }).catch(asMailFailure);
  const [first] = Array.isArray(since) ? since.toSorted((a, b) => a - b) : [];
  return keepPlace({ ...fresh, uid: first === undefined ? fresh.uid : first - 1, at: known.at }, host);
}

/** One letter after the other: the place moves on when a letter is stored, and not before. */
async function takeNew(client: ImapFlow, place: Place, own: string, host: ConnectorHost): Promise<Place> {
  const found = await client.search({ uid: `${place.uid + 1}:*` }, { uid: true }).catch(asMailFailure);
  // "n:*" always holds the newest letter, even when it is older than n.
  const uids = (Array.isArray(found) ? found : []).filter((uid) => uid > place.uid).toSorted((a, b) => a - b);
  let reached = place;
  for (const uid of uids) {
    const letter = await fetchLetter(client, place.uidValidity, uid);
    if (letter) {
      if (!letter.automatic && !letter.bounce && letter.from.address !== own)
        await keepThread(letter, own, host).catch(() =>
          host.log.warn({ uid }, "what an answer needs of a letter could not be kept"),
        );
      if (letter.automatic === unreadable) host.log.warn({ uid }, "a letter could not be read");
      await host.receive([new TextEncoder().encode(JSON.stringify(letter))]);
    }
    reached = await keepPlace({ ...place, uid, at: letter?.arrivedAt ?? place.at }, host);
  }
  return reached;
}

async function fetchLetter(client: ImapFlow, uidValidity: string, uid: number): Promise<Facts | undefined> {
  const query = { source: { maxLength: sourceLimit }, internalDate: true, uid: true };
  const found = await client.fetchOne(String(uid), query, { uid: true }).catch(asMailFailure);
  if (!found || !found.source) return undefined;
  const arrivedAt = new Date(found.internalDate ?? Date.now());
  return readFacts({ uidValidity, uid, arrivedAt, source: found.source });
}

function asMailFailure(error: unknown): never {
  throw imapError(error);
}

/** Rings when a letter comes, when the connection ends, and every now and then. */
class Bell {
  private readonly timer: NodeJS.Timeout;
  private waiting: (() => void) | undefined;
  private due = false;

  constructor(client: ImapFlow) {
    client.on("exists", () => this.ring());
    client.on("close", () => this.ring());
    this.timer = setInterval(() => this.ring(), lookEveryMs);
  }

  rung(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      if (this.due) this.ring();
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private ring(): void {
    this.due = this.waiting === undefined;
    this.waiting?.();
    this.waiting = undefined;
  }
}

/** Waits; ends early, without complaint, when the signal does. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
