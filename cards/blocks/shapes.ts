/** The shapes of buttons and boxes. They stand after the theme's rules, and stronger: a shape holds in every theme. */
import type { Design } from "./schema.ts";

const corners: Record<NonNullable<Design["shape"]>, number> = {
  square: 0,
  soft: 12,
  round: 24,
  outline: 12,
  lines: 0,
  shadow: 0,
};

/** Corners of buttons and pictures. */
export function shapeProps({ shape, radius }: Design): string {
  const wanted = radius ?? (shape && corners[shape]);
  return wanted === undefined ? "" : `--r:${wanted}px;--rg:${Math.min(20, wanted)}px`;
}

/** Stronger than any theme's selector: five classes. */
const buttons = ".m.m.m.m.m,.l.l.l.l.l,.btn.btn.btn.btn.btn";
const frames = {
  square: "",
  soft: "",
  round: "",
  outline: `${buttons}{background:none;color:var(--fg);border:1.5px solid;box-shadow:none}`,
  lines: `${buttons}{background:none;color:var(--fg);border:solid;border-width:1px 0;box-shadow:none}.ls.ls{gap:0}.l+.l.l.l.l.l{border-top:0}`,
  shadow: `${buttons}{background:var(--bg);color:var(--fg);border:1.5px solid;box-shadow:5px 5px 0 var(--fg)}.ls.ls,.ms.ms.ms{gap:12px}`,
};

export function shapeCss({ shape, radius }: Design): string {
  if (!shape && radius === undefined) return "";
  const padded = shape === "outline" || shape === "shadow" ? ".l.l.l.l.l{padding:0 14px}" : "";
  return `${buttons}{border-radius:var(--r)}${shape ? frames[shape] : ""}${padded}`;
}
