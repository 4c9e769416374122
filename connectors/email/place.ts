/** How far the mailbox has been read. The check already keeps it: a letter that comes before the first reading is new. */
import type { MailboxObject } from "imapflow";
import { z } from "zod";
import type { ConnectorHost } from "../contract.ts";

const place = z.object({ uidValidity: z.string(), uid: z.number().int(), at: z.coerce.date() });
export type Place = z.infer<typeof place>;

/** Behind everything that is there now. */
export function placeAfter({ uidValidity, uidNext }: MailboxObject): Place {
  return { uidValidity: String(uidValidity), uid: uidNext - 1, at: new Date() };
}

export async function readPlace(host: ConnectorHost): Promise<Place | undefined> {
  const kept = await host.kept.read("cursor");
  return kept === undefined ? undefined : place.parse(JSON.parse(kept));
}

export async function keepPlace(reached: Place, host: ConnectorHost): Promise<Place> {
  await host.kept.write("cursor", JSON.stringify(reached));
  return reached;
}
