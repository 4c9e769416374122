import { formatNumber } from "../../ui/format.ts";

/** Counts end at 999. */
export function formatCount(count: number): string {
  return count >= 999 ? "999+" : formatNumber(count);
}
