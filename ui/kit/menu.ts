import type { Component } from "vue";

/** One line of a menu. An entry with `checked` is ticked or not; one with `children` opens a further menu. */
export interface MenuAction {
  kind?: "action";
  id: string;
  label: string;
  icon?: Component | undefined;
  /** Shortcut shown at the end. */
  keys?: string | undefined;
  hint?: string | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  checked?: boolean | undefined;
  /** A face instead of an icon. */
  avatar?: { name: string; photo?: string | undefined } | undefined;
  tagHue?: number | undefined;
  /** The menu stays open after it, as for ticking several. */
  keepOpen?: boolean | undefined;
  children?: MenuEntry[] | undefined;
  run?: (() => void) | undefined;
}

export type MenuEntry =
  MenuAction | { kind: "line"; id: string } | { kind: "heading"; id: string; label: string };
