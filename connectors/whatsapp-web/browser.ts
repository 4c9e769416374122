/** The browser in which WhatsApp's program runs: one on the system, else the one that npm has installed. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { ConnectorError } from "../contract.ts";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

export interface BrowserSearch {
  places?: string[];
  /** The package that holds a browser, where it is installed. */
  bundle?: string;
}

/** Throws `no_browser` when there is none: the texts say what to install. */
export async function findBrowser({
  places: among = places,
  bundle = "@sparticuz/chromium",
}: BrowserSearch = {}): Promise<string> {
  const found = among.find((path) => existsSync(path)) ?? (await unpack(bundle));
  if (found !== undefined) return found;
  throw new ConnectorError("permanent", "no_browser", "neither Chromium nor Chrome is installed");
}

const bundled = z.object({ default: z.object({ executablePath: z.custom<() => Promise<string>>() }) });

/** The package is nobody's dependency here: it is used where somebody installed it. */
async function unpack(bundle: string): Promise<string | undefined> {
  const folder = join(tmpdir(), `switchboard-browser-${process.getuid?.() ?? 0}`);
  try {
    const found = bundled.parse(await import(bundle));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await found.default.executablePath();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
