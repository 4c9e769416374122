// What the parts of a thread let the thread do with them.
import type { RichText } from "./composer/rich-text.ts";
import type { Mode, ShownMessage } from "./types.ts";

export interface RichFieldHandle {
  focus: () => void;
  setValue: (value: RichText) => void;
  insert: (text: string) => void;
  replaceBefore: (count: number, text: string) => void;
  format: (kind: "bold" | "italic" | "strikethrough" | "code") => void;
  link: (url: string, range: Range) => void;
  element: () => HTMLElement | null;
}

export interface ComposerHandle {
  focusMode: (mode: Mode) => void;
  edit: (message: ShownMessage) => void;
  reply: (message: ShownMessage) => void;
  addFiles: (files: File[]) => void;
  /** After what was pressed has gone. */
  keepFocus: () => Promise<void>;
}

export interface LogHandle {
  reveal: (seq: number) => Promise<void>;
  toEnd: () => void;
}
