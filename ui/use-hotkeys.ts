// Keyboard shortcuts by physical key (`event.code`), so that they work on a Russian layout as well.
import { onScopeDispose, ref, watch } from "vue";
import { shell } from "./shell.ts";

/**
 * Keys to actions: "KeyE", "shift+KeyX", "mod+KeyK" (mod is Ctrl or ⌘), "KeyG KeyI" (one after the other).
 * An action that returns false lets the next one and the browser have the key.
 */
export type HotkeyMap = Record<string, (event: KeyboardEvent) => void | false>;

export interface HotkeyOptions {
  /** Also while a field has the focus; only sensible with a modifier. */
  whileTyping?: boolean;
  enabled?: () => boolean;
  /** Asked before all others, as for what is selected. */
  first?: boolean;
  /** A key held down acts again and again, as for moving; else once. */
  repeats?: boolean;
}

interface Layer {
  map: HotkeyMap;
  options: HotkeyOptions;
}

/** Single-key shortcuts can be turned off; those with a modifier stay. */
export const singleKeys = ref(localStorage.getItem("single-keys") !== "off");
watch(singleKeys, (on) => localStorage.setItem("single-keys", on ? "on" : "off"));

const layers: Layer[] = [];
let pending = "";
let pendingUntil = 0;

/** Active while the component lives; the layer added last is asked first. */
export function useHotkeys(map: HotkeyMap, options: HotkeyOptions = {}): void {
  const layer = { map, options };
  if (layers.length === 0) window.addEventListener("keydown", handle);
  layers.push(layer);
  onScopeDispose(() => {
    layers.splice(layers.indexOf(layer), 1);
    if (layers.length === 0) window.removeEventListener("keydown", handle);
  });
}

/** True for fields and for whatever owns the keyboard: menus, listboxes, dialogs. */
export function ownsKeyboard(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      "input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable=true],[role=menu],[role=listbox],[role=dialog],[role=alertdialog]",
    ) !== null
  );
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const chord = chordOf(event);
  if (chord === "") return;
  const typing = ownsKeyboard(event.target) || shell.paletteOpen || shell.cheatSheetOpen; // also while they load
  const sequence = pending !== "" && Date.now() < pendingUntil ? `${pending} ${chord}` : "";
  pending = "";
  if ((sequence && run(sequence, event, typing)) || run(chord, event, typing)) return event.preventDefault();
  if (!typing && singleKeys.value && startsSequence(chord)) {
    pending = chord;
    pendingUntil = Date.now() + 1200;
  }
}

function run(keys: string, event: KeyboardEvent, typing: boolean): boolean {
  if (!singleKeys.value && isSingle(keys)) return false;
  for (const { map, options } of [...layers].reverse().sort(firstOnes)) {
    const action = map[keys];
    if (!action || (typing && !options.whileTyping) || options.enabled?.() === false) continue;
    if (event.repeat && !options.repeats) return true;
    if (action(event) !== false) return true;
  }
  return false;
}

const firstOnes = (a: Layer, b: Layer) => Number(b.options.first ?? 0) - Number(a.options.first ?? 0);

function startsSequence(chord: string): boolean {
  return layers.some(({ map }) => Object.keys(map).some((keys) => keys.startsWith(`${chord} `)));
}

function isSingle(keys: string): boolean {
  return /^(shift\+)?(Key|Bracket|Slash|Digit)/.test(keys);
}

function chordOf(event: KeyboardEvent): string {
  if (/^(Shift|Control|Alt|Meta)/.test(event.code)) return "";
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return `${mod}${event.altKey ? "alt+" : ""}${event.shiftKey ? "shift+" : ""}${event.code}`;
}
