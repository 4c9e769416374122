/**
 * Buttons: https://developers.viber.com/docs/tools/keyboards/. A press arrives as a text; what its title stands for
 * travels in `tracking_data`, which Viber hands back with the next answer.
 */
import { z } from "zod";
import type { Button } from "../contract.ts";

const columns = 6;
const tracking = z.object({ buttons: z.record(z.string(), z.string()) });

export function keyboardOf(rows: Button[][] | undefined): object {
  const filled = rows?.filter((row) => row.length > 0) ?? [];
  if (filled.length === 0) return {};
  const Buttons = filled.flatMap((row) =>
    row.map((button) => ({
      Columns: Math.max(1, Math.floor(columns / row.length)),
      Rows: 1,
      ...toButton(button),
    })),
  );
  const values = filled.flat().flatMap(({ title, value, url }) => (url ? [] : [[title, value ?? title]]));
  return {
    keyboard: { Type: "keyboard", DefaultHeight: false, Buttons },
    tracking_data: JSON.stringify({ buttons: Object.fromEntries(values) as Record<string, string> }),
  };
}

function toButton({ title, url }: Button): object {
  return url === undefined
    ? { ActionType: "reply", ActionBody: title, Text: title }
    : { ActionType: "open-url", ActionBody: url, Text: title };
}

/** The value of the button whose title this text is; undefined for words that were typed. */
export function pressed(text: string | undefined, trackingData: string | undefined): string | undefined {
  if (!text || !trackingData) return undefined;
  try {
    const values = tracking.safeParse(JSON.parse(trackingData)).data?.buttons ?? {};
    return Object.hasOwn(values, text) ? values[text]?.slice(0, 64) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
