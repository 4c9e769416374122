/** argon2id with the parameters of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes). */
import { hash, verify } from "@node-rs/argon2";
import { AppError } from "../errors.ts";

const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const common = new Set([
  "password",
  "passwort",
  "qwertyuiop",
  "1234567890",
  "0123456789",
  "q1w2e3r4t5",
  "1q2w3e4r5t",
  "iloveyou",
  "administrator",
  "switchboard",
  "letmein",
  "йцукенгшщз",
  "пароль",
]);

/** Refuses the commonest passwords, also with digits or signs hung on, and those that repeat one letter. */
export function checkPassword(password: string): void {
  const bare = password.toLowerCase().replace(/[\d\W_]+$/u, "");
  const tooSimple = common.has(password.toLowerCase()) || common.has(bare) || new Set(password).size < 4;
  if (tooSimple) throw new AppError("password_too_common");
}

export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

/** Takes as long for an unknown person as for a known one. */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  unknownHash ??= await hash("nobody has this password", options);
  const right = await verify(passwordHash ?? unknownHash, password);
  return right && passwordHash !== undefined;
}
let unknownHash: string | undefined;
