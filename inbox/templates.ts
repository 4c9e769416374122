/** Message templates of a channel: asked for at the platform, remembered for five minutes. */
import { ConnectorError, type MessageTemplate, type TemplateUse } from "../connectors/contract.ts";
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

/** The template's words with its places filled; refuses one that the platform does not have, or places left empty. */
export async function fillTemplate(inbox: Inbox, channel: ChannelRecord, use: TemplateUse): Promise<string> {
  const templates = await listTemplates(inbox, channel);
  const template = templates.find(({ name, language }) => name === use.name && language === use.language);
  if (!template) throw new AppError("invalid_input", { fields: [fault("name", "unknown template")] });
  const { length } = use.params;
  if (length !== template.params || use.params.some((param) => param.trim() === ""))
    throw new AppError("invalid_input", {
      fields: [fault("params", `needs ${template.params} filled places`)],
    });
  const fill = (text: string) =>
    text.replace(/\{\{(\d+)\}\}/g, (place, index: string) => use.params[Number(index) - 1] ?? place);
  return [template.header, fill(template.body), template.footer].filter(Boolean).join("\n\n");
}

function fault(name: string, message: string) {
  return { path: `body.content.template.${name}`, code: "custom", message };
}
