import { defineConfig } from "vitest/config";
import vue from "@vitejs/plugin-vue";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Minutes each: they begin first, so that none is left alone at the end. */
const longest = [
  "browser/axe.test.ts",
  "browser/axe-channels.test.ts",
  "browser/trouble.test.ts",
  "browser/drafts.test.ts",
  "browser/customers.test.ts",
  "browser/widget-settings.test.ts",
  "browser/trial.test.ts",
  "flows/processes.test.ts",
  "flows/kill.test.ts",
  "browser/axe-first.test.ts",
  "browser/set-up.test.ts",
  "browser/cut.test.ts",
  "contract/card-schema-org.test.ts",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ["test/**/*.test.ts"],
    // The storms take minutes on a slow machine: `npm run storm` raises them.
    exclude: process.env["STORM"] ? [] : ["test/storm/**"],
    globalSetup: ["test/support/build.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Vitest's own second is not enough on a loaded machine.
    expect: { poll: { timeout: 60_000 } },
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
  },
});
