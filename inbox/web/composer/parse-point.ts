/** "55.75, 37.61", "55,75; 37,61" or a map link; undefined when it names no point on Earth. */
export function parsePoint(text: string): { latitude: number; longitude: number } | undefined {
  const linked = /[@=!/](-?\d{1,2}\.\d+)[,/](-?\d{1,3}\.\d+)/.exec(text);
  const typed = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/.exec(text);
  const match = linked ?? typed;
  if (!match) return undefined;
  const latitude = Number(match[1]?.replace(",", "."));
  const longitude = Number(match[2]?.replace(",", "."));
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}
