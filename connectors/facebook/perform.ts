/** Commands of the outbox as calls: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
import { z } from "zod";
import { ConnectorError } from "../contract.ts";
import type { OutboundCommand, SendResult } from "../contract.ts";
import type { Graph } from "../graph.ts";
import { withButtons } from "./buttons.ts";
import { heart } from "./capabilities.ts";
import { checkShape, checkText } from "./limits.ts";
import { uploadFor } from "./media.ts";
import type { Platform } from "./platform.ts";

type Command<Op extends OutboundCommand["op"]> = Extract<OutboundCommand, { op: Op }>;

export async function perform(
  graph: Graph,
  platform: Platform,
  command: OutboundCommand,
): Promise<SendResult> {
  switch (command.op) {
    case "send":
      return send(graph, platform, command);
    case "typing":
      return act(graph, command, { sender_action: "typing_on" });
    case "markRead":
      return act(graph, command, { sender_action: "mark_seen" });
    case "react":
      return act(graph, command, reactionOf(platform, command));
    case "acknowledgeAction":
      return { externalIds: [], at: new Date() };
    case "edit":
    case "delete":
      throw new ConnectorError("unsupported", "kind_unsupported", `${platform.title} cannot ${command.op}`);
  }
}

async function send(graph: Graph, platform: Platform, command: Command<"send">): Promise<SendResult> {
  const { threadKey, idempotencyKey, replyToExternalId, outsideWindow, signal } = command;
  if (command.forwardOf)
    throw new ConnectorError("unsupported", "kind_unsupported", `${platform.title} cannot forward`);
  const message = await messageOf(graph, platform, command);
  const answer = await graph.call("me/messages", {
    method: "POST",
    json: {
      recipient: { id: threadKey },
      ...(outsideWindow
        ? { messaging_type: "MESSAGE_TAG", tag: "HUMAN_AGENT" }
        : { messaging_type: "RESPONSE" }),
      message: { ...message, metadata: idempotencyKey },
      ...(replyToExternalId === undefined ? {} : { reply_to: { mid: replyToExternalId } }),
    },
    signal,
    sends: true,
  });
  const { data } = sent.safeParse(answer);
  if (!data) throw new ConnectorError("unknown", "platform_error", "messages: an answer of no known shape");
  return { externalIds: [data.message_id], at: new Date() };
}

const sent = z.object({ message_id: z.string() });

async function messageOf(graph: Graph, platform: Platform, command: Command<"send">): Promise<object> {
  const { content, signal } = command;
  checkShape(content);
  const [attachment] = content.attachments ?? [];
  if (attachment) return { attachment: await uploadFor(graph, platform, attachment, signal) };
  const { text = "" } = content;
  checkText(text, platform.capabilities.text);
  return withButtons(text, content.buttons);
}

/** Doing these twice is the same as once. */
async function act(
  graph: Graph,
  { threadKey, signal }: Pick<OutboundCommand, "threadKey" | "signal">,
  action: object,
): Promise<SendResult> {
  await graph.call("me/messages", {
    method: "POST",
    json: { recipient: { id: threadKey }, ...action },
    signal,
  });
  return { externalIds: [], at: new Date() };
}

function reactionOf({ kind, capabilities }: Platform, { externalId, emojis }: Command<"react">): object {
  const emoji = emojis.at(-1);
  if (emoji === undefined) return { sender_action: "unreact", payload: { message_id: externalId } };
  const allowed =
    kind === "facebook" || capabilities.outbound.reaction.includes(emoji) || emoji === bareHeart;
  if (!allowed) throw new ConnectorError("unsupported", "reaction_unsupported", "a heart alone can be sent");
  const reaction = kind === "instagram" ? "love" : emoji;
  return { sender_action: "react", payload: { message_id: externalId, reaction } };
}

const bareHeart = heart.replace("\uFE0F", "");
