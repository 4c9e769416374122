/** Buttons: quick replies, or a template with links where one of them opens a page. */
import { ConnectorError } from "../contract.ts";
import type { Button } from "../contract.ts";

const titleMax = 20;
const quickMax = 13;
const templateMax = 3;
const templateText = 640;

export interface TextMessage {
  text?: string;
  quick_replies?: object[];
  attachment?: object;
}

/**
 * https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies and …/template/button: quick
 * replies cannot open pages, and a template has room for three buttons.
 */
export function withButtons(text: string, rows: Button[][] = []): TextMessage {
  const buttons = rows.flat();
  if (buttons.length === 0) return { text };
  for (const { title } of buttons)
    if (title.length > titleMax)
      throw new ConnectorError("unsupported", "button_too_long", "a button's title may have 20 characters");
  if (buttons.every(({ url }) => url === undefined)) return { text, quick_replies: quickReplies(buttons) };
  return { attachment: template(text, buttons) };
}

function quickReplies(buttons: Button[]): object[] {
  if (buttons.length > quickMax)
    throw new ConnectorError("unsupported", "too_many_buttons", "13 quick replies fit");
  return buttons.map(({ title, value }) => ({ content_type: "text", title, payload: value ?? title }));
}

function template(text: string, buttons: Button[]): object {
  if (buttons.length > templateMax)
    throw new ConnectorError("unsupported", "too_many_links", "3 buttons fit where one opens a page");
  if (text.length > templateText)
    throw new ConnectorError("too_large", "text_too_long", "640 characters fit above links");
  return {
    type: "template",
    payload: {
      template_type: "button",
      text,
      buttons: buttons.map(({ title, url, value }) =>
        url === undefined
          ? { type: "postback", title, payload: value ?? title }
          : { type: "web_url", title, url },
      ),
    },
  };
}
