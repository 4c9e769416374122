/** What every connector promises, whatever its messenger. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { loadConnectors, loadIcons } from "../../connectors/index.ts";
import { capabilities, content } from "../../connectors/contract.ts";
import type { Connector, InboundEvent } from "../../connectors/contract.ts";
import { fixturesOf, folderOf } from "../support/fixtures.ts";
import { proofOf } from "../support/proofs.ts";
import { recordingHost } from "../support/telegram.ts";

const receivedAt = new Date("2026-03-01T12:00:00Z");
const secret = "c2VjcmV0LW9mLXRoZS13ZWJob29rLWZvci10ZXN0cy0";
const connectors = [...(await loadConnectors()).values()];

test("connectors are found in their folders", () => {
  expect(connectors.map(({ kind }) => kind)).toContain("telegram");
});

describe.each(connectors)("$kind", (connector) => {
  const fixtures = fixturesOf(connector.kind);

  test("has an icon, valid capabilities and steps over its own credentials", async () => {
    expect((await loadIcons()).get(connector.kind)).toMatch(/^<svg[^>]*viewBox/);
    expect(capabilities.safeParse(connector.capabilities).error).toBeUndefined();
    const asked = connector.steps.flatMap(({ fields = [] }) => fields);
    expect(Object.keys(fieldsOf(connector))).toEqual(expect.arrayContaining(asked));
    for (const name of asked) expect(fieldsOf(connector)[name]?.meta()?.["hidden"]).toBeUndefined();
  });

  test("has the same texts in both languages, for every key it names", () => {
    const { en, ru } = connector.texts;
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
    expect(Object.entries({ ...en, ...ru }).filter(([, text]) => text.trim() === "")).toEqual([]);
    expect(Object.keys(en)).toEqual(expect.arrayContaining(namedKeys(connector)));
  });

  test("has words for every code its errors and its health carry", () => {
    const codes = codesOf(connector.kind);
    expect(codes.length).toBeGreaterThan(5);
    const silent = codes.filter(
      (code) => !connector.texts.en[`errors.${code}`] && !connector.texts.en[`problems.${code}`],
    );
    expect(silent).toEqual([]);
  });

  test("marks at least one credential as secret", () => {
    const secrets = askedOf(connector).filter((field) => metaOf(field).secret);
    expect(secrets.length).toBeGreaterThan(0);
  });

  test("has fixtures, and each gives events that can be stored", () => {
    expect(fixtures.length).toBeGreaterThan(0);
    for (const { name, body } of fixtures) {
      const events = connector.parseUpdate(body, receivedAt);
      expect(events.length, name).toBeGreaterThan(0);
      for (const event of events) expectStorable(event, name);
    }
  });

  test("gives a repeated delivery the same keys, and every other one others", () => {
    const keysOf = () =>
      fixtures.flatMap(({ body }) => connector.parseUpdate(body, receivedAt).map(({ dedupKey }) => dedupKey));
    expect(keysOf()).toEqual(keysOf());
    expect(new Set(keysOf()).size).toBe(keysOf().length);
  });

  test("keeps what it does not know", () => {
    const bodies = [
      "",
      "garbage",
      "null",
      "[]",
      "{}",
      '"text"',
      "\u0000",
      '{"update_id":5,"hologram":{"a":1}}',
    ];
    for (const body of bodies) {
      const events = connector.parseUpdate(new TextEncoder().encode(body), receivedAt);
      expect(
        events.map(({ type }) => type),
        body,
      ).toEqual(["unknown"]);
    }
  });

  test("no bytes make its parser throw or return nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        for (const event of nonEmpty(connector.parseUpdate(body, receivedAt))) expectStorable(event, "bytes");
      }),
    );
  });

  test("no JSON makes its parser throw or return nothing", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const body = new TextEncoder().encode(JSON.stringify(value));
        for (const event of nonEmpty(connector.parseUpdate(body, receivedAt))) expectStorable(event, "json");
      }),
    );
  });

  test("no damage to a real delivery makes its parser throw or return nothing", () => {
    const json = fixtures.filter(({ body }) => isJson(body));
    if (json.length === 0) return;
    const pick = fc.constantFrom(...json);
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constant(undefined),
      fc.constant(2 ** 60),
      fc.constant(-1),
    );
    fc.assert(
      fc.property(pick, fc.nat(), junk, ({ body }, place, value) => {
        const damaged = damage(JSON.parse(new TextDecoder().decode(body)), place, value);
        const bytes = new TextEncoder().encode(JSON.stringify(damaged));
        for (const event of nonEmpty(connector.parseUpdate(bytes, receivedAt)))
          expectStorable(event, "damage");
      }),
      { numRuns: 500 },
    );
  });

  test("a name that every object has, or a very large number, does no harm either", () => {
    for (const { name, body } of fixtures.filter((one) => isJson(one.body))) {
      const real: unknown = JSON.parse(new TextDecoder().decode(body));
      for (const [place, path] of pathsOf(real).entries()) {
        const now = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], real);
        if (typeof now !== "string" && typeof now !== "number") continue;
        const damaged = damage(real, place, typeof now === "string" ? "constructor" : 8.64e15);
        const bytes = new TextEncoder().encode(JSON.stringify(damaged));
        for (const event of nonEmpty(connector.parseUpdate(bytes, receivedAt))) expectStorable(event, name);
      }
      const renamed = JSON.stringify(real).replaceAll(
        /"(message|edited_message|text|event)":/g,
        '"constructor":',
      );
      const bytes = new TextEncoder().encode(renamed);
      for (const event of nonEmpty(connector.parseUpdate(bytes, receivedAt))) expectStorable(event, name);
    }
  });

  test("asks nothing about a person whose id is another messenger's", async () => {
    const asked: unknown[] = [];
    const host = recordingHost({ fetch: (...given) => Promise.reject(new Error(String(asked.push(given)))) });
    const session = connector.open(proofOf(connector.kind).credentials, host);
    const foreign = { scheme: "of_another_messenger", scope: "", value: "447700900123" };
    expect((await session.fetchProfile?.(foreign, AbortSignal.timeout(1000))) ?? {}).toEqual({});
    expect(asked).toEqual([]);
  });

  test("believes no webhook without its proof", () => {
    const { credentials, sign } = proofOf(connector.kind);
    for (const { name, body } of fixtures.slice(0, 3)) {
      const proven = sign?.(body, secret);
      const verify = (headers: Record<string, string | undefined>, bytes = body, key = secret) =>
        connector.verifyWebhook(
          { method: "POST", query: {}, headers, body: bytes, secret: key },
          credentials,
        );
      expect(verify({}), name).toBe(false);
      if (!proven) continue;
      const [[header, proof] = ["", ""]] = Object.entries(proven);
      expect(verify(proven), name).toBe(true);
      for (const value of [undefined, "", "wrong", proof.slice(0, -1), `${proof}x`, flipLast(proof)])
        expect(verify({ [header]: value }), String(value)).toBe(false);
    }
  });

  test("believes no webhook of a body that was changed, nor without a secret", () => {
    const { credentials, sign, signsBody, unconfigured } = proofOf(connector.kind);
    const body = fixtures[0]?.body ?? new Uint8Array();
    const proven = sign?.(body, secret) ?? {};
    const request = { method: "POST", query: {}, headers: proven, body, secret };
    const changed = Uint8Array.from(body, (byte, index) => (index === 5 ? byte ^ 1 : byte));
    if (signsBody) expect(connector.verifyWebhook({ ...request, body: changed }, credentials)).toBe(false);
    const [header = "x-signature"] = Object.keys(proven);
    for (const value of [undefined, "", proven[header]])
      expect(
        connector.verifyWebhook({ ...request, headers: { [header]: value }, secret: "" }, unconfigured),
      ).toBe(false);
  });
});

function flipLast(proof: string): string {
  return `${proof.slice(0, -1)}${proof.endsWith("0") ? "1" : "0"}`;
}

function isJson(body: Uint8Array): boolean {
  try {
    return JSON.parse(new TextDecoder().decode(body)) !== undefined;
  } catch {
    return false;
  }
}

function nonEmpty(events: InboundEvent[]): InboundEvent[] {
  expect(events.length).toBeGreaterThan(0);
  return events;
}

function expectStorable(event: InboundEvent, name: string): void {
  expect(event.dedupKey, name).not.toBe("");
  expect(event.orderKey, name).not.toBe("");
  expect(Number.isNaN(event.at.getTime()), name).toBe(false);
  if (event.type === "message" || event.type === "edit")
    expect(content.safeParse(event.content).error, name).toBeUndefined();
  if (event.type === "message" || event.type === "blocked" || event.type === "unblocked")
    expect(event.peer.aliases[0].value, name).not.toBe("");
}

/** Puts `value` in the place of the n-th field, counted through the whole tree. */
function damage(tree: unknown, place: number, value: unknown): unknown {
  const paths = pathsOf(tree);
  const path = paths[place % Math.max(1, paths.length)] ?? [];
  const replace = (node: unknown, [key, ...rest]: string[]): unknown => {
    if (key === undefined) return value;
    if (Array.isArray(node))
      return node.map((item: unknown, index) => (String(index) === key ? replace(item, rest) : item));
    const fields = z.record(z.string(), z.unknown()).parse(node);
    return { ...fields, [key]: replace(fields[key], rest) };
  };
  return replace(tree, path);
}

function pathsOf(node: unknown): string[][] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((path) => [key, ...path]),
  ]);
}

function fieldsOf(connector: Connector): Record<string, z.ZodType> {
  return z.object({ shape: z.record(z.string(), z.custom<z.ZodType>()) }).parse(connector.credentials).shape;
}

const fieldMeta = z.object({ title: z.string(), description: z.string(), secret: z.boolean() });

/** Fields that a person may fill in. */
function askedOf(connector: Connector): z.ZodType[] {
  return Object.values(fieldsOf(connector)).filter((field) => field.meta()?.["hidden"] !== true);
}

function metaOf(field: z.ZodType) {
  return fieldMeta.parse(field.meta());
}

function namedKeys(connector: Connector): string[] {
  const ofFields = askedOf(connector).flatMap((field) => {
    const { title, description } = metaOf(field);
    return [title, description];
  });
  return [
    ...ofFields,
    ...connector.steps.flatMap(({ code }) => [`steps.${code}.title`, `steps.${code}.text`]),
  ];
}

/** Codes as they are written in the folder's sources. */
function codesOf(kind: string): string[] {
  const folder = folderOf(kind);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return sources.flatMap((name) => {
    const source = readFileSync(new URL(name, folder), "utf8");
    return [
      ...source.matchAll(/(?:new ConnectorError|problem)\(\s*[^,;]+?,\s*"(\w+)"/g),
      ...source.matchAll(/\/i, "(\w+)", "\w+"\]/g),
    ].map((match) => match[1] ?? "");
  });
}
