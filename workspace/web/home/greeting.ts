/** Message key of a greeting that fits the hour. */
export function greetingAt(now: number): string {
  const hour = new Date(now).getHours();
  if (hour >= 5 && hour < 12) return "workspace.home.morning";
  return hour >= 12 && hour < 18 ? "workspace.home.afternoon" : "workspace.home.evening";
}
