/** Serves the built screens: hashed files for ever, the page itself never from a cache. */
import express, { type Express, type Request, type Response } from "express";
import { existsSync } from "node:fs";
import { join } from "node:path";

export function serveWeb(app: Express, folder: string): void {
  const page = join(folder, "index.html");
  if (!existsSync(page)) return;
  app.use(
    "/assets",
    express.static(join(folder, "assets"), { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  app.use(
    express.static(folder, {
      index: false,
      setHeaders: (response) => void response.setHeader("cache-control", "no-cache"),
    }),
  );
  app.get("/{*path}", (request: Request, response: Response, next) => {
    if (/^\/(api|files|socket\.io|healthz|readyz|metrics|openapi\.json|docs)(\/|$)/.test(request.path))
      return next();
    response.set("cache-control", "no-cache").sendFile(page);
  });
}
