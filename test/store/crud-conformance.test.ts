// MongoDB's own tests of CRUD, as every official driver carries them, against the embedded store.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveEmbeddedMongo, type EmbeddedMongo } from "../../embedded-mongo/index.ts";
import { readCases, runCase } from "../support/unified-runner.ts";
import { skipReason } from "./crud-skips.ts";

const LEAST_PASSED = 340;
const folder = resolve(process.env["CONFORMANCE_DIR"] ?? "../shared/conformance", "mongodb-crud");
const outside = process.env["MONGODB_TEST_URI"];

describe.skipIf(!existsSync(folder))(
  `CRUD conformance (cases in ${folder}; skipped when the folder is absent)`,
  () => {
    const { applicable } = existsSync(folder) ? readCases(folder) : { applicable: [] };
    let dataDir: string;
    let store: EmbeddedMongo | undefined;
    let uri: string;
    let passed = 0;

    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), "store-"));
      store = outside ? undefined : await serveEmbeddedMongo({ dataDir });
      uri = outside ?? store?.uri ?? "";
    });

    afterAll(async () => {
      await store?.close();
      await rm(dataDir, { recursive: true, force: true });
    });

    for (const unified of applicable) {
      const reason = skipReason(unified.file, unified.description);
      const name = `${unified.file}: ${unified.description}`;
      if (reason) test.skip(`${name} (${reason})`);
      else
        test(name, async () => {
          await runCase(uri, unified);
          passed++;
        });
    }

    test(`at least ${String(LEAST_PASSED)} of the ${String(applicable.length)} applicable cases pass`, () => {
      expect(passed).toBeGreaterThanOrEqual(LEAST_PASSED);
    });
  },
);
