import { computed, type ComputedRef, type Ref } from "vue";
import type { SettingsGroup, SettingsPage } from "../ui/feature.ts";
import { rank } from "../ui/fuzzy.ts";
import { translate } from "../ui/i18n.ts";
import { settingsPages } from "./features.ts";
import { wordsOf } from "./frame-commands.ts";

const order: SettingsGroup[] = ["you", "workspace", "automation", "developers"];

interface SettingsHit {
  page: SettingsPage;
  title: string;
  path: string;
  anchor: string;
  words: string;
}

/** The groups with at least one page that this person may open. */
export function settingsGroups(): ComputedRef<{ id: SettingsGroup; pages: SettingsPage[] }[]> {
  return computed(() =>
    order
      .map((id) => ({ id, pages: visiblePages().filter((page) => page.group === id) }))
      .filter((group) => group.pages.length > 0),
  );
}

/** Settings by a few letters of either language. */
export function useSettingsSearch(words: Ref<string>): ComputedRef<SettingsHit[]> {
  return computed(() =>
    words.value.trim() === "" ? [] : rank(words.value, visiblePages().flatMap(hitsOf), (hit) => [hit.words]),
  );
}

function visiblePages(): SettingsPage[] {
  return settingsPages.filter((page) => page.visible?.() !== false);
}

function hitsOf(page: SettingsPage): SettingsHit[] {
  const group = translate(`app.settings.group.${page.group}`);
  const own = { page, title: translate(page.title), path: group, anchor: "", words: wordsOf(page.title) };
  const entries = (page.entries ?? []).map((entry) => ({
    page,
    title: translate(entry.title),
    path: `${group} › ${translate(page.title)}`,
    anchor: entry.anchor,
    words: wordsOf(entry.title),
  }));
  return [own, ...entries];
}
