/** Viber bots, as in https://developers.viber.com/docs/api/rest-bot-api/. */
import { defineConnector } from "../contract.ts";
import { capabilities } from "./capabilities.ts";
import { checkBot } from "./check.ts";
import { credentials } from "./credentials.ts";
import { parseUpdate } from "./parse.ts";
import { openSession } from "./session.ts";
import { en, ru } from "./texts.ts";
import { verifyWebhook } from "./webhook.ts";
import { welcome } from "./welcome.ts";

export default defineConnector({
  kind: "viber",
  title: "Viber",
  capabilities,
  credentials,
  steps: [
    { code: "create", link: "https://partners.viber.com" },
    { code: "token", fields: ["token"] },
    { code: "welcome", fields: ["welcome"] },
    { code: "verify" },
  ],
  texts: { en, ru },
  startLink: (link, parameter) => `${link}&context=${encodeURIComponent(parameter)}`,
  check: checkBot,
  open: openSession,
  verifyWebhook,
  webhookReply: welcome,
  parseUpdate,
});
