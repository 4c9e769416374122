interface Point {
  latitude: number;
  longitude: number;
}

/** "55.7558, 37.6173" as maps copy it; null for anything that is no place on Earth. */
export function parsePlace(text: string): Point | null {
  const numbers = text.trim().match(/^(-?\d+(?:\.\d+)?)°?[\s,;]+(-?\d+(?:\.\d+)?)°?$/);
  const [latitude, longitude] = [Number(numbers?.[1]), Number(numbers?.[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
