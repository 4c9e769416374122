import sanitize from "sanitize-html";

const quotes = /(^|\s)(gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted)/;

/** A letter's HTML without scripts, styles and pictures, and without what it quotes; undefined where nothing is left. */
export function safeHtml(html: string | undefined): string | undefined {
  if (!html) return undefined;
  const clean = sanitize(html, {
    allowedTags: [
      ...["p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote"],
      ...["pre", "code", "h1", "h2", "h3", "h4", "hr", "sub", "sup"],
      ...["table", "thead", "tbody", "tr", "td", "th"],
    ],
    allowedAttributes: { a: ["href"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"] },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowProtocolRelative: false,
    exclusiveFilter: ({ tag, attribs }) =>
      (tag === "blockquote" && attribs["type"] === "cite") || quotes.test(attribs["class"] ?? ""),
  }).trim();
  if (clean.replace(/<[^>]*>|&nbsp;|\s/g, "") === "" || clean.length > 400_000) return undefined;
  return clean;
}

/** The words of such HTML, a line for every block. */
export function textOfHtml(html: string): string {
  const lines = html.replace(/<(br|hr)\b[^>]*>|<\/(p|div|li|tr|h\d|pre|blockquote|table|ul|ol)>/gi, "\n");
  const words = sanitize(lines, { allowedTags: [], allowedAttributes: {} });
  return words
    .replace(/&(lt|gt|quot|amp);/g, (_all, name: keyof typeof signs) => signs[name])
    .replace(/[^\S\n]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const signs = { lt: "<", gt: ">", quot: '"', amp: "&" };
