/** Seals secrets at rest: AES-256-GCM under keys derived per purpose, in envelopes that name their key. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

export interface Secrets {
  /** Names the key, and tells nothing of it: eight hexadecimal digits. */
  keyId: string;
  /** `context` (what it is and whose) is authenticated: an envelope moved elsewhere does not open. */
  seal(text: string, context: string): string;
  /** Throws when the envelope was changed, moved, or sealed under another key. */
  open(envelope: string, context: string): string;
  /** A value that only this hub can make, the same each time: base64url of 256 bits. */
  derive(purpose: string): string;
}

export function createSecrets(secretKey: Buffer): Secrets {
  const key = Buffer.from(hkdfSync("sha256", secretKey, "", "switchboard sealing", 32));
  const keyId = createHash("sha256").update(key).digest("hex").slice(0, 8);
  return {
    keyId,
    seal(text, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [
        "v1",
        keyId,
        nonce.toString("base64url"),
        Buffer.concat([sealed, cipher.getAuthTag()]).toString("base64url"),
      ].join(".");
    },
    open(envelope, context) {
      const [version, id, nonce, data] = envelope.split(".");
      if (version !== "v1" || id !== keyId || !nonce || !data)
        throw new Error("sealed under another key: is SECRET_KEY the one it was sealed with?");
      const bytes = Buffer.from(data, "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
    },
    derive: (purpose) => createHmac("sha256", key).update(purpose).digest("base64url"),
  };
}

/** A public token: 256 random bits as 43 base64url characters. Store its hash alone. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** Compares without telling by time where the two differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
