/** The picture beside a link to a card: what is on it, whatever fonts the machine has. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { cardContent, type CardContent } from "../../cards/blocks/schema.ts";
import { SharePictures, shareTag } from "../../cards/share/share-picture.ts";

const cardOf = (name: string, about = "", design = {}): CardContent =>
  cardContent.parse({
    languages: ["ru"],
    design,
    blocks: [{ id: "p", type: "person", name: { ru: name }, about: { ru: about } }],
  });
const noPhoto = () => Promise.reject(new Error("there is none"));
const draw = (content: CardContent) => new SharePictures().get("w", content, "ru", noPhoto);
const pixels = async (picture: Buffer) => sharp(picture).raw().toBuffer();

/** How many pixels of two pictures are clearly different. */
async function apart(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  let count = 0;
  for (let at = 0; at < a.length; at += 3)
    if ([0, 1, 2].some((channel) => Math.abs(a[at + channel]! - b[at + channel]!) > 60)) count++;
  return count;
}

describe("the picture of a card", () => {
  it("has the size that networks ask for, and is light with the longest texts", async () => {
    const picture = await draw(
      cardOf("Мастерская глины и обжига «Глина и Ко» 🏺".repeat(2), "щ".repeat(300)),
    );
    expect(await sharp(picture).metadata()).toMatchObject({ format: "jpeg", width: 1200, height: 630 });
    expect(picture.byteLength).toBeLessThanOrEqual(300_000);
  });

  it.each([
    ["Cyrillic", "Ж", "Щ"],
    ["Ukrainian", "Ї", "Є"],
    ["an emoji", "🏺", "🎨"],
    ["an emoji of several signs", "👩‍🎨", "👩"],
    ["a flag", "🇺🇦", "🇫🇮"],
  ])("shows %s: it differs from an empty one and from another sign", async (_, sign, other) => {
    const [shown, empty, different] = await Promise.all([sign, "", other].map((name) => draw(cardOf(name))));
    expect(await apart(shown!, empty!)).toBeGreaterThan(600);
    expect(await apart(shown!, different!)).toBeGreaterThan(150);
  });

  it("shows an emoji in its own colours", async () => {
    const picture = await draw(
      cardOf("❤️", "", { background: "#ffffff", text: "#000000", button: "#000000" }),
    );
    const all = await pixels(picture);
    let red = 0;
    for (let at = 0; at < all.length; at += 3) if (all[at]! > 180 && all[at + 1]! < 90) red++;
    expect(red).toBeGreaterThan(1000);
  });

  it("is drawn alike where no font is installed", async () => {
    const content = JSON.stringify(cardOf("Глина и Ко 🏺", "Посуда"));
    const script = `
      import { SharePictures } from "./cards/share/share-picture.ts";
      const picture = await new SharePictures().get("w", ${content}, "ru", () => Promise.reject(new Error("none")));
      process.stdout.write(picture.toString("base64"));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", script],
      {
        maxBuffer: 10_000_000,
        env: { ...process.env, FONTCONFIG_FILE: "/dev/null", FONTCONFIG_PATH: "/dev/null" },
      },
    );
    const here = await draw(cardOf("Глина и Ко 🏺", "Посуда"));
    expect(await apart(Buffer.from(stdout, "base64"), here)).toBe(0);
  });

  it("stands in the card's colours, and has another address when they change", async () => {
    const content = cardOf("Clay", "", { background: "#112233", button: "#ffcc00" });
    const all = await pixels(await draw(content));
    expect([...all.subarray(0, 3)].map((value) => Math.round(value / 4))).toEqual([4, 9, 13]);
    expect(shareTag(content, "ru")).not.toBe(shareTag(cardOf("Clay", "", { background: "#112234" }), "ru"));
    expect(shareTag(content, "ru")).toBe(
      shareTag(cardContent.parse({ ...content, languages: ["ru", "en"] }), "ru"),
    );
  });
});
