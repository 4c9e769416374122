import { defineConfig } from "vitest/config";
import vue from "@vitejs/plugin-vue";

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ["test/**/*.test.ts"],
    // The storms take minutes on a slow machine: `npm run storm` raises them.
    exclude: process.env["STORM"] ? [] : ["test/storm/**"],
    globalSetup: ["test/support/build.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
