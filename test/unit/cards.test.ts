/** What every public card holds, whatever is written on it and whatever colours are chosen. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emailOf, phoneOf, safeAddress } from "../../cards/blocks/address.ts";
import { contrast, over } from "../../cards/blocks/colour.ts";
import { playerOf } from "../../cards/blocks/embed.ts";
import { weekRows } from "../../cards/blocks/hours.ts";
import { renderPage, styleOf } from "../../cards/blocks/page.ts";
import { paletteOf } from "../../cards/blocks/palette.ts";
import { cardContent, design } from "../../cards/blocks/schema.ts";
import { serviceIds, services, type ServiceId } from "../../cards/blocks/services.ts";
import { themes } from "../../cards/blocks/themes/index.ts";
import { themeIds } from "../../cards/blocks/themes/names.ts";
import { cutFaceIds } from "../../cards/blocks/type-faces.ts";
import { cutFace } from "../../cards/faces.ts";
import { toVcard } from "../../cards/vcard.ts";
import { fullCard, pageFacts } from "../support/card.ts";
import { lettersIn } from "../support/letters.ts";

const allThemes = themeIds.flatMap((theme) => ["en", "ru"].map((language) => [theme, language] as const));

describe("the page", () => {
  it.each(allThemes)("of twenty blocks in %s, %s, weighs 10 KB at most", (theme, language) => {
    const content = fullCard(theme);
    expect(content.blocks.length).toBeGreaterThanOrEqual(20);
    const page = renderPage(content, pageFacts(language));
    expect(gzipSync(page, { level: 9 }).length).toBeLessThanOrEqual(10 * 1024);
    expect(page).not.toMatch(
      /<script(?! type="application\/ld\+json")|\son\w+=|(?:src|href)="(?:https?:)?\/\/(?!go\.clay\.example|clay\.example\/privacy"|www\.youtube-nocookie\.com)/,
    );
  });

  it("escapes everything that is typed, in every block", () => {
    const evil = `"><script>alert(1)</script><img src=x>'`;
    const typed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(typed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, one]) =>
          typeof one === "object" && one !== null && "en" in one ? [key, { en: evil }] : [key, typed(one)],
        ),
      );
    };
    const page = renderPage(cardContent.parse(typed(fullCard("terracotta"))), pageFacts("en"));
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<img src=x");
    expect(page.match(/<\/script>/g)).toHaveLength(1);
  });

  it("shows a block only in its time", () => {
    const content = cardContent.parse({
      languages: ["en"],
      blocks: [
        { id: "a", type: "heading", text: { en: "Now" }, until: "2026-12-01T00:00:00Z" },
        { id: "b", type: "heading", text: { en: "Later" }, from: "2026-12-01T00:00:00Z" },
        { id: "c", type: "heading", text: { en: "Hidden" }, on: false },
      ],
    });
    const at = (now: string) => renderPage(content, { ...pageFacts("en"), now: new Date(now) });
    expect(at("2026-11-30T23:59:59Z")).toMatch(/Now(?!.*Later)/);
    expect(at("2026-12-01T00:00:00Z")).toMatch(/(?<!Now.*)Later/);
    expect(at("2026-11-30T00:00:00Z")).not.toContain("Hidden");
  });
});

describe("colours", () => {
  const colour = fc
    .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
    .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`);
  const chosen = fc.record(
    { background: colour, text: colour, button: colour, buttonText: colour },
    { requiredKeys: [] },
  );

  it.each(themeIds)("are readable in %s whatever is chosen", (theme) => {
    fc.assert(
      fc.property(chosen, (own) => {
        const colours = paletteOf(themes[theme].palette, design.parse({ theme, ...own }));
        const pairs = [
          [colours.text, colours.background],
          [colours.text, colours.box],
          [colours.muted, colours.background],
          [colours.muted, colours.box],
          [colours.accent, colours.background],
          [colours.accent, colours.box],
          [colours.onButton, colours.button],
        ] as const;
        for (const [ink, ground] of pairs) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
      }),
      // a text that has as much contrast with black as with white, on a ground nearly white
      { numRuns: 300, examples: [[{ background: "#fcffea", text: "#e95e00" }]] },
    );
  });

  const behind = fc.oneof(
    fc.record({
      kind: fc.constant("gradient"),
      to: colour,
      way: fc.constantFrom("down", "diagonal"),
    }),
    fc.record({ kind: fc.constant("photo"), fileId: fc.constant("a".repeat(24)), veil: fc.nat(95) }),
    fc.record({ kind: fc.constant("pattern"), pattern: fc.constantFrom("dots", "lines", "grid") }),
  );

  it.each(themeIds)("are readable in %s on every gradient, pattern and pixel of a photo", (theme) => {
    fc.assert(
      fc.property(
        chosen,
        behind,
        fc.array(colour, { minLength: 4, maxLength: 4 }),
        (own, backdrop, pixels) => {
          const looks = design.parse({ theme, ...own, backdrop });
          const colours = paletteOf(themes[theme].palette, looks);
          const css = /\.own1\{background:([^}]*),var\(--bg\)\}/.exec(styleOf(looks))?.[1] ?? "";
          const [first = "", second = first] = css.match(/#[0-9a-f]{8}|#[0-9a-f]{6}/g) ?? [];
          const grounds = [colours.background];
          if (backdrop.kind === "gradient")
            for (let part = 0; part <= 100; part += 1) grounds.push(over(second, first, part / 100));
          if (backdrop.kind === "pattern") grounds.push(first);
          if (backdrop.kind === "photo") {
            const veil = Number.parseInt(first.slice(7), 16) / 255;
            for (const pixel of ["#ffffff", "#000000", ...pixels])
              grounds.push(over(first.slice(0, 7), pixel, veil));
          }
          const pane = /--card:(#[0-9a-f]{6})([0-9a-f]{2});/.exec(styleOf(looks));
          const panes = pane
            ? grounds.map((ground) => over(pane[1] ?? "", ground, Number.parseInt(pane[2] ?? "", 16) / 255))
            : [];
          for (const ground of [...grounds, ...panes, colours.box])
            for (const ink of [colours.text, colours.muted, colours.accent])
              expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(colours.onButton, colours.button)).toBeGreaterThanOrEqual(4.5);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("of a theme are left as they are", () => {
    for (const theme of themeIds)
      expect(paletteOf(themes[theme].palette, design.parse({ theme }))).toEqual(themes[theme].palette);
  });
});

describe("addresses", () => {
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    " \u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://clay.example/1",
    "https://clay.example@evil.example/",
    "https://",
    "",
    "//",
    "Just a text",
    "Просто текст",
    "Просто. Текст",
    "text",
    "...",
  ])("that could run or lie are none: %j", (address) => {
    expect(safeAddress(address)).toBeUndefined();
  });

  it.each([
    ["clay.example/shop", "https://clay.example/shop"],
    ["http://clay.example", "http://clay.example/"],
    ["clay.example:8080/a", "https://clay.example:8080/a"],
    ["//clay.example", "https://clay.example/"],
    ["мастерская.рф", "https://xn--80aaouh0afcg9k.xn--p1ai/"],
    ["viber://pa?chatURI=clay", "viber://pa?chatURI=clay"],
  ])("%s is %s", (typed, address) => {
    expect(safeAddress(typed)).toBe(address);
  });

  it.each([
    ["8 (916) 123-45-67", "+79161234567"],
    ["8 800 555-35-35", "+78005553535"],
    ["87011234567", "+77011234567"],
    ["7 495 555 01 42", "+74955550142"],
    ["00 44 20 7946 0142", "+442079460142"],
    ["+81 90 1234 5678", "+819012345678"],
    ["+84 951 234 567", "+84951234567"],
    ["555-01-42", "5550142"],
    ["12", undefined],
  ])("the number %s is %s", (typed, number) => expect(phoneOf(typed)).toBe(number));

  it("of any signs never throw and never run", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
        const address = safeAddress(typed);
        if (address) expect(address).not.toMatch(/^\s*(javascript|data|vbscript|file|blob):/i);
        for (const id of serviceIds) services[id].link(typed, typed);
        phoneOf(typed);
        emailOf(typed);
        playerOf(typed);
      }),
    );
  });
});

it.each<[ServiceId, string, string]>([
  ["telegram", "@clay_and_co", "https://t.me/clay_and_co?text=Hello"],
  ["telegram", "https://t.me/clay_and_co", "https://t.me/clay_and_co?text=Hello"],
  ["telegram", "+7 495 555-01-42", "https://t.me/+74955550142?text=Hello"],
  ["whatsapp", "+7 (495) 555-01-42", "https://wa.me/74955550142?text=Hello"],
  ["viber", "+7 495 555-01-42", "viber://chat?number=%2B74955550142&draft=Hello"],
  ["messenger", "clay.and.co", "https://m.me/clay.and.co"],
  ["instagram", "@clay.and.co", "https://www.instagram.com/clay.and.co"],
  ["wechat", "clayandco", "weixin://dl/chat?clayandco"],
  ["line", "@clay", "https://line.me/R/oaMessage/%40clay/?Hello"],
  ["snapchat", "clay", "https://www.snapchat.com/add/clay"],
  ["skype", "live:clay", "skype:live:clay?chat"],
  ["vk", "clay.and.co", "https://vk.com/clay.and.co"],
  ["max", "clay", "https://max.ru/clay"],
  ["email", "hello@clay.example", "mailto:hello@clay.example?body=Hello"],
])("%s: %s leads to %s", (service, to, link) => {
  expect(services[service].link(to, "Hello")).toBe(link);
});

it("an address of another site is no page of the service", () => {
  expect(services.instagram.link("https://evil.example/clay")).toBeUndefined();
  expect(services.instagram.link("https://instagram.com.evil.example/clay")).toBeUndefined();
  for (const service of ["telegram", "viber", "messenger", "line", "wechat"] as const)
    expect(services[service].link("https://vk.com/olga", "")).toBeUndefined();
  expect(services.messenger.link("facebook.com/clay")).toBe("https://m.me/clay");
});

it("tells search engines and phones only contacts that work, and shows no empty part", () => {
  const content = cardContent.parse({
    languages: ["en"],
    blocks: [
      { id: "p", type: "person", name: { en: "Clay & Co" } },
      { id: "e", type: "email", address: "olga@clay" },
      { id: "e2", type: "email", address: "hello@clay.example" },
      { id: "a", type: "address" },
      { id: "h", type: "heading" },
      { id: "t", type: "text" },
    ],
  });
  const page = renderPage(content, pageFacts("en"));
  expect(page).toContain('"email":"hello@clay.example"');
  expect(page).not.toContain('"address":');
  expect(page).not.toMatch(/<h2[^>]*><\/h2>|<p><\/p>/);
  expect(toVcard(content, { language: "en", url: "https://go.clay.example/" })).not.toMatch(
    /ADR|EMAIL.*olga/,
  );
});

it("days that are alike stand in one row", () => {
  const day = [{ from: "10:00", to: "20:00" }];
  expect(weekRows([day, day, day, day, day, [{ from: "11:00", to: "19:00" }], []], "en")).toEqual([
    ["Mon–Fri", "10:00–20:00"],
    ["Sat", "11:00–19:00"],
    ["Sun", "Closed"],
  ]);
});

describe("the face of the headings", () => {
  it.each(themeIds.filter((theme) => themes[theme].face))(
    "of %s holds Latin and Cyrillic, cut",
    async (theme) => {
      for (const language of ["en", "ru"]) {
        const content = fullCard(theme);
        const cut = await cutFace(content, renderPage(content, pageFacts(language)));
        expect(cut?.bytes.subarray(0, 4).toString()).toBe("wOF2");
        expect(cut?.bytes.byteLength).toBeLessThanOrEqual(16 * 1024);
        expect(cut?.bytes.byteLength).toBeGreaterThan(1500);
      }
    },
  );

  it.each(cutFaceIds)("%s has every letter of a heading in both alphabets", async (headings) => {
    const heading = "Clay & Co — Глина и Ко, №12 ёЁ";
    const content = cardContent.parse({
      languages: ["en"],
      design: { theme: "clinic", headings },
      blocks: [{ id: "p", type: "person", name: { en: heading } }],
    });
    const page = renderPage(content, pageFacts("en"));
    const cut = await cutFace(content, page);
    expect(page).toContain("--fh:H,");
    const letters = [...new Set(heading.replaceAll(/[ №]/g, ""))];
    expect(await lettersIn(cut?.bytes ?? Buffer.alloc(0), letters)).toEqual(letters);
  });
});

it("a contact with long Cyrillic texts is folded inside no character", () => {
  const content = cardContent.parse({
    languages: ["ru"],
    blocks: [
      { id: "p", type: "person", name: { ru: "Глина; и, Ко \\ ".repeat(4) }, about: { ru: "Ж".repeat(200) } },
    ],
  });
  const text = toVcard(content, { language: "ru", url: "https://go.clay.example/" });
  for (const line of text.split("\r\n")) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(line).not.toContain("\ufffd");
  }
  expect(text.replaceAll("\r\n ", "")).toContain("Глина\\; и\\, Ко \\\\");
});
