/** What pages of other sites load from the hub: the loader, the panel, files, and the way without sockets. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type NextFunction, type Request, type Response } from "express";
import { AppError } from "../core/errors.ts";
import { readPiece } from "../core/file-pieces.ts";
import type { Desk } from "./desk.ts";
import { answerPolls, accessSite, type Polls } from "./sockets.ts";
import { linkIcon } from "./link-icons.ts";
import { readVisitor } from "./tokens.ts";
import { serveFile, storeUpload } from "./uploads.ts";
import { VisitorModel } from "./models/index.ts";

/** What the loader fetches by a name that does not change: ways without sockets, the page's words, greetings. */
const chunks = ["poll", "commands", "greet"] as const;

/** Paths of this build's entries, relative to the folder. */
function entriesOf(folder: string): Record<"panel" | "preview" | (typeof chunks)[number], string> {
  const manifest = join(folder, "manifest.json");
  const entries = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, "utf8")) as Record<string, string>)
    : {};
  const fileOf = (name: string): string => entries[name] ?? `assets/${name}.js`;
  return Object.fromEntries(
    ["panel", "preview", ...chunks].map((name) => [name, fileOf(name)]),
  ) as ReturnType<typeof entriesOf>;
}

/** Path of the panel's code in this build, relative to the hub. */
export function panelPath(folder: string): string {
  return `/widget/${entriesOf(folder).panel}`;
}

export function addSiteRoutes(desk: Desk, folder: string): Polls {
  const { app } = desk.hub.http;
  const polls = answerPolls(desk);
  const json = express.json({ limit: "256kb" });
  app.use("/widget", (request: Request, response: Response, next: NextFunction) => {
    response.set("cross-origin-resource-policy", "cross-origin");
    if (request.method !== "OPTIONS") return next();
    allow(request, response);
    return response.status(204).end();
  });
  app.get("/w.js", (_request, response) => {
    response.set({
      "cross-origin-resource-policy": "cross-origin",
      "access-control-allow-origin": "*",
      "cache-control": "public, max-age=300, stale-while-revalidate=86400",
    });
    response.sendFile(join(folder, "w.js"));
  });
  app.get("/widget/preview", (_request, response) => sendPreview(response, entriesOf(folder).preview));
  for (const name of chunks)
    app.get(`/widget/${name}.js`, (_request, response) => {
      response.set({ "access-control-allow-origin": "*", "cache-control": "public, max-age=300" });
      response.redirect(302, `/widget/${entriesOf(folder)[name]}`); // what it imports lies beside it
    });
  app.use(
    "/widget/assets",
    express.static(join(folder, "assets"), {
      immutable: true,
      maxAge: "1y",
      fallthrough: false,
      setHeaders: (response) => void response.setHeader("access-control-allow-origin", "*"),
    }),
  );
  app.get("/widget/icons/:name", (request, response) => {
    const kind = String(request.params["name"]).replace(/\.svg$/, "");
    const icon = desk.inbox.icons.get(kind) ?? linkIcon(kind);
    response.set({ "access-control-allow-origin": "*", "cache-control": "public, max-age=86400" });
    response.type("image/svg+xml").send(icon);
  });
  app.get("/widget/files/:id", (request, response) => serveFile(desk.hub, request, response));
  app.post("/widget/poll", json, (request, response) => {
    allow(request, response);
    return polls.answer(request, response);
  });
  app.post("/widget/files", (request, response) => upload(desk, request, response));
  return polls;
}

/**
 * The page in the preview of the configuration screen, which frames it without its own origin: the widget runs there as on
 * a site that is not the hub's, and keeps nothing.
 */
function sendPreview(response: Response, script: string): void {
  response.set({
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts allow-forms allow-popups",
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-cache",
  });
  response
    .type("html")
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Preview</title><body><script type="module" src="/widget/${script}"></script></body></html>`,
    );
}

/** Who may ask is decided by the key and the origin together; no cookie is ever sent along. */
function allow(request: Request, response: Response): void {
  response.set({
    "access-control-allow-origin": request.headers.origin ?? "null",
    vary: "origin",
    "access-control-allow-methods": "POST, GET",
    "access-control-allow-headers": "content-type, authorization, x-file-name, x-upload",
    "access-control-max-age": "7200",
  });
}

async function upload(desk: Desk, request: Request, response: Response): Promise<void> {
  allow(request, response);
  const asker = {
    ip: request.ip ?? "",
    userAgent: request.get("user-agent") ?? "",
    headers: request.headers,
  };
  const widget = await accessSite(desk, request.query["key"], request.headers.origin, asker);
  const token = /^Bearer (.+)$/.exec(request.get("authorization") ?? "")?.[1] ?? "";
  const visitorId = readVisitor(desk.hub.secrets, widget._id, token);
  if (!visitorId) throw new AppError("unauthenticated");
  const piece = readPiece(request.get("x-upload"));
  if (piece && piece.at > 0) {
    await desk.limits.pieces.take(visitorId.toHexString());
    await desk.limits.pieces.take(asker.ip);
  } else {
    await desk.limits.files.take(visitorId.toHexString());
    await desk.limits.uploads.take(asker.ip);
  }
  const { workspaceId, _id: channelId } = widget;
  // Files of nobody are not kept: a first upload makes the visitor known.
  await VisitorModel.updateOne(
    { workspaceId, channelId, _id: visitorId },
    { $setOnInsert: { createdAt: new Date() } },
    { upsert: true },
  );
  const file = await storeUpload(desk.hub, widget, visitorId, request, {
    name: readName(request),
    mime: request.get("content-type"),
    piece,
  });
  if (typeof file === "number") return void response.json({ received: file });
  const { name, mime, size } = file;
  response.status(201).json({ id: file._id.toHexString(), name, mime, size });
}

function readName(request: Request): string {
  try {
    return decodeURIComponent(request.get("x-file-name") ?? "") || "file";
  } catch (error) {
    throw new AppError("bad_request", undefined, error);
  }
}
