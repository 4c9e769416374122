/** Before the tests: dist/ is what the sources say, for the tests that start the program itself. */
import { build } from "../../scripts/build.mjs";

export default function setup(): Promise<void> {
  return build({ quiet: true });
}
