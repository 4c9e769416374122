/** The machine-readable Bot API description, kept outside the project: what is parsed and sent is valid against it. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { z } from "zod";

const folder = process.env.CONFORMANCE_DIR ?? "../shared/conformance";
const file = path.join(folder, "telegram-bot-api", "schema-definitions.json");

/** Set when the description is absent; tests that need it say so. */
export const schemaMissing = existsSync(file) ? undefined : `no Bot API description in ${file}`;

let ajv: Ajv | undefined;

/** What is wrong with a value of a Bot API type; empty when nothing is. */
export function schemaErrors(type: string, value: unknown): string[] {
  ajv ??= load();
  const validate = ajv.getSchema(`bot-api#/definitions/${type}`);
  if (!validate) throw new Error(`the Bot API has no type ${type}`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "", params }) =>
    [type, instancePath, message, JSON.stringify(params)].join(" "),
  );
}

function load(): Ajv {
  const { definitions } = z
    .object({ definitions: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(file, "utf8")));
  return new Ajv({ strict: false, allErrors: false }).addSchema({ $id: "bot-api", definitions });
}
