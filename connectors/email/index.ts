/** A mailbox: letters in by IMAP, out by SMTP. */
import { defineConnector } from "../contract.ts";
import { capabilities } from "./capabilities.ts";
import { checkMailbox } from "./check.ts";
import { credentials } from "./credentials.ts";
import { parseUpdate } from "./parse.ts";
import { openSession } from "./session.ts";
import { signIn } from "./sign-in.ts";
import { en, ru } from "./texts.ts";

export default defineConnector({
  kind: "email",
  title: "E-mail",
  capabilities,
  credentials,
  steps: [
    { code: "mailbox", fields: ["address", "senderName", "provider"] },
    { code: "password", fields: ["password", "imapHost", "smtpHost"] },
    { code: "vendor", fields: ["clientId", "clientSecret"], signIn: true },
    { code: "verify" },
  ],
  texts: { en, ru },
  check: checkMailbox,
  open: openSession,
  signIn,
  verifyWebhook: () => false,
  parseUpdate,
});
