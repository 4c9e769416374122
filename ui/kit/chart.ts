// Geometry of the hand-written charts, in the units of their viewBox.

export interface ChartSeries {
  id: string;
  label: string;
  values: number[];
  /** Which of the six series colours; the order is fixed per meaning. */
  colour: 1 | 2 | 3 | 4 | 5 | 6;
  look?: "line" | "area" | "former";
}

export interface ChartScale {
  top: number;
  ticks: number[];
}

/** A round upper edge and its three marks: 57 gives 60 with 0, 30, 60. */
export function scaleFor(values: number[]): ChartScale {
  const highest = Math.max(1, ...values);
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= highest) ?? 10;
  const top = Math.max(2, step * power);
  return { top, ticks: [0, top / 2, top] };
}

/** "x,y x,y …" for a polyline. */
export function pointsOf(values: number[], top: number, width: number, height: number): string {
  const gap = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, index) => `${round(index * gap)},${round(height - (value / top) * height)}`)
    .join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
