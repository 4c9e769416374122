/** A real Chromium for tests and screenshots: one on the system, else the one that npm installed. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { chromium, type Browser, type BrowserContext } from "playwright-core";
import { watchRequests } from "./settle.ts";

/**
 * Chromium keeps the list below its address bar as two pages of every window, which take longer to load than a test's own
 * page and are seen by nobody here. The switch takes the place of the library's own, so that is repeated.
 */
const without = [
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "TcpPortRandomizationWin",
  "ThirdPartyStoragePartitioning",
];
const quiet = [
  `--disable-features=${without.join()}`,
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const fakeDevices = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];

/** CHROMIUM names a browser, or says `bundled`; without it the system is searched first. */
export async function launchBrowser(
  options: { fakeMedia?: boolean; debuggingPort?: number } = {},
): Promise<Browser> {
  const { fakeMedia, debuggingPort } = options;
  return chromium.launch({
    executablePath: await findChromium(),
    args: [
      ...quiet,
      ...(fakeMedia ? fakeDevices : []),
      ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : []),
    ],
  });
}

/** Path of the browser; unpacks the one from npm where it is needed. The test run asks once before its files begin. */
export async function findChromium(): Promise<string> {
  const { CHROMIUM } = process.env;
  if (CHROMIUM && CHROMIUM !== "bundled") return CHROMIUM;
  const found =
    CHROMIUM === "bundled"
      ? undefined
      : onPath(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]);
  return found ?? unpackBundled();
}

function onPath(names: string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The package unpacks itself and its shared libraries into the temporary folder; here one of its own, per user. */
async function unpackBundled(): Promise<string> {
  const folder = join(tmpdir(), `switchboard-chromium-143-${process.getuid?.() ?? 0}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs20.x";
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    const { default: bundled } = await import("@sparticuz/chromium");
    const path = await bundled.executablePath();
    await giveFonts(join(folder, "fonts"));
    return path;
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

/** The package brings no font that its list of folders finds, and without any a text field ends the page: Inter serves. */
async function giveFonts(folder: string): Promise<void> {
  const inter = dirname(createRequire(import.meta.url).resolve("@fontsource-variable/inter/package.json"));
  for (const script of ["latin", "cyrillic"]) {
    const name = `inter-${script}-wght-normal.woff2`;
    await copyFile(join(inter, "files", name), join(folder, name));
  }
  const dirs = [folder, "/usr/share/fonts"].map((dir) => `<dir>${dir}</dir>`).join("");
  const list = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${dirs}<cachedir>${folder}/cache</cachedir></fontconfig>`;
  await writeFile(join(folder, "fonts.conf"), list);
}

export interface Looks {
  width?: 1440 | 390;
  theme?: "light" | "dark";
  locale?: "en" | "ru";
  /** IANA name. */
  timeZone?: string;
  /** With the service worker, which fetches the whole app for times without a connection. */
  worker?: boolean;
}

/** A context that is signed in by a person's cookie, where one is given. */
export async function openContext(
  browser: Browser,
  url: string,
  cookie: string | undefined,
  looks: Looks = {},
): Promise<BrowserContext> {
  const { width = 1440, theme = "light", locale = "en", timeZone = "Europe/Moscow", worker = false } = looks;
  const phone = width === 390;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 844 : 900 },
    deviceScaleFactor: phone ? 2 : 1,
    hasTouch: phone,
    isMobile: phone,
    colorScheme: theme,
    locale: locale === "ru" ? "ru-RU" : "en-GB",
    timezoneId: timeZone,
    reducedMotion: "reduce",
    serviceWorkers: worker ? "allow" : "block",
  });
  context.setDefaultTimeout(60_000);
  watchRequests(context);
  const [name, value] = (cookie ?? "").split("=");
  if (name && value) await context.addCookies([{ name, value, url }]);
  return context;
}
