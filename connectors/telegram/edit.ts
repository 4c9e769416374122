import type { RawApi } from "grammy";
import { ConnectorError } from "../contract.ts";
import type { OutboundCommand } from "../contract.ts";
import { keyboardOf } from "./buttons.ts";
import { outgoingEntities } from "./entities.ts";
import { checkCaption, checkText } from "./limits.ts";
import { parseThread } from "./thread.ts";

type EditCommand = Extract<OutboundCommand, { op: "edit" }>;

/** Changes a text or a caption: which of the two it is, Telegram knows better than a content without its files. */
export async function edit(api: RawApi, command: EditCommand): Promise<void> {
  if (command.content.attachments?.length) return editCaption(api, command);
  try {
    await editText(api, command);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "not_a_text") throw error;
    await editCaption(api, command);
  }
}

async function editText(api: RawApi, command: EditCommand): Promise<void> {
  const { text = "", entities } = command.content;
  checkText(text);
  await api.editMessageText({ ...targetOf(command), text, entities: outgoingEntities(entities) });
}

async function editCaption(api: RawApi, command: EditCommand): Promise<void> {
  const { text = "", entities } = command.content;
  checkCaption(text);
  await api.editMessageCaption({
    ...targetOf(command),
    caption: text,
    caption_entities: outgoingEntities(entities),
  });
}

function targetOf({ threadKey, externalId, content }: EditCommand) {
  const { message_thread_id: _topic, ...chat } = parseThread(threadKey);
  return { ...chat, message_id: Number(externalId), ...keyboardOf(content.buttons) };
}
