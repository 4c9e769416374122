import { MISSING, type MaybeValue } from "../values.ts";

export function isNullish(value: MaybeValue): value is null | undefined | typeof MISSING {
  return value === null || value === undefined || value === MISSING;
}
