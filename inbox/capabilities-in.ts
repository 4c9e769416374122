/** What can be done in one thread, as the server asks it; the screens do the same with what they are told. */
import type { Capabilities, ThreadVariant } from "../connectors/contract.ts";

export function capabilitiesIn(
  of: { capabilities: Capabilities; variants?: ThreadVariant[] | undefined },
  threadKey: string,
): Capabilities {
  const variant = of.variants?.find(({ threads }) => new RegExp(threads).test(threadKey));
  return variant?.capabilities ?? of.capabilities;
}
