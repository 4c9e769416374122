// A tag's hue is stored as an angle; the kit draws eight of them, `hue-0` to `hue-7` of the tokens.
const angles = [275, 20, 155, 60, 330, 220, 110, 190] as const;

/** Which of the eight an angle comes nearest to, around the circle. */
export function indexOfHue(angle: number): number {
  const distances = angles.map((one) => Math.min(Math.abs(one - angle), 360 - Math.abs(one - angle)));
  return distances.indexOf(Math.min(...distances));
}

export function hueOfIndex(index: number): number {
  return angles[index] ?? angles[0];
}
