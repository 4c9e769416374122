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

export function createOpenApi(routes: Route[], version: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, "{$1}")}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Switchboard",
      version,
      description: "The API that Switchboard's own screens use. v1 only gains.",
    },
    paths,
    components: { securitySchemes: { session: { type: "apiKey", in: "cookie", name: "sb_session" } } },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] as string);
  const status = route.answer ? (route.status ?? 200) : (route.status ?? 204);
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
              "application/octet-stream": { schema: { type: "string", format: "binary" } as const },
            },
          },
        }
      : {}),
    ...(route.body ? { requestBody: { content: { "application/json": { schema: route.body } } } } : {}),
    responses: {
      [status]: route.answer
        ? { description: "Done", content: { "application/json": { schema: route.answer } } }
        : { description: "Done" },
      default: { description: "Refused", content: { "application/json": { schema: errorBody } } },
    },
  };
}
