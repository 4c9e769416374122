import { createHmac } from "node:crypto";

/** How each messenger proves a delivery, for tests of every connector. One that never calls has no entry. */
export interface Proof {
  credentials: unknown;
  /** Credentials without the secret that proves. */
  unconfigured: unknown;
  /** The headers of a delivery that is proven. `secret` is the account's webhook secret. */
  sign?: (body: Uint8Array, secret: string) => Record<string, string>;
  /** The proof is over the body. */
  signsBody: boolean;
}

const metaSecret = "9f1c2a7be2d40c5587a1b0cf3a2d9e71";
/** Meta's: an HMAC of the body under the secret of the app. */
const meta: Proof = {
  credentials: { appSecret: metaSecret },
  unconfigured: {},
  sign: signAsMeta,
  signsBody: true,
};

const viberToken = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f";

const proofs: Record<string, Proof> = {
  telegram: {
    credentials: {},
    unconfigured: {},
    sign: (_body, secret) => ({ "x-telegram-bot-api-secret-token": secret }),
    signsBody: false,
  },
  viber: {
    credentials: { token: viberToken },
    unconfigured: { token: "" },
    sign: (body) => ({
      "x-viber-content-signature": createHmac("sha256", viberToken).update(body).digest("hex"),
    }),
    signsBody: true,
  },
  whatsapp: meta,
  facebook: meta,
  instagram: meta,
};

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
function signAsMeta(body: Uint8Array): Record<string, string> {
  return { "x-hub-signature-256": `sha256=${createHmac("sha256", metaSecret).update(body).digest("hex")}` };
}

export function proofOf(kind: string): Proof {
  return proofs[kind] ?? { credentials: {}, unconfigured: {}, signsBody: false };
}
