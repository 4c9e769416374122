/**
 * The HTTP edge: one way to declare a route. A route names its shapes; input is checked by them, the OpenAPI document is
 * generated from them, and errors become one kind of answer.
 */
import compression from "compression";
import express, { type Express, type NextFunction, type Request, type Response, type Router } from "express";
import helmet from "helmet";
import type { z } from "zod";
import type { Config } from "./config.ts";
import type { Sessions, Signed } from "./auth/index.ts";
import { isAdministrator } from "./auth/index.ts";
import { AppError, isStorageFull, isStoreAway } from "./errors.ts";
import { withIdempotency } from "./idempotency.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

type Shape = z.ZodType | undefined;
type Output<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined;

interface RouteBase {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Below /api/v1, in Express's form: `/conversations/:id`. */
  path: string;
  summary: string;
  tag: string;
  status?: number;
  /** Makes something: takes an Idempotency-Key. */
  creates?: boolean;
  /** The body is bytes: the handler reads the request itself. */
  rawBody?: boolean;
  /** The type of what it answers with, where that is no JSON: `application/pdf`. */
  produces?: string;
}
export interface Asked<Query extends Shape, Body extends Shape> {
  params: Record<string, string>;
  query: Output<Query>;
  body: Output<Body>;
  request: Request;
  response: Response;
}
/** `public` routes need no session; the others get the signed-in person. */
export interface Route<
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Answer extends Shape = Shape,
> extends RouteBase {
  access: "public" | "staff" | "administrator";
  query?: Query;
  body?: Body;
  answer?: Answer;
  handle(
    asked: Asked<Query, Body>,
    signed: Signed,
  ): Promise<Answer extends z.ZodType ? z.input<Answer> : void>;
}

export interface Http {
  app: Express;
  /** Asked before everything else that the hub serves. */
  front: Router;
  /** Routes declared so far, for the OpenAPI document. */
  routes: Route[];
  route: <Query extends Shape, Body extends Shape, Answer extends Shape>(
    route: Route<Query, Body, Answer>,
  ) => void;
  /** Call last: what no route took is 404, what a route threw becomes an answer. */
  finish(): void;
}

export interface HttpParts {
  config: Config;
  log: Log;
  metrics: Metrics;
  sessions: Sessions;
}

export function createHttp({ config, log, metrics, sessions }: HttpParts): Http {
  const app = express();
  app.set("trust proxy", config.trustProxy);
  app.set("query parser", "simple");
  app.disable("x-powered-by");
  app.use(measure(metrics));
  app.use(helmet(headers(config)));
  app.use(compression());
  const front = express.Router();
  app.use(front);
  const api = express.Router();
  const parseJson = express.json({ limit: "1mb", strict: true });
  const routes: Route[] = [];
  app.use("/api/v1", api);
  return {
    app,
    front,
    routes,
    route(route) {
      const erased = route as unknown as Route;
      routes.push(erased);
      const parsers = route.rawBody || route.method === "get" ? [] : [requireJson, parseJson];
      api[route.method](route.path, guardOrigin(config), ...parsers, (request, response) =>
        answer(erased, request, response, sessions, log),
      );
    },
    finish() {
      app.use(["/api", "/healthz", "/readyz"], () => {
        throw new AppError("not_found");
      });
      app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
        sendError(error, request, response, next, log),
      );
    },
  };
}

async function answer(
  route: Route,
  request: Request,
  response: Response,
  sessions: Sessions,
  log: Log,
): Promise<void> {
  const signed = route.access === "public" ? undefined : await sessions.require(request);
  if (route.access === "administrator" && signed && !isAdministrator(signed.staff))
    throw new AppError("forbidden");
  const asked = {
    params: request.params as Record<string, string>,
    query: check(route.query, request.query, "query"),
    body: check(route.body, request.body, "body"),
    request,
    response,
  };
  const carryOut = async () => ({
    status: route.status ?? 200,
    body: await route.handle(asked, signed as Signed),
  });
  const result =
    route.creates && signed ? await withIdempotency(request, signed.staff, log, carryOut) : await carryOut();
  if (response.headersSent || response.writableEnded) return;
  response.set("cache-control", "no-store");
  if (result.body === undefined) response.status(route.status ?? 204).end();
  else response.status(result.status).json(result.body);
}

function check(shape: Shape, value: unknown, where: string): unknown {
  if (!shape) return undefined;
  const parsed = shape.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: [where, ...issue.path].join("."), code: issue.code, message: issue.message }));
  throw new AppError("invalid_input", { fields });
}

/** Sign-in and other public posts have no token yet: another site's page may not make them. */
function guardOrigin(config: Config) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const changing = !["GET", "HEAD"].includes(request.method);
    if (changing && !sameOrigin(request.headers, config)) throw new AppError("csrf");
    next();
  };
}

/** True unless the browser says that the request comes from another site. */
export function sameOrigin(
  headers: {
    origin?: string | undefined;
    host?: string | undefined;
    "sec-fetch-site"?: string | string[] | undefined;
  },
  config: Config,
): boolean {
  const site = headers["sec-fetch-site"];
  if (typeof site === "string" && !["same-origin", "none"].includes(site)) return false;
  const { origin } = headers;
  if (origin === undefined) return true;
  if (config.publicUrl && origin === new URL(config.publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.host;
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const length = request.headers["content-length"];
  const empty =
    (length === undefined || length === "0") && request.headers["transfer-encoding"] === undefined;
  if (!empty && !request.is("application/json"))
    throw new AppError("unsupported_media_type", { expected: "application/json" });
  next();
}

function measure(metrics: Metrics) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = metrics.requests.startTimer();
    response.on("finish", () =>
      end({
        method: request.method,
        route: (request.route as { path?: string } | undefined)?.path ?? "other",
        status: String(response.statusCode),
      }),
    );
    next();
  };
}

function headers(config: Config): Parameters<typeof helmet>[0] {
  const https = config.publicUrl?.startsWith("https:") ?? false;
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:", "blob:"],
        mediaSrc: ["'self'", "blob:"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        frameSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    strictTransportSecurity: https,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  };
}

function sendError(error: unknown, request: Request, response: Response, next: NextFunction, log: Log): void {
  if (response.headersSent) return next(error);
  const known = toAppError(error);
  if (known.status >= 500)
    log.error(
      { err: error, method: request.method, path: withoutTokens(request.path), code: known.code },
      "request failed",
    );
  if (typeof known.details?.["retryAfterSeconds"] === "number")
    response.set("retry-after", String(known.details["retryAfterSeconds"]));
  // An upload that is refused half-way: the rest is not wanted, and the connection is of no further use.
  if (!request.complete) response.set("connection", "close").on("finish", () => request.resume());
  response.set("cache-control", "no-store");
  response
    .status(known.status)
    .json({ error: { code: known.code, message: known.message, details: known.details ?? {} } });
}

/** Links that open something by themselves carry their token in the path. */
const withoutTokens = (path: string): string => path.replace(/[\w-]{32,}/g, "…");

/** Express's way to say that a file to be sent is not there. */
function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 404;
}

/** What of any error the asker is told. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isStorageFull(error)) return new AppError("storage_full");
  if (isStoreAway(error)) return new AppError("store_unavailable");
  const type = typeof error === "object" && error !== null && "type" in error ? error.type : undefined;
  if (isMissingFile(error)) return new AppError("not_found");
  if (type === "entity.parse.failed") return new AppError("malformed_json");
  if (type === "entity.too.large") return new AppError("too_large");
  if (
    error instanceof URIError ||
    type === "request.aborted" ||
    type === "charset.unsupported" ||
    type === "encoding.unsupported"
  )
    return new AppError("bad_request");
  return refusedBody(error) ?? new AppError("internal");
}

/** What else the reading of bodies refuses (https://expressjs.com/en/resources/middleware/body-parser.html#errors). */
function refusedBody(error: unknown): AppError | undefined {
  if (!(error instanceof Error) || !("status" in error) || !("type" in error)) return undefined;
  const { status } = error;
  if (status === 413) return new AppError("too_large");
  return typeof status === "number" && status >= 400 && status < 500
    ? new AppError("bad_request")
    : undefined;
}
