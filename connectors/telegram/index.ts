/** Telegram bots, as in https://core.telegram.org/bots/api. */
import { defineConnector } from "../contract.ts";
import { businessCapabilities, capabilities } from "./capabilities.ts";
import { checkBot } from "./check.ts";
import { credentials } from "./credentials.ts";
import { parseUpdate } from "./parse.ts";
import { openSession } from "./session.ts";
import { en, ru } from "./texts.ts";
import { businessThreads } from "./thread.ts";
import { verifyWebhook } from "./verify.ts";

export default defineConnector({
  kind: "telegram",
  title: "Telegram",
  capabilities,
  variants: [{ threads: businessThreads, capabilities: businessCapabilities }],
  credentials,
  steps: [
    { code: "create", link: "https://t.me/BotFather" },
    { code: "token", fields: ["token"] },
    { code: "verify" },
  ],
  texts: { en, ru },
  startLink: (link, parameter) => `${link}?start=${parameter}`,
  check: checkBot,
  open: openSession,
  verifyWebhook,
  parseUpdate,
});
