/** The OpenAPI 3.1 document, generated from the routes and their zod shapes. */
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { z } from "zod";
import { errorCodes } from "./errors.ts";
import type { Route } from "./http.ts";

const errorBody = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(errorCodes) as [string, ...string[]]),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ id: "Error" });

const unionPart = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  $ref: z.string().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

export function createOpenApi(routes: Route[], version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, "{$1}")}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  const document = createDocument({
    openapi: "3.1.0",
    info: {
      title: "Switchboard",
      version,
      description: "The API that Switchboard's own screens use. v1 only gains.",
    },
    paths,
    components: { securitySchemes: { session: { type: "apiKey", in: "cookie", name: "sb_session" } } },
  });
  typeUnions(document, document.components?.schemas ?? {});
  return document;
}

/**
 * Names the types beside every choice between shapes: it says nothing new, but the reader at /docs takes a choice
 * without a type for a fault of the document where the shape is used twice.
 */
function typeUnions(part: unknown, named: Record<string, unknown>): void {
  if (typeof part !== "object" || part === null) return;
  const types = "anyOf" in part && !("type" in part) ? typesOf(part, named) : [];
  if (types.length > 0) Object.assign(part, { type: types.length === 1 ? types[0] : types });
  for (const inner of Object.values(part)) typeUnions(inner, named);
}

/** The types that a shape allows; none when one of them is not said. */
function typesOf(shape: unknown, named: Record<string, unknown>): string[] {
  const { type, $ref, anyOf } = unionPart.parse(shape);
  if ($ref) return typesOf(named[$ref.split("/").at(-1) ?? ""], named);
  if (type) return [type].flat();
  const each = (anyOf ?? []).map((one) => typesOf(one, named));
  return each.every((one) => one.length > 0) ? [...new Set(each.flat())] : [];
}

const binary = { type: "string", format: "binary" } as const;

function operation(route: Route): ZodOpenApiOperationObject {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] as string);
  const status = route.status ?? (route.answer || route.produces ? 200 : 204);
  return {
    summary: route.summary,
    tags: [route.tag],
    operationId: `${route.method} ${route.path}`.replace(/[^a-zA-Z]+(\w)/g, (_, letter: string) =>
      letter.toUpperCase(),
    ),
    security: route.access === "public" ? [] : [{ session: [] }],
    requestParams: {
      ...(names.length > 0
        ? { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }
        : {}),
      ...(route.query ? { query: route.query as z.ZodObject } : {}),
    },
    ...(route.rawBody
      ? {
          requestBody: {
            content: {
              "application/octet-stream": { schema: binary },
            },
          },
        }
      : {}),
    ...(route.body ? { requestBody: { content: { "application/json": { schema: route.body } } } } : {}),
    responses: {
      [status]: {
        description: "Done",
        ...(route.answer ? { content: { "application/json": { schema: route.answer } } } : {}),
        ...(route.produces ? { content: { [route.produces]: { schema: binary } } } : {}),
      },
      default: { description: "Refused", content: { "application/json": { schema: errorBody } } },
    },
  };
}
