/** Formatting as the stories write it: `**bold**`, `_italic_`, `~~struck~~`, `||hidden||`, `` `code` ``, `[words](address)`. */
export interface Formatted {
  text: string;
  entities: { type: string; offset: number; length: number; url?: string }[];
}

const marks: Record<string, string> = {
  "**": "bold",
  _: "italic",
  "~~": "strikethrough",
  "||": "spoiler",
  "`": "code",
};
const pattern =
  /\[([^\]]+)\]\((https?:[^)]+)\)|(\*\*|~~|\|\||`)(.+?)\3|(?<![\p{L}\p{N}_])_([^_]+)_(?![\p{L}\p{N}_])/gu;

export function readMarkup(source: string): Formatted {
  const entities: Formatted["entities"] = [];
  let text = "";
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    const [whole, label, url, mark, marked, slanted] = match;
    text += source.slice(from, match.index);
    const words = label ?? marked ?? slanted ?? "";
    const type = label ? "text_link" : (marks[mark ?? "_"] ?? "bold");
    entities.push({ type, offset: text.length, length: words.length, ...(label && url ? { url } : {}) });
    text += words;
    from = match.index + whole.length;
  }
  return { text: text + source.slice(from), entities };
}
