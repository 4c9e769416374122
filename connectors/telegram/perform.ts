/** Carries out one command of the outbox. */
import type { RawApi } from "grammy";
import { ConnectorError } from "../contract.ts";
import type { OutboundCommand, SendResult } from "../contract.ts";
import { edit } from "./edit.ts";
import { findReaction } from "./reactions.ts";
import { send } from "./send.ts";
import { parseThread } from "./thread.ts";

type Command<Op extends OutboundCommand["op"]> = Extract<OutboundCommand, { op: Op }>;

export async function perform(api: RawApi, command: OutboundCommand): Promise<SendResult> {
  if (command.op === "send") return send(api, command);
  await change(api, command);
  return { externalIds: [], at: new Date() };
}

function change(api: RawApi, command: Exclude<OutboundCommand, { op: "send" }>): Promise<unknown> {
  switch (command.op) {
    case "edit":
      return done("not_modified", edit(api, command));
    case "delete":
      return done("already_deleted", remove(api, command));
    case "react":
      return react(api, command);
    case "typing":
      return api.sendChatAction({ ...parseThread(command.threadKey), action: "typing" });
    case "markRead":
      return markRead(api, command);
    case "acknowledgeAction":
      return done("action_too_old", acknowledge(api, command));
  }
}

/** A refusal that says that things already are as asked for is no failure. */
async function done(code: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== code) throw error;
  }
}

/** Telegram deletes at most 100 messages in one call. */
async function remove(api: RawApi, { threadKey, externalIds }: Command<"delete">): Promise<void> {
  const { chat_id, business_connection_id } = parseThread(threadKey);
  const ids = externalIds.map(Number);
  if (business_connection_id !== undefined) return removeForBusiness(api, business_connection_id, ids);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    await api.deleteMessage({ chat_id, message_id: only });
    return;
  }
  for (let from = 0; from < ids.length; from += 100)
    await api.deleteMessages({ chat_id, message_ids: ids.slice(from, from + 100) });
}

/** The owner's own messages and the customer's alike, where the owner allowed it. */
async function removeForBusiness(api: RawApi, business_connection_id: string, ids: number[]): Promise<void> {
  for (let from = 0; from < ids.length; from += 100)
    await api.deleteBusinessMessages({ business_connection_id, message_ids: ids.slice(from, from + 100) });
}

/** In its own chats a bot cannot; for a business account it may, where the owner allowed it. */
async function markRead(api: RawApi, { threadKey, externalId }: Command<"markRead">): Promise<void> {
  const { chat_id, business_connection_id } = parseThread(threadKey);
  if (business_connection_id === undefined)
    throw new ConnectorError("unsupported", "bad_request", "bots cannot mark messages as read");
  await api.readBusinessMessage({ business_connection_id, chat_id, message_id: Number(externalId) });
}

/** A bot may leave one reaction on a message: the last one asked for counts. */
async function react(api: RawApi, { threadKey, externalId, emojis }: Command<"react">): Promise<void> {
  const wanted = emojis.at(-1);
  const emoji = wanted === undefined ? undefined : findReaction(wanted);
  if (wanted !== undefined && emoji === undefined)
    throw new ConnectorError("unsupported", "reaction_unsupported", "Telegram has no such reaction");
  const { chat_id, business_connection_id } = parseThread(threadKey);
  if (business_connection_id !== undefined) throw notForBusiness();
  const reaction = emoji === undefined ? [] : [{ type: "emoji" as const, emoji }];
  await api.setMessageReaction({ chat_id, message_id: Number(externalId), reaction });
}

function acknowledge(api: RawApi, { ackToken }: Command<"acknowledgeAction">): Promise<unknown> {
  return api.answerCallbackQuery({ callback_query_id: ackToken });
}

function notForBusiness(): ConnectorError {
  return new ConnectorError(
    "unsupported",
    "business_impossible",
    "bots cannot do this for a business account",
  );
}
