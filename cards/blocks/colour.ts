/** Colours as people see them: contrast by WCAG 2.2, lightness by OKLCH (https://bottosson.github.io/posts/oklab/). */

type Triple = [number, number, number];

function toLinear(hex: string): Triple {
  const at = (start: number): number => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

function toHex(linear: Triple): string {
  const channel = (value: number): string => {
    const clipped = Math.min(1, Math.max(0, value));
    const encoded = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${linear.map(channel).join("")}`;
}

function luminance(hex: string): number {
  const [red, green, blue] = toLinear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function toOklab(hex: string): Triple {
  const [red, green, blue] = toLinear(hex);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return toHex([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}

/** The colour at another lightness; its hue and, as far as the screen has it, its colourfulness stay. */
function atLightness(hex: string, lightness: number): string {
  const [, a, b] = toOklab(hex);
  // towards black and white there is less colour to be had
  const room = Math.min(1, 4 * Math.min(lightness, 1 - lightness));
  return fromOklab([lightness, a * room, b * room]);
}

/** `part` of `other` in `one`, mixed as eyes do. */
export function mix(one: string, other: string, part: number): string {
  const [from, to] = [toOklab(one), toOklab(other)];
  const at = (index: 0 | 1 | 2): number => from[index] + (to[index] - from[index]) * part;
  return fromOklab([at(0), at(1), at(2)]);
}

/** `part` of `one` painted over `other`, as browsers paint: by sRGB. */
export function over(one: string, other: string, part: number): string {
  const at = (hex: string, start: number): number => Number.parseInt(hex.slice(start, start + 2), 16);
  const channel = (start: number): string =>
    Math.round(at(one, start) * part + at(other, start) * (1 - part))
      .toString(16)
      .padStart(2, "0");
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/**
 * The nearest colour to `hex`, by lightness alone, that reads on every one of `grounds` (4.5 : 1). Where no lightness does,
 * the better one of black and white.
 */
export function readable(hex: string, grounds: readonly string[], least = 4.5): string {
  const worst = (colour: string): number => Math.min(...grounds.map((ground) => contrast(colour, ground)));
  if (worst(hex) >= least) return hex;
  const [start] = toOklab(hex);
  for (let step = 1; step <= 100; step += 1)
    for (const lightness of [start - step / 100, start + step / 100]) {
      if (lightness < 0 || lightness > 1) continue;
      const colour = atLightness(hex, lightness);
      if (worst(colour) >= least) return colour;
    }
  return worst("#000000") >= worst("#ffffff") ? "#000000" : "#ffffff";
}
