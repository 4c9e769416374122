/** Meta's Graph API as the connectors call it, against the simulator that speaks it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { answerHandshake, checkApp, createGraph, verifySignature } from "../../connectors/graph.ts";
import type { Graph, GraphHost } from "../../connectors/graph.ts";
import { GraphSimulator, sign, type GraphFailure } from "../../demo/simulators/graph.ts";
import { failureOf, fileOf, webhookOf } from "../support/telegram.ts";

const app = { id: "670843887433847", secret: "9f1c2a7be2d40c5587a1b0cf3a2d9e71", name: "Clay & Co" };
const token = "EAAJZBsimulatedTokenOfTests";
const simulator = new GraphSimulator();
let server: Awaited<ReturnType<typeof simulator.listen>>;
let host: GraphHost;
let graph: Graph;
beforeAll(async () => {
  server = await simulator.listen();
  host = { fetch, apiRoot: server.url, signal: new AbortController().signal };
  graph = createGraph(token, host);
  simulator.addApp(app);
  simulator.addMethod(({ path, files }) => {
    if (path !== "things") return undefined;
    return { done: true, files: [...files.values()].map(({ bytes, name }) => [name, bytes.byteLength]) };
  });
});
beforeEach(() => {
  simulator.clearFailures();
  simulator.addToken(token, app, ["whatsapp_business_messaging"]);
});
afterAll(() => server.close());

const send = () => graph.call("things", { method: "POST", json: {}, sends: true });

test("calls the versioned path with the token in a header", async () => {
  expect(await graph.call("things", { query: { a: "1" } })).toMatchObject({ done: true });
  expect(simulator.calls.at(-1)).toMatchObject({ method: "GET", path: "things", query: { a: "1" } });
});

test("streams a file as a form with the length that it has", async () => {
  const file = fileOf(new Uint8Array(300_000).fill(7), 'a "big" one.bin', "application/octet-stream");
  const upload = { fields: { type: file.mime }, name: "file", file };
  expect(await graph.call("things", { method: "POST", upload })).toMatchObject({
    files: [['a "big" one.bin', 300_000]],
  });
});

describe("a failure", () => {
  const error = (code: number, more: object = {}): GraphFailure => ({
    kind: "error",
    error: { code, message: "m", ...more },
  });
  test.each<[string, GraphFailure, object]>([
    ["a token that ended", error(190, { status: 401 }), { class: "auth", code: "token_invalid" }],
    ["a missing right", error(10), { class: "auth", code: "permission_missing" }],
    ["too many calls", error(4), { class: "throttled", scope: "account" }],
    ["trouble of the platform", error(2), { class: "retry", code: "platform_error" }],
    ["trouble in the middle of it", error(2, { status: 500 }), { class: "unknown" }],
    ["a wrong parameter", error(100), { class: "permanent", code: "bad_request" }],
    ["a gateway's page", { kind: "5xx" }, { class: "unknown", code: "platform_error" }],
    [
      "a connection that broke afterwards",
      { kind: "drop_after_accept" },
      { class: "unknown", code: "network" },
    ],
  ])("of a send: %s", async (_name, failure, expected) => {
    simulator.failNext(failure);
    expect(await failureOf(send())).toMatchObject(expected);
  });

  test("of a send whose answer never comes is unknown, of a question is tried again", async () => {
    simulator.failNext({ kind: "timeout_after_accept", times: 2 });
    const signal = () => AbortSignal.timeout(1000);
    const sent = graph.call("things", { method: "POST", json: {}, sends: true, signal: signal() });
    expect(await failureOf(sent)).toMatchObject({ class: "unknown" });
    expect(await failureOf(graph.call("things", { signal: signal() }))).toMatchObject({ class: "retry" });
  });

  test("before the request left is tried again", async () => {
    const gone = await new GraphSimulator().listen();
    await gone.close();
    const nobody = createGraph(token, { ...host, apiRoot: gone.url });
    expect(await failureOf(nobody.call("things", { method: "POST", json: {}, sends: true }))).toMatchObject({
      class: "retry",
    });
  });

  test("never says the token", async () => {
    simulator.revokeToken(token);
    const failure = await failureOf(send());
    expect(failure).toMatchObject({ class: "auth" });
    expect(JSON.stringify(failure) + failure.message).not.toContain(token);
  });
});

test("the app secret is proven by a token of the app", async () => {
  const proven = await checkApp(graph, host, token, app.secret);
  expect(proven).toEqual({ appId: app.id, scopes: ["whatsapp_business_messaging"] });
  const wrong = checkApp(graph, host, token, "0000000000000000000000000000dead");
  expect(await failureOf(wrong)).toMatchObject({ class: "auth", code: "app_secret_wrong" });
});

test("files open with the token alone", async () => {
  const stored = simulator.media.add({ bytes: Buffer.from("a picture"), name: "a.jpg", mime: "image/jpeg" });
  const link = simulator.media.linkOf(stored, server.url);
  const signal = AbortSignal.timeout(60_000);
  expect(await (await graph.download(link, signal)).text()).toBe("a picture");
  simulator.media.remove(stored.id);
  expect(await failureOf(graph.download(link, signal))).toMatchObject({ code: "file_unavailable" });
});

test("a delivery is proven by its signature alone", () => {
  const body = Buffer.from('{"object":"page"}');
  const headers = { "x-hub-signature-256": sign(body, app.secret) };
  expect(verifySignature(webhookOf(headers, body), app.secret)).toBe(true);
  expect(verifySignature(webhookOf(headers, Buffer.from('{"object":"pagf"}')), app.secret)).toBe(false);
  expect(verifySignature(webhookOf(headers, body), undefined)).toBe(false);
});

test("the handshake is answered for the pasted word alone", () => {
  const query = { "hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "word" };
  const asked = { method: "GET", query, headers: {}, body: new Uint8Array(), secret: "word" };
  expect(answerHandshake(asked)).toMatchObject({ status: 200, body: "1158201444" });
  expect(answerHandshake({ ...asked, secret: "other" })).toBeUndefined();
  const script = { ...query, "hub.challenge": "<script>" };
  expect(answerHandshake({ ...asked, query: script })).toBeUndefined();
});
