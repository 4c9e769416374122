import { once } from "node:events";
import { connect } from "node:net";
import { validate } from "@scalar/openapi-parser";
import { model } from "mongoose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { errorCodes } from "../../core/errors.ts";
import { startHub, type Person, type TestHub } from "../support/hub.ts";

let hub: TestHub;
let owner: Person;
beforeAll(async () => {
  hub = await startHub({ METRICS_TOKEN: "a-token-for-prometheus" });
  owner = await hub.owner();
});
afterAll(() => hub.stop());

describe("a connection that is to become a socket", () => {
  it.each(["/socket.iox", "/socket.io", "/nowhere", "/widget/socket?key=x"])(
    "may be reset at any moment, at %s",
    async (path) => {
      const { hostname, port } = new URL(hub.url);
      for (const patience of [0, 1, 5]) {
        const socket = connect(Number(port), hostname);
        await once(socket, "connect");
        const headers = "Host: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
        socket.on("error", () => undefined); // the hub may be faster
        socket.write(
          `GET ${path} HTTP/1.1\r\n${headers}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        );
        for (let turn = 0; turn < patience; turn += 1) await (await fetch(`${hub.url}/healthz`)).text();
        socket.resetAndDestroy();
      }
      expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
    },
  );
});

describe("what operators ask", () => {
  it("answers health, readiness and figures, these only to whoever carries the token", async () => {
    expect(await (await fetch(`${hub.url}/healthz`)).json()).toEqual({ status: "ok" });
    expect(await (await fetch(`${hub.url}/readyz`)).json()).toEqual({ status: "ready" });
    expect((await fetch(`${hub.url}/metrics`)).status).toBe(404);
    const figures = await (
      await fetch(`${hub.url}/metrics`, { headers: { authorization: "Bearer a-token-for-prometheus" } })
    ).text();
    for (const name of [
      "switchboard_http_request_seconds",
      "switchboard_inbound_waiting",
      "switchboard_outbox_waiting",
      "switchboard_delivery_unknown_total",
      "process_resident_memory_bytes",
    ])
      expect(figures).toContain(name);
  });

  it("sends headers that let nothing foreign run", async () => {
    const { headers } = await fetch(`${hub.url}/api/v1/setup`);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("the API's description", () => {
  it("is valid OpenAPI 3.1, names every route, and resolves within itself", async () => {
    const document: any = await (await fetch(`${hub.url}/openapi.json`)).json();
    expect(document.openapi).toBe("3.1.0");
    const typesOf = (path: string) => Object.keys(document.paths[path].get.responses["200"].content);
    expect(typesOf("/api/v1/cards/{id}/print")).toEqual(["application/pdf"]);
    expect(typesOf("/api/v1/contacts.csv")).toEqual(["text/csv"]);
    expect((await validate(document)).errors ?? []).toEqual([]);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    );
    const declared = hub.server.hub.http.routes.map(
      (route) => `${route.method} /api/v1${route.path.replace(/:(\w+)/g, "{$1}")}`,
    );
    expect(described.toSorted()).toEqual(declared.toSorted());
    const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1]!,
    );
    for (const name of names) expect(document.components.schemas[name], name).toBeDefined();
    expect(document.components.schemas.Error.properties.error.properties.code.enum).toEqual(
      Object.keys(errorCodes),
    );
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods as Record<string, { operationId: string }>).map(
        (operation) => operation.operationId,
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has a readable page that loads from the hub alone", async () => {
    const page = await fetch(`${hub.url}/docs`);
    expect(await page.text()).toContain('src="/docs/reference.js"');
    expect((await fetch(`${hub.url}/docs/reference.js`, { method: "HEAD" })).status).toBe(200);
  });
});

describe("a creating POST with an Idempotency-Key", () => {
  it("is carried out once", async () => {
    const address = { title: "Studio", address: "Lesnaya 18", latitude: 55.78, longitude: 37.59 };
    const headers = { "idempotency-key": "one-address-only" };
    const [first, second] = [
      await owner.ask("POST", "/addresses", address, headers),
      await owner.ask("POST", "/addresses", address, headers),
    ];
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await owner.get("/addresses")).items).toHaveLength(1);
    expect((await owner.ask("POST", "/addresses", address, { "idempotency-key": "x" })).status).toBe(400);
    expect(
      (
        await owner.ask(
          "POST",
          "/addresses",
          { ...address, latitude: 95 },
          { "idempotency-key": "another-one" },
        )
      ).status,
    ).toBe(400);
  });

  describe("whose answer cannot be kept", () => {
    const address = { title: "Shop", address: "Lesnaya 20", latitude: 55.78, longitude: 37.59 };
    const headers = { "idempotency-key": "an-answer-that-is-lost" };
    const shops = async () =>
      (await owner.get("/addresses")).items.filter(({ title }: any) => title === "Shop").length;
    const again = async () => (await owner.ask("POST", "/addresses", address, headers)).status;

    it("is answered, and not carried out again", async () => {
      const store = vi.spyOn(model("idempotency"), "updateOne").mockImplementationOnce(() => {
        throw new Error("the store is away");
      });
      expect(await again()).toBe(201);
      store.mockRestore();
      expect(hub.logged.join("")).toContain("the answer to a creating request was not kept");
      expect([await again(), await shops()]).toEqual([409, 1]);
    });

    it("is carried out after a while, as the process that was at it may have ended", async () => {
      const ago = new Date(Date.now() - 121_000);
      await model("idempotency").updateMany(
        { workspaceId: { $exists: true }, key: /an-answer-that-is-lost$/ },
        { $set: { createdAt: ago } },
      );
      await Promise.all([again(), again()]);
      expect([await again(), await shops()]).toEqual([201, 2]);
    });
  });
});

describe("contacts, tags and search", () => {
  it("refuses time zones and addresses that are none", async () => {
    expect((await owner.ask("GET", "/home?timeZone=Mars/Olympus")).status).toBe(400);
    expect((await owner.ask("GET", "/search?q=")).status).toBe(400);
    expect((await owner.ask("DELETE", `/addresses/${"0".repeat(24)}`)).status).toBe(404);
  });
});
