/** A widget that is to look as its site takes the site's ground for it, before what the visitor's system prefers. */

/** Under the middle of black and white a ground is dark. */
const middle = 128;

/** Marks the host with what the page looks like now; a page that sets no ground leaves it to the system. */
export function followSite(host: Element): void {
  const looks = [document.body, document.documentElement].map((one) => getComputedStyle(one));
  const ground = looks.map((one) => readColour(one.backgroundColor)).find((one) => one !== undefined);
  if (ground !== undefined) host.setAttribute("data-theme", ground < middle ? "dark" : "light");
  else if (looks[1]?.colorScheme === "dark") host.setAttribute("data-theme", "dark");
}

/** Brightness of `rgb(…)`, 0-255; undefined for what is seen through. */
function readColour(colour: string): number | undefined {
  const [r, g, b, alpha = 1] = colour.startsWith("rgb") ? (colour.match(/[\d.]+/g) ?? []).map(Number) : [];
  if (r === undefined || g === undefined || b === undefined || alpha < 0.5) return undefined;
  return 0.299 * r + 0.587 * g + 0.114 * b;
}
