// Light or dark, accent and density: kept in this browser, worn by <html>. app/public/theme.js wears them before paint.
import { computed, ref, watch } from "vue";
import { usePreferredDark } from "@vueuse/core";

export type Theme = "light" | "dark" | "auto";
export type Density = "comfortable" | "compact";
export const accents = ["indigo", "blue", "teal", "green", "terracotta", "rose", "plum", "graphite"] as const;
export type Accent = (typeof accents)[number];

const theme = ref<Theme>(stored("theme", ["light", "dark", "auto"], "auto"));
const accent = ref<Accent>(stored("accent", accents, "indigo"));
const density = ref<Density>(stored("density", ["comfortable", "compact"], "comfortable"));
const systemDark = usePreferredDark();
const dark = computed(() => theme.value === "dark" || (theme.value === "auto" && systemDark.value));

watch([theme, accent, density, dark], wear, { immediate: true });

/** The look of this browser; assign to the refs to change it. */
export function useTheme() {
  return { theme, accent, density, dark };
}

function wear(): void {
  const root = document.documentElement;
  root.classList.toggle("dark", dark.value);
  root.dataset["accent"] = accent.value;
  root.dataset["density"] = density.value;
  localStorage.setItem("theme", theme.value);
  localStorage.setItem("accent", accent.value);
  localStorage.setItem("density", density.value);
}

function stored<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  const value = localStorage.getItem(key);
  return allowed.find((one) => one === value) ?? fallback;
}
