/** What the cheat sheet shows; the keys themselves are bound where they act. */
export const keyGroups = [
  {
    id: "conversation",
    keys: [
      { id: "close", keys: "E" },
      { id: "reply", keys: "R" },
      { id: "note", keys: "N" },
      { id: "assign", keys: "A" },
      { id: "snooze", keys: "H" },
      { id: "label", keys: "L" },
      { id: "unread", keys: "U" },
      { id: "undo", keys: "Z" },
    ],
  },
  {
    id: "list",
    keys: [
      { id: "next", keys: "J" },
      { id: "previous", keys: "K" },
      { id: "begin", keys: "C" },
      { id: "filter", keys: "F" },
      { id: "select", keys: "X" },
      { id: "range", keys: "Shift X" },
    ],
  },
  {
    id: "writing",
    keys: [
      { id: "send", keys: "↵" },
      { id: "newLine", keys: "Shift ↵" },
      { id: "sendClose", keys: "Ctrl Shift ↵" },
      { id: "editLast", keys: "↑" },
      { id: "emoji", keys: ":" },
      { id: "mention", keys: "@" },
      { id: "bold", keys: "mod B" },
      { id: "italic", keys: "mod I" },
      { id: "link", keys: "mod U" },
    ],
  },
  {
    id: "everywhere",
    keys: [
      { id: "palette", keys: "mod K" },
      { id: "inbox", keys: "G I" },
      { id: "channels", keys: "G C" },
      { id: "home", keys: "G H" },
      { id: "settings", keys: "G S" },
      { id: "panel", keys: "]" },
      { id: "sideBar", keys: "[" },
      { id: "sheet", keys: "?" },
      { id: "escape", keys: "Esc" },
    ],
  },
] as const;
