/** WhatsApp Business numbers, as in https://developers.facebook.com/docs/whatsapp/cloud-api. */
import { defineConnector } from "../contract.ts";
import { answerHandshake, verifySignature } from "../graph.ts";
import { capabilities } from "./capabilities.ts";
import { checkNumber } from "./check.ts";
import { credentials } from "./credentials.ts";
import { parseUpdate } from "./parse.ts";
import { openSession } from "./session.ts";
import { en, ru } from "./texts.ts";

export default defineConnector({
  kind: "whatsapp",
  title: "WhatsApp",
  capabilities,
  credentials,
  steps: [
    { code: "app", link: "https://developers.facebook.com/apps" },
    { code: "number", fields: ["phoneNumberId", "businessAccountId"] },
    { code: "token", link: "https://business.facebook.com/settings/system-users", fields: ["accessToken"] },
    { code: "secret", fields: ["appSecret"] },
    { code: "verify" },
    { code: "webhook", webhook: true },
  ],
  texts: { en, ru },
  // https://faq.whatsapp.com/5913398998672934: a link can write a text beforehand, and no more
  startLink: (link, parameter) => `${link}?text=${encodeURIComponent(`👋 #${parameter}`)}`,
  startCode: "short",
  check: checkNumber,
  open: openSession,
  verifyWebhook: (request, { appSecret }) => verifySignature(request, appSecret),
  answerHandshake: (request) => answerHandshake(request),
  parseUpdate,
});
