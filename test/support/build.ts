/** Before the tests: dist/ is what the sources say, and a browser is there, so that no two files unpack it at once. */
import { build } from "../../scripts/build.mjs";
import { findChromium } from "./browser.ts";

export default async function setup(): Promise<void> {
  await Promise.all([build({ quiet: true }), findChromium()]);
}
