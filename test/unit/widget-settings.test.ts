/** What the configuration screen decides by itself: merging two people's changes, addresses, missing translations. */
import { describe, expect, it } from "vitest";
import { linkIcon } from "../../widget/link-icons.ts";
import { readAddress } from "../../widget/web/settings/addresses.ts";
import { describeRule, newRule } from "../../widget/web/settings/conditions.ts";
import { bareDomain, isDomain } from "../../widget/web/settings/domains.ts";
import { mergeDrafts } from "../../ui/kit/merge-drafts.ts";
import { fallbackOf, missingIn } from "../../widget/web/settings/languages.ts";
import { defaultConfig } from "../../widget/widgets.ts";

describe("two people's changes", () => {
  const base = {
    accent: "red",
    links: [1, 2],
    texts: { title: { en: "Hi", ru: "Да" }, chat: { en: "Chat" } },
  };

  it.each([
    ["different settings", { ...base, accent: "blue" }, { ...base, links: [2, 1] }, []],
    [
      "different languages of a text",
      { ...base, texts: { ...base.texts, title: { en: "Hello", ru: "Да" } } },
      { ...base, texts: { ...base.texts, title: { en: "Hi", ru: "Нет" } } },
      [],
    ],
    ["the same, to the same", { ...base, accent: "blue" }, { ...base, accent: "blue" }, []],
    ["the same, to something else", { ...base, accent: "blue" }, { ...base, accent: "green" }, ["accent"]],
    ["one list", { ...base, links: [2, 1] }, { ...base, links: [1] }, ["links"]],
  ])("%s", (_, mine, theirs, clashes) => {
    const merged = mergeDrafts<any>(base, mine, theirs);
    expect(merged.clashes).toEqual(clashes);
    const other = mergeDrafts<any>(base, theirs, mine);
    if (clashes.length === 0) expect(merged.value).toEqual(other.value);
    else expect(merged.value).toEqual(mine);
  });

  it("keeps a text that one of them added, and one that the other took away", () => {
    const mine = { ...base, texts: { ...base.texts, away: { en: "Away" } } };
    const theirs = { ...base, texts: { title: base.texts.title } };
    expect(mergeDrafts<any>(base, mine, theirs)).toEqual({
      value: { ...base, texts: { title: base.texts.title, away: { en: "Away" } } },
      clashes: [],
    });
  });
});

it.each([
  ["+7 495 555-01-40", "tel:+74955550140", "phone", "", "+7 495 555-01-40"],
  ["shop@clay.example", "mailto:shop@clay.example", "email", "E-mail", "shop@clay.example"],
  ["@clay_and_co", "https://t.me/clay_and_co", "telegram", "Telegram", "@clay_and_co"],
  ["wa.me/74955550140", "https://wa.me/74955550140", "whatsapp", "WhatsApp", "+74955550140"],
  [
    "viber://chat?number=%2B74955550140",
    "viber://chat?number=%2B74955550140",
    "viber",
    "Viber",
    "+74955550140",
  ],
  ["https://m.me/clay.and.co", "https://m.me/clay.and.co", "messenger", "Messenger", "m.me/clay.and.co"],
  ["https://clay.example/write", "https://clay.example/write", "link", "clay.example", "clay.example/write"],
])("reads %s as a link", (typed, url, kind, title, handle) => {
  expect(readAddress(typed)).toEqual({ url, kind, title, handle });
});
it("has a mark for every kind of address", () => {
  for (const typed of [
    "+7 495 555-01-40",
    "a@clay.example",
    "@clay_and_co",
    "wa.me/7",
    "m.me/x",
    "vk.me/x",
    "clay.example",
  ])
    expect(linkIcon(readAddress(typed)?.kind ?? "")).toMatch(/^<svg .*<\/svg>$/);
  expect(linkIcon("toString")).toBe(linkIcon("link"));
});
it.each(["", "hello", "javascript:alert(1)", "data:text/html,x", "12"])(
  "takes %j for no address",
  (typed) => {
    expect(readAddress(typed)).toBeUndefined();
  },
);

it.each([
  ["https://Clay.example/shop?x", "clay.example", true],
  ["*.clay.example", "*.clay.example", true],
  ["localhost:8080", "localhost:8080", true],
  ["clay example", "clay example", false],
  ["", "", false],
])("reads %j as a domain", (typed, domain, fits) => {
  expect([bareDomain(typed), isDomain(bareDomain(typed))]).toEqual([domain, fits]);
});

it("finds what is missing in a language, in texts, rules and forms that are in use", () => {
  const config = defaultConfig("clay.example");
  config.languages = ["en", "ru", "de"];
  const rule = { ...newRule("r", "Glaze"), greeting: { en: "Choosing a glaze?" } };
  config.rules = [rule, { ...rule, id: "off", on: false }];
  delete config.texts.title?.["ru"];
  config.preChat.on = true;
  expect(missingIn(config, "en")).toEqual([]);
  expect(missingIn(config, "ru")).toEqual([
    { kind: "text", name: "title" },
    { kind: "rule", name: "Glaze" },
  ]);
  expect(missingIn(config, "de").map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 7 }, () => "text"),
    "rule",
    "field",
    "field",
  ]);
  expect(fallbackOf({ ru: "Да", en: " " }, "de")).toBe("Да");
});

it("says in short what a rule waits for", () => {
  const say = (key: string, params?: Record<string, unknown>): string =>
    `${key.split(".").at(-1)}${params ? `(${Object.values(params).join(" ")})` : ""}`;
  const rule = newRule("r", "Glaze");
  expect(describeRule(rule, say)).toBe("time(25)");
  rule.conditions.push(
    { what: "page", how: "starts", value: "/mugs/" },
    { what: "hours", how: "is", value: "open" },
  );
  expect(describeRule(rule, say)).toBe("time(25), other(page starts /mugs/), open");
  expect(describeRule({ ...rule, conditions: [] }, say)).toBe("always");
});
