/**
 * `npm run screenshots`: every screen as screenshots/<name>-<width>-<theme>-<language>.png.
 * One that cannot be taken is named, the others are taken, and the command ends with 1.
 * `-- --only thread,home` takes some of them, `-- --look light-en` one look, `-- --readme` those of the README.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { launchBrowser, openContext, type Looks } from "../test/support/browser.ts";
import { settle } from "../test/support/settle.ts";
import { root } from "./build.mjs";
import { openPlaces, type Places } from "./screenshots/places.ts";
import type { Shot } from "./screenshots/shot.ts";
import { shots } from "./screenshots/shots.ts";

/** Where it is about four in the afternoon now, so that the studio has a working day behind it on every picture. */
const timeZone = afternoon(new Date().getUTCHours());
process.env["TZ"] = timeZone;

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    look: { type: "string" },
    readme: { type: "boolean", default: false },
  },
});
const folder = join(root, "screenshots");

/** What the README shows: file in docs/screenshots, and the picture that it is. */
const readme = [
  { file: "inbox.webp", shot: "thread", width: 1440, theme: "light", locale: "en" },
  { file: "inbox-dark-ru.webp", shot: "thread-ru", width: 1440, theme: "dark", locale: "ru" },
  { file: "home.webp", shot: "home", width: 1440, theme: "light", locale: "en" },
  { file: "connect.webp", shot: "connect-telegram", width: 1440, theme: "light", locale: "en" },
  { file: "card-builder.webp", shot: "cards-builder", width: 1440, theme: "light", locale: "en" },
  { file: "card.webp", shot: "cards-public", width: 390, theme: "light", locale: "en" },
  { file: "phone.webp", shot: "thread", width: 390, theme: "light", locale: "en" },
  { file: "phone-list-ru.webp", shot: "inbox-list", width: 390, theme: "dark", locale: "ru" },
] as const;

type Look = Required<Pick<Looks, "width" | "theme" | "locale">>;
const looks: Look[] = (["light", "dark"] as const).flatMap((theme) =>
  (["en", "ru"] as const).flatMap((locale) =>
    ([1440, 390] as const).map((width) => ({ theme, locale, width })),
  ),
);

const say = (what: string): void => void process.stdout.write(`${what}\n`);
await mkdir(folder, { recursive: true });
const places = await openPlaces(say, options.readme);
const browser = await launchBrowser({ fakeMedia: true });
try {
  for (const look of looks) await takeAll(browser, places, look);
  if (options.readme) await copyForReadme();
} finally {
  await browser.close();
  await places.close();
}

/** Zones of this family carry the opposite sign: Etc/GMT-3 is three hours ahead of Greenwich. */
function afternoon(utcHours: number): string {
  const ahead = ((16 - utcHours + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

async function takeAll(within: Browser, at: Places, look: Look): Promise<void> {
  const wanted = shots.filter((shot) => isWanted(shot, look));
  if (wanted.length === 0) return;
  say(`${look.theme}, ${look.locale}, ${look.width} wide: ${wanted.length} screens`);
  for (const person of [at.demo.people.nina, at.fresh, at.host.owner])
    await person.patch("/preferences", { theme: look.theme, locale: look.locale });
  for (const shot of wanted)
    await picture(within, shot, at, look).catch((error: unknown) => {
      say(`${nameOf(shot.name, look)} was not taken: ${String(error)}`);
      process.exitCode = 1;
    });
}

async function picture(within: Browser, shot: Shot, at: Places, look: Look): Promise<void> {
  const address = await shot.address(at);
  const { origin } = new URL(address);
  const context = await openContext(within, origin, shot.who?.(at).cookie, { ...look, timeZone });
  try {
    await take(context, address, shot, at, join(folder, `${nameOf(shot.name, look)}.png`));
  } finally {
    await context.close();
  }
}

function isWanted(shot: Shot, { theme, locale, width }: Look): boolean {
  if (shot.desktopOnly && width === 390) return false;
  if (shot.phoneOnly && width === 1440) return false;
  if (shot.ownLooks && theme === "dark") return false;
  if (options.readme)
    return readme.some(
      (one) => one.shot === shot.name && one.theme === theme && one.locale === locale && one.width === width,
    );
  if (options.look && options.look !== `${theme}-${locale}`) return false;
  return !options.only || options.only.split(",").includes(shot.name);
}

function nameOf(name: string, { width, theme, locale }: Look): string {
  return `${name}-${width}-${theme}-${locale}`;
}

async function take(
  context: BrowserContext,
  address: string,
  shot: Shot,
  at: Places,
  path: string,
): Promise<void> {
  const page = await context.newPage();
  page.setDefaultTimeout(120_000); // a machine that has other work is slow, and nobody waits for a single picture
  await page.goto(address);
  await rest(page);
  const after = await shot.act?.(page, at);
  await rest(page);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  await after?.();
}

/** The screen is there, nothing is being fetched, fonts are there, pictures are decoded. */
async function rest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.body.innerText.trim() !== "");
  await settle(page);
  await page.evaluate(async () => {
    const pictures = [...document.images].filter((image) => image.loading !== "lazy" || image.complete);
    await Promise.allSettled(pictures.map((image) => image.decode()));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

async function copyForReadme(): Promise<void> {
  const target = join(root, "docs", "screenshots");
  await mkdir(target, { recursive: true });
  for (const { file, shot, ...look } of readme) {
    const picture = join(folder, `${nameOf(shot, look)}.png`);
    await sharp(picture).webp({ quality: 84, effort: 6 }).toFile(join(target, file));
  }
}
