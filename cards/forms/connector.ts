/**
 * A card's forms as a channel like any other. Nobody writes there by hand: what is sent arrives as a message, and an answer
 * goes by e-mail where the sender left an address and the hub sends e-mail.
 */
import { z } from "zod";
import {
  ConnectorError,
  card,
  defineConnector,
  textsAlone,
  type Capabilities,
  type Connector,
  type InboundEvent,
  type OutboundCommand,
  type SendResult,
} from "../../connectors/contract.ts";
import type { Mail } from "../../core/mail.ts";
import { letterOf } from "./letter.ts";

export const formKind = "card";

const texts: Capabilities = {
  ...textsAlone,
  text: { max: 10_000, caption: 10_000, unit: "utf16" },
  media: {},
  rate: { account: { count: 60, perMs: 60_000 }, peer: { count: 10, perMs: 60_000 } },
};
const nothing: Capabilities = { ...texts, answers: false };

const alias = z.object({ scheme: z.string(), scope: z.string(), value: z.string() });
/** What the hub itself writes into the store of deliveries when somebody has sent a form. */
export const formUpdate = z.object({
  id: z.string(),
  threadKey: z.string(),
  orderKey: z.string(),
  at: z.iso.datetime(),
  peer: z.object({
    aliases: z.tuple([alias]),
    name: z.string(),
    email: z.string().optional(),
    phone: z.string().optional(),
    locale: z.string().optional(),
  }),
  text: z.string().max(20_000).optional(),
  card,
  from: z.string(),
  referral: z.string().optional(),
});
export type FormUpdate = z.output<typeof formUpdate>;

function parseUpdate(body: Uint8Array, at: Date): InboundEvent[] {
  const parsed = formUpdate.safeParse(readJson(body));
  const nobody = { dedupKey: "", orderKey: "", threadKey: "", at };
  if (!parsed.success) return [{ type: "unknown", nativeType: "malformed", ...nobody }];
  const { id, threadKey, orderKey, peer, text, card, from, referral } = parsed.data;
  const { email, phone, locale } = peer;
  return [
    {
      type: "message",
      dedupKey: `f:${id}`,
      externalId: id,
      threadKey,
      orderKey,
      at: new Date(parsed.data.at),
      peer: {
        aliases: peer.aliases,
        name: peer.name,
        ...(email ? { email } : {}),
        ...(phone ? { phone } : {}),
        ...(locale ? { locale } : {}),
      },
      content: { ...(text ? { text } : {}), card },
      from,
      ...(referral ? { referral } : {}),
    },
  ];
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined; // whatever it is, it is not ours
  }
}

const credentials = z.object({ cardId: z.string(), name: z.string(), address: z.string() });

/**
 * `mail`: without one nobody can be answered. `others`: the hub's connectors; an answer to a letter goes to the business's
 * own mailbox where one of them has it.
 */
export function createFormConnector(
  mail: Mail | undefined,
  others: ReadonlyMap<string, Connector>,
): Connector {
  return defineConnector({
    kind: formKind,
    title: "Online card",
    setUpPath: "/cards",
    capabilities: mail ? texts : nothing,
    variants: [{ threads: "^(?!mail:)", capabilities: nothing }],
    credentials,
    steps: [],
    texts: {
      en: { "connect.text": "Forms and booking requests of a page for your bio" },
      ru: { "connect.text": "Формы и заявки на запись со страницы для шапки профиля" },
    },
    check: ({ cardId, name, address }) =>
      Promise.resolve({ externalId: cardId, name, handle: address, checks: [] }),
    open: ({ cardId }, host) => ({
      run() {
        host.reportHealth("connected");
        return new Promise((resolve) => host.signal.addEventListener("abort", () => resolve()));
      },
      perform: (command) => perform(mail, mailboxKinds(others), cardId, command),
      downloadMedia: () => Promise.reject(new ConnectorError("permanent", "no_such_file", "")),
    }),
    verifyWebhook: () => false,
    parseUpdate,
  });
}

function mailboxKinds(connectors: ReadonlyMap<string, Connector>): string[] {
  return [...connectors.values()].filter((one) => one.capabilities.outbound.letters).map(({ kind }) => kind);
}

async function perform(
  mail: Mail | undefined,
  mailboxes: string[],
  cardId: string,
  command: OutboundCommand,
): Promise<SendResult> {
  if (command.op !== "send") throw new ConnectorError("unsupported", "unsupported", "");
  const { threadKey, content } = command;
  const letter = await letterOf({ cardId, threadKey, text: content.text ?? "", mailboxes });
  if (!mail || !letter)
    throw new ConnectorError("permanent", "no_recipient", "nobody left an e-mail address");
  try {
    await mail.send(letter);
  } catch (error) {
    throw toFailure(error);
  }
  return { externalIds: [command.idempotencyKey], at: new Date() };
}

const smtpFailure = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  syscall: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().optional().catch(undefined),
});

/** Only what certainly never left is tried again. */
function toFailure(error: unknown): ConnectorError {
  const cause = error instanceof Error ? error.cause : undefined;
  const {
    code = "",
    message = "",
    syscall,
    responseCode,
    response = "",
  } = smtpFailure.safeParse(cause).data ?? {};
  if (responseCode !== undefined) {
    const later = responseCode < 500 || code === "EAUTH";
    return later
      ? new ConnectorError("retry", "server_busy", response.slice(0, 300), { retryAfterMs: 60_000 })
      : new ConnectorError("permanent", "letter_refused", response.slice(0, 300));
  }
  const before = syscall === "connect" || code === "EDNS" || /connection timeout|greeting/i.test(message);
  return before
    ? new ConnectorError("retry", "network", `the mail server was not reached (${code})`)
    : new ConnectorError("unknown", "network", `the mail server's answer never came (${code})`);
}
