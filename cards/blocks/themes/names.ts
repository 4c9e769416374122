export const themeIds = [
  "porcelain",
  "terracotta",
  "nocturne",
  "poster",
  "gazette",
  "powder",
  "concrete",
  "veil",
  "clinic",
  "crayon",
  "swiss",
  "moss",
] as const;
export type ThemeId = (typeof themeIds)[number];
