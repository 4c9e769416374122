/** Message templates of a channel: asked for at the platform, remembered for five minutes. */
import {
  ConnectorError,
  type Attachment,
  type MessageTemplate,
  type TemplateUse,
} from "../connectors/contract.ts";
import { idOf } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import type { Inbox } from "./inbox.ts";
import type { ChannelRecord } from "./models/index.ts";

const lifeMs = 300_000;
const remembered = new WeakMap<Inbox, Map<string, { at: number; items: MessageTemplate[] }>>();

/** Throws `unsupported_by_channel` for a channel without templates, `channel_unreachable` when it cannot be asked. */
export async function listTemplates(
  inbox: Inbox,
  channel: ChannelRecord,
  { fresh = false } = {},
): Promise<MessageTemplate[]> {
  if (!inbox.accounts.connectorOf(channel.kind).capabilities.outbound.templates)
    throw new AppError("unsupported_by_channel", { what: "template" });
  const known = remembered.get(inbox) ?? new Map<string, { at: number; items: MessageTemplate[] }>();
  remembered.set(inbox, known);
  const former = known.get(idOf(channel));
  if (former && !fresh && Date.now() - former.at < lifeMs) return former.items;
  const items = await ask(inbox, channel);
  known.set(idOf(channel), { at: Date.now(), items });
  return items;
}

async function ask(inbox: Inbox, channel: ChannelRecord): Promise<MessageTemplate[]> {
  const session = inbox.accounts.session(channel._id);
  if (!session?.listTemplates)
    throw new AppError("channel_unreachable", { code: "not_running", message: "" });
  try {
    return await session.listTemplates(AbortSignal.timeout(20_000));
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw new AppError("channel_unreachable", { code: error.code, message: error.message }, error);
  }
}

/**
 * The template's words with its places filled; refuses one that the platform does not have, places left empty, and
 * another file than it begins with.
 */
export async function fillTemplate(
  inbox: Inbox,
  channel: ChannelRecord,
  use: TemplateUse,
  attachments: Attachment[],
): Promise<string> {
  const templates = await listTemplates(inbox, channel);
  const template = templates.find(({ name, language }) => name === use.name && language === use.language);
  if (!template) throw new AppError("invalid_input", { fields: [fault("name", "unknown template")] });
  const { length } = use.params;
  if (length !== template.params || use.params.some((param) => param.trim() === ""))
    throw new AppError("invalid_input", {
      fields: [fault("params", `needs ${template.params} filled places`)],
    });
  checkFile(template, attachments);
  const fill = (text: string) =>
    text.replace(/\{\{(\d+)\}\}/g, (place, index: string) => use.params[Number(index) - 1] ?? place);
  return [template.header, fill(template.body), template.footer].filter(Boolean).join("\n\n");
}

function checkFile({ headerFile }: MessageTemplate, attachments: Attachment[]): void {
  const refuse = (message: string): never => {
    throw new AppError("invalid_input", { fields: [fault("attachments", message, "body.content")] });
  };
  const [file, ...others] = attachments;
  if (others.length > 0 || (file && !headerFile)) return refuse("the template takes no such files");
  if (!headerFile) return;
  if (!file || !("media" in file) || file.kind !== headerFile.kind)
    return refuse(`needs one ${headerFile.kind}`);
  const { mime = "", size = 0 } = file.media;
  if (headerFile.mimes && !headerFile.mimes.includes(mime))
    return refuse(`needs ${headerFile.mimes.join(", ")}`);
  if (size > headerFile.maxBytes)
    throw new AppError("file_too_large", { maxBytes: headerFile.maxBytes, kind: file.kind });
}

function fault(name: string, message: string, parent = "body.content.template") {
  return { path: `${parent}.${name}`, code: "custom", message };
}
