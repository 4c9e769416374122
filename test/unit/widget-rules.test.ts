/** When a greeting shows: the part that the hub decides, as a table. */
import { describe, expect, it } from "vitest";
import { matchRules, pageConditions, readUtm, type RuleFacts } from "../../widget/rules.ts";
import type { Condition, Rule } from "../../widget/schema.ts";

const facts: RuleFacts = {
  url: "https://clay.example/mugs/sand?color=sand&utm_source=ig",
  referrer: "https://l.instagram.com/?u=x",
  utm: { source: "ig", campaign: "Autumn" },
  device: "phone",
  country: "KZ",
  language: "ru-RU",
  visits: 3,
  open: true,
};

function rule(...conditions: Condition[]): Rule {
  return {
    id: "r",
    name: "r",
    on: true,
    conditions,
    greeting: { en: "Hi" },
    answers: [],
    from: null,
    every: "always",
  };
}

const cases: [Condition["what"], Condition["how"], string, boolean][] = [
  ["page", "is", "/mugs/sand?color=sand&utm_source=ig", true],
  ["page", "is", "/mugs/sand", false],
  ["page", "starts", "/mugs/", true],
  ["page", "starts", "/plates/", false],
  ["page", "contains", "sand", true],
  ["page", "not_contains", "cart", true],
  ["page", "not_contains", "sand", false],
  ["source", "is", "instagram.com", true],
  ["source", "is", "gram.com", false],
  ["source", "not", "instagram.com", false],
  ["source", "is", "", false],
  ["utm", "is", "source=ig", true],
  ["utm", "is", "campaign=autumn", true],
  ["utm", "is", "campaign", true],
  ["utm", "is", "medium", false],
  ["utm", "not", "source=ig", false],
  ["device", "is", "phone", true],
  ["device", "is", "phone, tablet", true],
  ["device", "not", "phone", false],
  ["country", "is", "RU, KZ", true],
  ["country", "not", "RU", true],
  ["language", "is", "ru", true],
  ["language", "is", "en", false],
  ["hours", "is", "open", true],
  ["hours", "is", "closed", false],
  ["visits", "at_least", "3", true],
  ["visits", "at_least", "4", false],
  ["visits", "at_most", "3", true],
  ["visits", "at_most", "1", false],
  ["time", "at_least", "25", true],
  ["scroll", "at_least", "50", true],
  ["exit", "is", "", true],
];

describe("a greeting", () => {
  it.each(cases)("%s %s %j: %s", (what, how, value, holds) => {
    expect(matchRules([rule({ what, how, value })], facts)).toHaveLength(holds ? 1 : 0);
  });

  it.each([
    ["/кружки", "https://clay.example/%D0%BA%D1%80%D1%83%D0%B6%D0%BA%D0%B8/", true],
    ["/", "https://clay.example/", true],
    ["/a", "https://clay.example/a///", true],
    ["/%zz", "https://clay.example/%zz", true],
    ["/", "not an address", false],
  ])("is for the page %s at %s: %s", (value, url, holds) => {
    expect(matchRules([rule({ what: "page", how: "is", value })], { ...facts, url })).toHaveLength(
      holds ? 1 : 0,
    );
  });

  it("needs every condition, and to be switched on; the order stays", () => {
    const both = rule(
      { what: "device", how: "is", value: "phone" },
      { what: "country", how: "is", value: "RU" },
    );
    const first = { ...rule(), id: "first" };
    const second = { ...rule(), id: "second" };
    expect(matchRules([both, first, { ...second, on: false }, second], facts)).toEqual([first, second]);
  });

  it("leaves to the page what only the page can know", () => {
    expect(
      pageConditions(
        rule(
          { what: "time", how: "at_least", value: "25" },
          { what: "scroll", how: "at_least", value: "400" },
          { what: "exit", how: "is", value: "" },
          { what: "page", how: "is", value: "/" },
        ),
      ),
    ).toEqual({ time: 25, scroll: 100, exit: true });
    expect(pageConditions(rule({ what: "time", how: "at_least", value: "soon" }))).toEqual({ time: 0 });
  });

  it("knows a visitor without a source, a country or tags", () => {
    const bare: RuleFacts = { ...facts, referrer: undefined, country: undefined, utm: {} };
    expect(matchRules([rule({ what: "source", how: "is", value: "" })], bare)).toHaveLength(1);
    expect(matchRules([rule({ what: "country", how: "is", value: "RU" })], bare)).toHaveLength(0);
    expect(matchRules([rule({ what: "utm", how: "not", value: "source=ig" })], bare)).toHaveLength(1);
  });
});

it("reads the tags of an address, and nothing else of it", () => {
  expect(readUtm("https://a.example/?utm_source=ig&utm_medium=bio&x=1&utm_=2")).toEqual({
    source: "ig",
    medium: "bio",
  });
  expect(readUtm("nonsense")).toEqual({});
});
