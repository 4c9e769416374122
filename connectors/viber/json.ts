/** JSON whose ids go beyond 2^53 (message tokens do): such numbers become strings, digit by digit. */
import { parse } from "lossless-json";

/** Undefined for anything that is no JSON. */
export function decode(text: string): unknown {
  try {
    return parse(text, undefined, toNumber);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function toNumber(digits: string): number | string {
  const number = Number(digits);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? digits : number;
}
