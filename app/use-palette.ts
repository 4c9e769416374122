import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import type { PaletteCommand } from "../ui/feature.ts";
import { rank } from "../ui/fuzzy.ts";
import { frameCommands } from "./frame-commands.ts";
import { features } from "./features.ts";

type GroupId = "recent" | PaletteCommand["group"];
interface PaletteGroup {
  id: GroupId;
  commands: PaletteCommand[];
}

const order: GroupId[] = ["context", "recent", "go", "create", "results", "appearance"];
const recentKey = "palette-recent";
const pauseMs = 180;
/** This file is loaded with the palette, and what it lists comes with it. */
const paletteSources = (await Promise.all(features.flatMap((one) => one.palette?.() ?? []))).map(
  (file) => file.default,
);

/** What the palette lists: commands by a few letters at once, contacts and messages a moment later. */
export function usePalette() {
  const words = ref("");
  const found = shallowRef<PaletteCommand[]>([]);
  const searching = ref(false);
  const recent = ref(readRecent());
  const commands = computed(() => [
    ...paletteSources.flatMap((source) => source.commands?.() ?? []),
    ...frameCommands(),
  ]);
  const groups = computed(() => {
    const typed = words.value.trim();
    return typed === "" ? atRest(commands.value, recent.value) : matching(typed, commands.value, found.value);
  });

  let call: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => (clearTimeout(timer), call?.abort());
  onScopeDispose(stop);
  watch(words, (value) => {
    stop();
    searching.value = value.trim().length > 1;
    if (!searching.value) return void (found.value = []);
    timer = setTimeout(() => void search(value.trim()), pauseMs);
  });

  async function search(typed: string): Promise<void> {
    const { signal } = (call = new AbortController());
    const answers = await Promise.allSettled(
      paletteSources.map(async (source) => (await source.search?.(typed, signal)) ?? []),
    );
    if (signal.aborted) return;
    found.value = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    searching.value = false;
  }

  function remember(command: PaletteCommand): void {
    if (command.group === "results") return;
    recent.value = [command.id, ...recent.value.filter((id) => id !== command.id)].slice(0, 3);
    localStorage.setItem(recentKey, JSON.stringify(recent.value));
  }

  return { words, groups, searching, remember };
}

function atRest(commands: PaletteCommand[], recent: string[]): PaletteGroup[] {
  const used = recent.flatMap((id) => commands.find((one) => one.id === id && one.group !== "context") ?? []);
  const rest = commands.filter((one) => !one.typed && !used.includes(one));
  return order
    .map((id) => ({ id, commands: id === "recent" ? used : rest.filter((one) => one.group === id) }))
    .filter(notEmpty);
}

/** Groups keep the order of their best command, so that the likeliest stands on top. */
function matching(typed: string, commands: PaletteCommand[], found: PaletteCommand[]): PaletteGroup[] {
  const ranked = [...rank(typed, commands, (one) => [one.title, one.keywords]), ...found];
  const ids = [...new Set(ranked.map((one) => one.group))];
  return ids.map((id) => ({ id, commands: ranked.filter((one) => one.group === id) })).filter(notEmpty);
}

function notEmpty(group: PaletteGroup): boolean {
  return group.commands.length > 0;
}

function readRecent(): string[] {
  const stored: unknown = JSON.parse(localStorage.getItem(recentKey) ?? "[]");
  return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : [];
}
