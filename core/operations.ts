/** What operators and developers ask: health, readiness, figures, the API's description. */
import { createRequire } from "node:module";
import type { Request } from "express";
import { AppError } from "./errors.ts";
import type { Hub } from "./hub.ts";
import { sameText } from "./secrets.ts";

export interface Operations {
  /** Rejects while the store cannot be used, or the process is stopping. */
  ready: () => Promise<void>;
  openApi: () => object;
}

export function addOperations({ http, metrics, config, log }: Hub, { ready, openApi }: Operations): void {
  const { app } = http;
  app.get("/healthz", (_request, response) => void response.json({ status: "ok" }));
  app.get("/readyz", async (_request, response) => {
    try {
      await ready();
      response.json({ status: "ready" });
    } catch (err) {
      log.warn({ err }, "not ready");
      throw new AppError("store_unavailable");
    }
  });
  app.get("/metrics", async (request, response) => {
    if (!mayMeasure(request, config.metricsToken)) throw new AppError("not_found");
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  let document: object | undefined;
  app.get("/openapi.json", (_request, response) => void response.json((document ??= openApi())));
  addDocsPage(app);
}

/** With METRICS_TOKEN whoever carries it; without it only this machine, and never through a proxy. */
function mayMeasure(request: Request, token: string | undefined): boolean {
  if (token) return sameText(request.get("authorization") ?? "", `Bearer ${token}`);
  const here = /^(::1|(::ffff:)?127\.)/.test(request.socket.remoteAddress ?? "");
  return here && request.headers["x-forwarded-for"] === undefined && request.headers.forwarded === undefined;
}

const docsPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Switchboard API</title></head>
<body><script id="api-reference" data-url="/openapi.json" data-configuration='{"withDefaultFonts":false,"hideClientButton":true,"telemetry":false,"agent":{"disabled":true}}'></script><script src="/docs/reference.js"></script></body>
</html>`;

/** The readable API page: Scalar's own bundle, served from its package; it needs inline styles, so its policy is its own. */
function addDocsPage(app: Hub["http"]["app"]): void {
  const bundle = createRequire(import.meta.url).resolve("@scalar/api-reference/browser/standalone.js");
  app.get("/docs", (_request, response) => {
    response.set(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    response.type("html").send(docsPage);
  });
  app.get("/docs/reference.js", (_request, response) =>
    response.sendFile(bundle, { maxAge: "1d", dotfiles: "allow" }),
  );
}
