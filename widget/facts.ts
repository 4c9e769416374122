/** What a site and its visitors tell of a visitor: anybody's page may tell it, so it is bounded. */
const maxFacts = 50;
const maxKey = 60;
const maxValue = 500;

/** The facts with what was told since. What comes when there is no more room is dropped. */
export function withFacts(
  former: Record<string, string>,
  told: Record<string, string | number | boolean | undefined>,
): Record<string, string> {
  const facts = new Map(Object.entries(former));
  for (const [key, value] of Object.entries(told))
    if (value !== undefined) facts.set(key.slice(0, maxKey), String(value).slice(0, maxValue));
  return Object.fromEntries([...facts].slice(0, maxFacts));
}
