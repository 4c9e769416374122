/** Markup that is safe by construction: every value is escaped unless it is markup made here. */
const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toString(): string {
    return this.source;
  }
}

export type Part = Markup | string | number | false | null | undefined | readonly Part[];

/** The text as it may stand between tags and in a quoted attribute. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** markup`<p>${text}</p>`: texts are escaped, arrays are joined, false and undefined are nothing. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((done, next, index) => done + sourceOf(parts[index - 1]) + next));
}

function sourceOf(part: Part): string {
  if (part === false || part === null || part === undefined) return "";
  if (part instanceof Markup) return part.source;
  if (typeof part === "object") return part.map(sourceOf).join("");
  return escape(String(part));
}

/** Lines become line breaks. */
export function lines(text: string): Markup {
  return new Markup(text.trim().split(/\r?\n/).map(escape).join("<br>"));
}
