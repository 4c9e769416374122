// A letter's HTML as elements of ours: only what is on this list is shown, and no attribute but a link's address.
import { defineComponent, h, type VNode } from "vue";
import { safeHref } from "./segments.ts";

const shown = new Set([
  "p", "div", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "pre", "code",
  "h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "thead", "tr", "td", "th", "hr", "span", "sub", "sup",
]); // prettier-ignore
const hidden = new Set([
  "script",
  "style",
  "head",
  "title",
  "iframe",
  "object",
  "template",
  "noscript",
  "svg",
]);
const maxDepth = 40;

function draw(node: Node, depth: number): (VNode | string)[] {
  if (depth > maxDepth) return [];
  return [...node.childNodes].flatMap((child) => drawOne(child, depth));
}

function drawOne(node: Node, depth: number): (VNode | string)[] {
  if (node.nodeType === Node.TEXT_NODE) return [node.textContent ?? ""];
  if (!(node instanceof Element)) return [];
  const name = node.localName;
  if (hidden.has(name)) return [];
  const inner = draw(node, depth + 1);
  if (!shown.has(name)) return inner;
  const href = name === "a" ? safeHref(node.getAttribute("href") ?? undefined) : undefined;
  if (name === "a" && !href) return inner;
  return [h(name, href ? { href, target: "_blank", rel: "noopener noreferrer nofollow" } : {}, inner)];
}

export default defineComponent({
  name: "LetterHtml",
  props: { html: { type: String, required: true } },
  setup: (props) => () => {
    const parsed = new DOMParser().parseFromString(props.html, "text/html");
    return h("div", { class: "letter", dir: "auto" }, draw(parsed.body, 0));
  },
});
