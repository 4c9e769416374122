/**
 * Who a visitor is. A visitor's token is signed by the hub and names a random id; a customer of the site is named by a
 * signature of the site itself: a JWT (HS256, audience = the widget's key) or an HMAC over `key.userId.expires`.
 */
import { createHmac } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { ObjectId, toObjectId } from "../core/db.ts";
import type { Secrets } from "../core/secrets.ts";
import { hashToken, sameText } from "../core/secrets.ts";
import type { Identity } from "./schema.ts";

/** The longest life of a signed identity. */
export const maxIdentitySeconds = 24 * 3600;
/** Clocks of site and hub may differ by this much. */
const leewaySeconds = 60;

export function signVisitor(secrets: Secrets, channelId: ObjectId, visitorId: ObjectId): string {
  const id = visitorId.toHexString();
  return `${id}.${secrets.derive(`widget visitor ${channelId.toHexString()} ${id}`)}`;
}

/** The visitor that a token names; undefined for one that this hub did not give for this widget. */
export function readVisitor(secrets: Secrets, channelId: ObjectId, token: string): ObjectId | undefined {
  const [id = ""] = token.split(".");
  const visitorId = toObjectId(id);
  return visitorId && sameText(token, signVisitor(secrets, channelId, visitorId)) ? visitorId : undefined;
}

export type IdentityRefusal =
  "identity_off" | "identity_forged" | "identity_expired" | "identity_too_long" | "identity_revoked";

export interface Identified {
  userId: string;
  /** Of the identity as it was given: a sign-out remembers it. */
  hash: string;
  expiresAt: Date;
}

/** Checks a signed identity against the site's key at `now`. */
export async function readIdentity(
  identity: Identity,
  widgetKey: string,
  identityKey: string,
  now = new Date(),
): Promise<Identified | IdentityRefusal> {
  const seconds = now.getTime() / 1000;
  const found =
    "jwt" in identity
      ? await readJwt(identity.jwt, widgetKey, identityKey, now)
      : readHmac(identity, widgetKey, identityKey);
  if (typeof found === "string") return found;
  if (found.expires < seconds - leewaySeconds) return "identity_expired";
  if (found.expires > seconds + maxIdentitySeconds + leewaySeconds) return "identity_too_long";
  return { userId: found.userId, hash: found.hash, expiresAt: new Date(found.expires * 1000) };
}

type Signed = { userId: string; expires: number; hash: string };

async function readJwt(
  jwt: string,
  audience: string,
  identityKey: string,
  currentDate: Date,
): Promise<Signed | IdentityRefusal> {
  try {
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(identityKey), {
      algorithms: ["HS256"],
      audience,
      requiredClaims: ["sub", "exp", "aud"],
      clockTolerance: leewaySeconds,
      currentDate,
    });
    const { sub = "", exp = 0 } = payload;
    // What was signed has one spelling; the signature has several.
    const signed = jwt.slice(0, jwt.lastIndexOf("."));
    return sub !== "" && sub.length <= 200
      ? { userId: sub, expires: exp, hash: hashToken(signed) }
      : "identity_forged";
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "identity_expired";
    if (error instanceof errors.JOSEError) return "identity_forged";
    throw error;
  }
}

function readHmac(
  { userId, expires, hash }: Extract<Identity, { userId: string }>,
  widgetKey: string,
  identityKey: string,
): Signed | IdentityRefusal {
  const signed = `${widgetKey}.${userId}.${expires}`;
  const expected = createHmac("sha256", identityKey).update(signed).digest("hex");
  return sameText(expected, hash.toLowerCase())
    ? { userId, expires, hash: hashToken(`${signed}.${expected}`) }
    : "identity_forged";
}
