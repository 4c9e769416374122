/** Messenger and Instagram, as in https://developers.facebook.com/docs/messenger-platform. */
import { defineConnector } from "../contract.ts";
import type { ConnectStep } from "../contract.ts";
import { answerHandshake, verifySignature } from "../graph.ts";
import { checkFor } from "./check.ts";
import { credentials } from "./credentials.ts";
import { parseFor } from "./parse.ts";
import { instagram, messenger } from "./platform.ts";
import type { Platform } from "./platform.ts";
import { openFor } from "./session.ts";
import { en, ru } from "./texts.ts";

const steps: ConnectStep[] = [
  { code: "app", link: "https://developers.facebook.com/apps" },
  { code: "secret", fields: ["appSecret"] },
  { code: "token", fields: ["pageToken"] },
  { code: "verify" },
  { code: "webhook", webhook: true },
];

/** An app has one address for both, so a delivery to either may be the other's. */
const kinds = ["facebook", "instagram"];

function connectorFor(platform: Platform) {
  const { kind, title, capabilities } = platform;
  return defineConnector({
    kind,
    title,
    sharesWebhookWith: kinds,
    capabilities,
    credentials,
    steps,
    texts: { en: en(platform), ru: ru(platform) },
    startLink: (link, parameter) => `${link}?ref=${parameter}`,
    check: checkFor(platform),
    open: openFor(platform),
    verifyWebhook: (request, { appSecret }) => verifySignature(request, appSecret),
    answerHandshake,
    parseUpdate: parseFor(platform),
  });
}

export default [connectorFor(messenger), connectorFor(instagram)];
