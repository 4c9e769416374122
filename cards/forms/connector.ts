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
import { AppError } from "../../core/errors.ts";
import type { Mail } from "../../core/mail.ts";
import { countLetter, forgetLetter } from "./letter-limits.ts";
import { letterOf, type FormLetter } from "./letter.ts";

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
 * own mailbox where one of them has it. `open`: anybody may register a workspace here, so that letters are few.
 */
export function createFormConnector(
  mail: Mail | undefined,
  others: ReadonlyMap<string, Connector>,
  open: boolean,
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
      en: {
        "connect.text": "Forms and booking requests of a page for your bio",
        "errors.no_recipient": "No e-mail address was left that a letter can go to.",
        "errors.letter_unanswered":
          "One letter has gone to this address, and nobody has answered it by mail yet. The next one may go after the answer, or in a week.",
        "errors.letters_limited": "No more letters go out by forms today.",
        "errors.letter_refused": "The mail server refused the letter.",
        "errors.server_busy": "The mail server asked to try later.",
        "errors.network": "The answer of the mail server never came.",
      },
      ru: {
        title: "Онлайн-визитка",
        "connect.text": "Формы и заявки на запись со страницы для шапки профиля",
        "errors.no_recipient": "Не оставлено адреса, на который можно отправить письмо.",
        "errors.letter_unanswered":
          "На этот адрес уже ушло письмо, и по почте на него пока не ответили. Следующее можно отправить после ответа или через неделю.",
        "errors.letters_limited": "Сегодня письма в ответ на формы больше не уходят.",
        "errors.letter_refused": "Почтовый сервер отклонил письмо.",
        "errors.server_busy": "Почтовый сервер просит попробовать позже.",
        "errors.network": "Ответ почтового сервера так и не пришёл.",
      },
    },
    check: ({ cardId, name, address }) =>
      Promise.resolve({ externalId: cardId, name, handle: address, checks: [] }),
    open: ({ cardId }, host) => ({
      run() {
        host.reportHealth("connected");
        return new Promise((resolve) => host.signal.addEventListener("abort", () => resolve()));
      },
      perform: (command) => perform(mail, { cardId, mailboxes: mailboxKinds(others), open }, command),
      downloadMedia: () => Promise.reject(new ConnectorError("permanent", "no_such_file", "")),
    }),
    verifyWebhook: () => false,
    parseUpdate,
  });
}

function mailboxKinds(connectors: ReadonlyMap<string, Connector>): string[] {
  return [...connectors.values()].filter((one) => one.capabilities.outbound.letters).map(({ kind }) => kind);
}

interface Account {
  cardId: string;
  mailboxes: string[];
  open: boolean;
}

async function perform(
  mail: Mail | undefined,
  { cardId, mailboxes, open }: Account,
  command: OutboundCommand,
): Promise<SendResult> {
  if (command.op !== "send") throw new ConnectorError("unsupported", "unsupported", "");
  const { threadKey, content, idempotencyKey: key } = command;
  const letter = await beforeSending(async () => {
    const found = await letterOf({ cardId, threadKey, text: content.text ?? "", mailboxes });
    if (!mail || !found)
      throw new ConnectorError("permanent", "no_recipient", "nobody left an e-mail address");
    await countLetter({ ...found, key, mailboxes, open });
    return { mail, ...found };
  });
  await send(letter, key);
  return { externalIds: [key], at: new Date() };
}

/** Whatever fails here, nothing has left yet. */
async function beforeSending<T>(prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError("retry", "store_away", "the letter could not be written", { cause: error });
  }
}

async function send(
  { mail, workspaceId, ...letter }: FormLetter & { mail: Mail },
  key: string,
): Promise<void> {
  try {
    await mail.send(letter);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.class !== "unknown") await forgetLetter({ workspaceId, key });
    throw failure;
  }
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
  if (error instanceof AppError && error.code === "invalid_input")
    return new ConnectorError("permanent", "no_recipient", "the address is none");
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
