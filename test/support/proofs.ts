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

const proofs: Record<string, Proof> = {
  telegram: {
    credentials: {},
    unconfigured: {},
    sign: (_body, secret) => ({ "x-telegram-bot-api-secret-token": secret }),
    signsBody: false,
  },
};

export function proofOf(kind: string): Proof {
  return proofs[kind] ?? { credentials: {}, unconfigured: {}, signsBody: false };
}
