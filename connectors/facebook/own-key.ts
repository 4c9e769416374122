/** The hub's own key of a send, as it comes back in the echo's metadata. */
export function isOwnKey(metadata: string | undefined): metadata is string {
  return metadata !== undefined && /^[0-9a-f]{24}$/.test(metadata);
}
