/** A phone's WhatsApp, linked by a code as WhatsApp Web is. Not an interface that WhatsApp offers: see the README. */
import { randomUUID } from "node:crypto";
import { defineConnector } from "../contract.ts";
import { findBrowser } from "./browser.ts";
import { capabilities } from "./capabilities.ts";
import { credentials } from "./credentials.ts";
import { parseUpdate } from "./parse.ts";
import { openSession } from "./session.ts";
import { en, ru } from "./texts.ts";

export default defineConnector({
  kind: "whatsapp-web",
  title: "WhatsApp by QR",
  exclusive: true,
  capabilities,
  credentials,
  steps: [{ code: "risk", consent: true }, { code: "verify" }, { code: "scan", login: true }],
  texts: { en, ru },
  /** Who it is turns out when the phone has scanned the code. */
  async check() {
    await findBrowser();
    return {
      externalId: `device-${randomUUID()}`,
      name: "WhatsApp",
      handle: "",
      checks: [{ code: "browser", state: "ok" }],
    };
  },
  open: openSession,
  verifyWebhook: () => false,
  parseUpdate,
});
