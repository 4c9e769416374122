/**
 * What a public card tells search engines, held against the vocabulary of schema.org itself: schema-dts (Google) has it as
 * types, made from its JSON-LD file, with every type, property and value. The compiler is the validator.
 */
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { renderPage, type PageFacts } from "../../cards/blocks/page.ts";
import { block as cardBlock, cardContent, type CardContent } from "../../cards/blocks/schema.ts";
import { root } from "../../scripts/build.mjs";
import { pageFacts, fullCard } from "../support/card.ts";

const reviews = {
  count: 2,
  average: 4.5,
  items: [
    { stars: 5, text: "Lovely bowls </script>", name: "Mila", day: "2026-11-01" },
    { stars: 4, text: "", name: "Ivan", day: "2026-11-02" },
  ],
};

function dataOf(content: CardContent, more: Partial<PageFacts> = {}): any {
  const html = renderPage(content, { ...pageFacts("en"), reviews, ...more });
  const [, json = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json);
}

/** What the vocabulary finds wrong, for each of the pages. */
function faultsOf(pages: unknown[]): string[] {
  const file = join(root, "test", "contract", "card-schema-org.data.ts");
  const source = [
    'import type { ProfilePage, WithContext } from "schema-dts";',
    ...pages.map((page, n) => `export const page${n}: WithContext<ProfilePage> = ${JSON.stringify(page)};`),
  ].join("\n");
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023)
      : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("what search engines read of a card", () => {
  const shown = fullCard("porcelain");
  const booking = { id: "bo", type: "booking", title: { en: "Book a class" } };
  const full = cardContent.parse({ ...shown, blocks: [...shown.blocks, booking] });
  const day = [{ from: "10:00", to: "20:00" }];
  const hours = (own: unknown, more: object = {}) =>
    cardContent.parse({
      languages: ["en"],
      blocks: [...full.blocks.slice(0, 1), { id: "h", type: "hours", own, ...more }],
    });

  it("is of schema.org's types and properties, whatever blocks and hours there are", () => {
    const kinds = cardBlock.options.map(({ shape }) => shape.type.value);
    expect(new Set(full.blocks.map(({ type }) => type))).toEqual(new Set(kinds));
    const ofEach = kinds.map((type) => ({
      ...full,
      blocks: full.blocks.filter((one) => one.type === "person" || one.type === type),
    }));
    const weeks = [
      hours([day, day, day, day, day, [], []]),
      hours([
        [],
        [],
        [],
        [],
        [],
        [{ from: "00:00", to: "24:00" }],
        [
          { from: "09:00", to: "12:00" },
          { from: "13:00", to: "18:00" },
        ],
      ]),
      hours([[], [], [], [], [], [], []]),
      hours(undefined),
    ];
    const pages = [
      dataOf(full),
      dataOf(full, { language: "ru" }),
      dataOf(full, { reviews: undefined, week: undefined }),
      ...ofEach.map((content) => dataOf(content)),
      ...weeks.map((content) => dataOf(content)),
    ];
    expect(faultsOf(pages)).toEqual([]);
  });

  it("tells the hours by day, of the block or of the business, and none where there are none", () => {
    const told = (content: CardContent, more?: Partial<PageFacts>) =>
      dataOf(content, more).mainEntity.openingHoursSpecification?.map((one: any) => [
        one.dayOfWeek.join(),
        one.opens,
        one.closes,
      ]);
    const twice = [
      { from: "09:00", to: "12:00" },
      { from: "13:00", to: "24:00" },
    ];
    expect(told(hours([day, day, [], [], [], [], twice]))).toEqual([
      ["Monday,Tuesday", "10:00", "20:00"],
      ["Sunday", "09:00", "12:00"],
      ["Sunday", "13:00", "23:59"],
    ]);
    expect(told(hours(undefined), { week: [[], [], day, [], [], [], []] })).toEqual([
      ["Wednesday", "10:00", "20:00"],
    ]);
    expect(told(hours(undefined), { week: undefined })).toBeUndefined();
    expect(told(hours([[], [], [], [], [], [], []]))).toBeUndefined();
    expect(told({ ...full, blocks: full.blocks.filter(({ type }) => type !== "hours") })).toBeUndefined();
  });

  it("is told from what is wrong: the validator sees each of these", () => {
    const spoilt: ((page: any) => void)[] = [
      (page) => (page.mainEntity.openHours = "Mo-Fr"),
      (page) => (page.mainEntity["@type"] = "Bizness"),
      (page) => (page.mainEntity.telephone = { "@type": "Place" }),
      (page) => (page.mainEntity.review[0].stars = 5),
      (page) => (page.mainEntity.openingHoursSpecification[0].opens = { "@type": "Place" }),
    ];
    const pages = spoilt.map((spoil) => {
      const page = dataOf(full);
      spoil(page);
      return page as object;
    });
    expect(faultsOf(pages)).toHaveLength(pages.length);
  });
});
