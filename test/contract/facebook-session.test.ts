/** Connecting a page: the check, the subscription, the callback, and what is said when something is wrong. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerHandshake } from "../../connectors/graph.ts";
import { startHandshakes, type Handshakes } from "../support/handshakes.ts";
import {
  app,
  connectorOf,
  openPage,
  pageCredentials,
  raiseMeta,
  type MetaStage,
} from "../support/messenger.ts";
import { failureOf, recordingHost, webhookSecret } from "../support/telegram.ts";

let hooks: Handshakes;
let meta: MetaStage;
beforeEach(async () => {
  hooks = await startHandshakes(webhookSecret);
  meta = await raiseMeta((url) => url.replace("https://hub.example", hooks.url));
});
afterEach(async () => {
  await meta.close();
  await hooks.close();
});

const webhookUrl = "https://hub.example/webhooks/facebook/a1";
const check = async (kind: "facebook" | "instagram", credentials: object, more: object = {}) =>
  (await connectorOf(kind)).check(credentials, recordingHost({ apiRoot: meta.url, webhookUrl, ...more }));

describe("the check", () => {
  test("tells the page, and that the secret is its app's", async () => {
    const found = await check("facebook", pageCredentials);
    expect(found).toMatchObject({
      externalId: "104729885512340",
      name: "Clay & Co, ceramics studio",
      handle: "m.me/clay.and.co",
      link: "https://m.me/clay.and.co",
    });
    expect(found.checks.map(({ code }) => code)).toEqual([
      "token",
      "endless",
      "secret",
      "fields_off",
      "address",
    ]);
  });

  test("tells the Instagram account that is linked to it", async () => {
    const found = await check("instagram", pageCredentials);
    expect(found).toMatchObject({
      externalId: "17841405822304914",
      handle: "@clay.and.co",
      link: "https://ig.me/m/clay.and.co",
    });
  });

  test("refuses another token, another secret, and a page without an account", async () => {
    expect(
      await failureOf(check("facebook", { ...pageCredentials, pageToken: "EAAG-of-nobody-at-all-0001" })),
    ).toMatchObject({ class: "auth", code: "token_invalid" });
    expect(
      await failureOf(check("facebook", { ...pageCredentials, appSecret: "0".repeat(32) })),
    ).toMatchObject({
      class: "auth",
      code: "app_secret_wrong",
    });
    meta.page.instagram = undefined;
    expect(await failureOf(check("instagram", pageCredentials))).toMatchObject({ code: "no_instagram" });
  });

  test("warns where there is no address, a permission is missing or the token ends", async () => {
    meta.simulator.graph.addToken(
      pageCredentials.pageToken,
      app,
      ["pages_messaging", `page:${meta.page.id}`],
      1_900_000_000,
    );
    const { checks } = await check("facebook", pageCredentials, { webhookUrl: undefined });
    expect(checks).toEqual(
      expect.arrayContaining([
        { code: "ends", state: "warn", params: { date: "2030-03-17" } },
        { code: "scopes", state: "bad", params: { missing: "pages_manage_metadata" } },
        { code: "no_address", state: "warn" },
      ]),
    );
  });
});

describe("an account that runs", () => {
  test("subscribes the page, leads the app's webhooks here, and takes both back", async () => {
    const { session, host } = await openPage("facebook", meta, { webhookUrl });
    const run = session.run();
    await meta.simulator.graph.waitFor(() => meta.simulator.callbackOf(app, "page") === webhookUrl);
    expect(meta.page.subscribed).toEqual(
      expect.arrayContaining(["messages", "message_reads", "message_echoes"]),
    );
    expect(hooks.asked).toBe(1);
    await expect.poll(() => host.health.at(-1)?.state).toBe("connected");
    await session.disconnect?.();
    expect(meta.simulator.callbackOf(app, "page")).toBeUndefined();
    expect(meta.page.subscribed).toBeUndefined();
    host.stop();
    await run;
  });

  test("leaves the address to another account of this hub", async () => {
    const first = await openPage("facebook", meta, { webhookUrl });
    const runFirst = first.session.run();
    await meta.simulator.graph.waitFor(() => meta.simulator.callbackOf(app, "page"));
    const second = await openPage("facebook", meta, {
      webhookUrl: "https://hub.example/webhooks/facebook/b2",
    });
    const runSecond = second.session.run();
    await expect.poll(() => second.host.health.at(-1)?.state).toBe("connected");
    expect(meta.simulator.callbackOf(app, "page")).toBe(webhookUrl);
    first.host.stop();
    second.host.stop();
    await Promise.all([runFirst, runSecond]);
  });

  test("says what is wrong: no address, not reached, the token taken away", async () => {
    const alone = await openPage("facebook", meta);
    const runAlone = alone.session.run();
    await expect.poll(() => alone.host.health.at(-1)?.problem?.code).toBe("no_public_address");
    alone.host.stop();
    await runAlone;
    hooks.refuse = true;
    const unreached = await openPage("facebook", meta, { webhookUrl });
    const runUnreached = unreached.session.run();
    await expect.poll(() => unreached.host.health.at(-1)?.problem?.code).toBe("webhook_unreachable");
    unreached.host.stop();
    await runUnreached;
    meta.simulator.graph.revokeToken(pageCredentials.pageToken);
    const revoked = await openPage("facebook", meta, { webhookUrl });
    await revoked.session.run();
    expect(revoked.host.health.at(-1)).toMatchObject({
      state: "revoked",
      problem: { code: "token_invalid" },
    });
  });
});

test("the handshake is answered for the right word alone", () => {
  const asked = (word: string) => ({
    method: "GET",
    query: { "hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": word },
    headers: {},
    body: new Uint8Array(),
    secret: webhookSecret,
  });
  expect(answerHandshake(asked(webhookSecret))).toMatchObject({ status: 200, body: "42" });
  expect(answerHandshake(asked("other"))).toBeUndefined();
});

test("a profile gives name and picture", async () => {
  const { session } = await openPage("facebook", meta);
  const alias = { scheme: "facebook_psid", scope: meta.page.id, value: meta.kate.id };
  expect(await session.fetchProfile?.(alias, AbortSignal.timeout(60_000))).toEqual({ name: "Kate Winslow" });
});
