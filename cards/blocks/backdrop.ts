/**
 * What lies behind everything: one colour, a gradient, a pattern or a photo. Texts have to read on all of it, so that
 * this tells which colours may come to lie under a text, and gives way itself where no text could read.
 */
import { contrast, mix, over } from "./colour.ts";
import type { Design } from "./schema.ts";

export interface Ground {
  /** The colour of the page where nothing else is: also behind the bars of the browser. */
  background: string;
  /** Every colour that may be under a text. */
  samples: readonly string[];
  /** CSS of `background` above that colour; `url()` has `{photo}` for its address. Empty for one colour. */
  css: string;
  /** Layers shine through: texts are light on a dark ground. */
  glass: boolean;
}

const least = 4.5;
const steps = 32;

/** Black or white, whichever reads better on the worst of them. */
export function inkOf(grounds: readonly string[]): string {
  const worst = (ink: string): number => Math.min(...grounds.map((ground) => contrast(ink, ground)));
  return worst("#000000") >= worst("#ffffff") ? "#000000" : "#ffffff";
}
const reads = (ink: string, grounds: readonly string[]): boolean =>
  grounds.every((ground) => contrast(ink, ground) >= least + 0.05);

export function groundOf(background: string, backdrop: Design["backdrop"]): Ground {
  const plain = { background, samples: [background], css: "", glass: false };
  switch (backdrop?.kind) {
    case "gradient":
      return gradientOf(background, backdrop.to, backdrop.way);
    case "photo":
      return photoOf(background, backdrop.veil);
    case "pattern": {
      const ink = inkOf([background]);
      const near = mix(background, ink, 0.07);
      // where the text only just reads, the marks go the other way
      const mark = reads(ink, [near])
        ? near
        : mix(background, ink === "#000000" ? "#ffffff" : "#000000", 0.1);
      return { ...plain, samples: [background, mark], css: patterns[backdrop.pattern](mark) };
    }
    default:
      return plain;
  }
}

const ways = { down: "180deg", diagonal: "135deg" };

/** The second colour comes nearer to the first until one of black and white reads on all between them. */
function gradientOf(background: string, wanted: string, way: keyof typeof ways): Ground {
  for (let step = 0; ; step += 1) {
    const to = step === 20 ? background : mix(wanted, background, step / 20);
    const samples = between(background, to);
    if (step < 20 && !reads(inkOf(samples), samples)) continue;
    return { background, samples, css: `linear-gradient(${ways[way]},${background},${to})`, glass: false };
  }
}
/** As browsers go from one to the other: straight, by sRGB. */
const between = (from: string, to: string): string[] =>
  Array.from({ length: steps + 1 }, (_, index) => over(to, from, index / steps));

/** A photo may have white and black anywhere: the veil over it is as thick as both need. */
function photoOf(background: string, wanted: number): Ground {
  for (let veil = Math.round(Math.max(20, Math.min(95, wanted)) * 2.55); ; veil += 1) {
    const part = veil / 255;
    const samples = [background, over(background, "#ffffff", part), over(background, "#000000", part)];
    const ink = inkOf(samples);
    if (veil < 255 && !reads(ink, samples)) continue;
    const tint = background + veil.toString(16).padStart(2, "0");
    const css = `linear-gradient(${tint},${tint}),url({photo}) 50% 0/cover no-repeat fixed`;
    return { background, samples, css, glass: ink === "#ffffff" };
  }
}

const patterns: Record<"dots" | "lines" | "grid", (mark: string) => string> = {
  dots: (mark) => `radial-gradient(${mark} 2px,#0000 2.6px) 0 0/22px 22px`,
  lines: (mark) => `repeating-linear-gradient(135deg,${mark} 0 2px,#0000 2px 14px)`,
  grid: (mark) =>
    `linear-gradient(${mark} 1px,#0000 1px) 0 0/26px 26px,linear-gradient(90deg,${mark} 1px,#0000 1px) 0 0/26px 26px`,
};
