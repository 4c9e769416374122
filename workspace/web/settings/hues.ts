// A tag's hue is an angle; the kit draws eight of them.
const step = 45;

export function indexOfHue(hue: number): number {
  return Math.round(hue / step) % 8;
}

export function hueOfIndex(index: number): number {
  return index * step;
}
