import type { InboundContent } from "../contract.ts";
import type { WireSaid } from "./wire.ts";

type Service = NonNullable<InboundContent["service"]>;

/** Things that happened in a private chat rather than were said in it. */
export function serviceOf(message: WireSaid): Service | undefined {
  const payload = startPayload(message);
  if (payload !== undefined) return { what: "start", ...(payload !== "" && { data: { payload } }) };
  if (message.pinned_message)
    return { what: "pinned", data: { externalId: String(message.pinned_message.message_id) } };
  if (message.message_auto_delete_timer_changed)
    return {
      what: "auto_delete",
      data: { seconds: String(message.message_auto_delete_timer_changed.message_auto_delete_time) },
    };
  if (message.write_access_allowed) return { what: "write_access" };
  if (message.web_app_data)
    return {
      what: "web_app",
      data: { title: message.web_app_data.button_text, data: message.web_app_data.data },
    };
  return undefined;
}

/** What a link `t.me/<bot>?start=<payload>` brought; empty for a plain start, undefined for any other message. */
export function startPayload({ text, entities }: WireSaid): string | undefined {
  const command = entities?.find(({ type, offset }) => type === "bot_command" && offset === 0);
  if (text === undefined || !command) return undefined;
  const [name = ""] = text.slice(0, command.length).split("@");
  return name === "/start" ? text.slice(command.length).trim() : undefined;
}
