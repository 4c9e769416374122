// Between a contenteditable field and a text with entities.
import { segmentsOf } from "../thread/segments.ts";
import type { TextEntity } from "../types.ts";

export interface RichText {
  text: string;
  entities: TextEntity[];
}

const tagOf: Record<string, string> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
};
const markOf: Record<string, string> = {
  B: "bold",
  STRONG: "bold",
  I: "italic",
  EM: "italic",
  U: "underline",
  S: "strikethrough",
  STRIKE: "strikethrough",
  DEL: "strikethrough",
  CODE: "code",
};

/** Fills the field. */
export function writeRich(root: HTMLElement, { text, entities }: RichText): void {
  root.replaceChildren(...(text === "" ? [] : segmentsOf(text, entities).map(nodeOf)));
}

/** Reads what is in the field. */
export function readRich(root: Node): RichText {
  const reader: Reader = { text: "", entities: [] };
  visit(root, [], reader, true);
  // the empty last line of an editable field is a line break of its own
  const text = reader.text.endsWith("\n") ? reader.text.slice(0, -1) : reader.text;
  return { text, entities: joined(reader.entities).filter((one) => one.offset < text.length) };
}

/** The same without blank ends, as it is sent. */
export function trimRich({ text, entities }: RichText): RichText {
  const lead = text.length - text.trimStart().length;
  const trimmed = text.trim();
  const moved = entities.flatMap((entity) => {
    const start = Math.max(0, entity.offset - lead);
    const end = Math.min(trimmed.length, entity.offset - lead + entity.length);
    return end > start ? [{ ...entity, offset: start, length: end - start }] : [];
  });
  return { text: trimmed, entities: moved };
}

interface Reader {
  text: string;
  entities: TextEntity[];
}
type Mark = Pick<TextEntity, "type" | "url">;

function nodeOf({ text, marks, href }: ReturnType<typeof segmentsOf>[number]): Node {
  let node: Node = document.createTextNode(text);
  for (const mark of marks) {
    const tag = mark === "text_link" && href ? "a" : tagOf[mark];
    if (!tag) continue;
    const element = document.createElement(tag);
    if (tag === "a" && href) element.setAttribute("href", href);
    element.append(node);
    node = element;
  }
  return node;
}

function visit(node: Node, marks: Mark[], reader: Reader, root = false): void {
  if (node instanceof Text) return say(node.data, marks, reader);
  if (node.nodeName === "BR") return say("\n", marks, reader);
  const block = !root && /^(DIV|P)$/.test(node.nodeName);
  if (block && reader.text !== "" && !reader.text.endsWith("\n")) say("\n", [], reader);
  const own = markFor(node);
  for (const child of node.childNodes) visit(child, own ? [...marks, own] : marks, reader);
}

function markFor(node: Node): Mark | undefined {
  if (node instanceof HTMLAnchorElement) return { type: "text_link", url: node.href };
  const type = markOf[node.nodeName];
  return type ? { type } : undefined;
}

function say(text: string, marks: Mark[], reader: Reader): void {
  const offset = reader.text.length;
  reader.text += text;
  for (const mark of marks)
    if (text.length > 0) reader.entities.push({ ...mark, offset, length: text.length });
}

/** Neighbouring runs of the same kind are one. */
function joined(entities: TextEntity[]): TextEntity[] {
  const result: TextEntity[] = [];
  for (const entity of entities) {
    const before = result.findLast((one) => one.type === entity.type && one.url === entity.url);
    if (before && before.offset + before.length === entity.offset) before.length += entity.length;
    else result.push({ ...entity });
  }
  return result;
}
