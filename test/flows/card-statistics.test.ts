/** What a card's visitors did, counted without cookies: through the public page in, and out by the hub's own door. */
import mongoose from "mongoose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { VisitorModel } from "../../cards/models/statistics.ts";
import { waitFor } from "../support/hub.ts";
import { firstConversation, startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
beforeAll(async () => {
  world = await startWorld({ TRUST_PROXY: "true" });
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.languages = ["en", "ru"];
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
});
afterAll(() => world.stop());

const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const android =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36";
const computer =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const instagram = `${iphone.replace(" Safari/604.1", "")} Instagram 400.0.0.30.75 (iPhone16,2; iOS 18_0)`;

interface Look {
  agent?: string;
  ip?: string;
  country?: string;
  referer?: string;
  headers?: Record<string, string>;
  method?: string;
}

function look(path: string, { agent = iphone, ip = "203.0.113.7", ...rest }: Look = {}): Promise<Response> {
  return fetch(`${world.hub.url}${path}`, {
    redirect: "manual",
    method: rest.method ?? "GET",
    headers: {
      "user-agent": agent,
      "x-forwarded-for": ip,
      ...(rest.country ? { "cf-ipcountry": rest.country } : {}),
      ...(rest.referer ? { referer: rest.referer } : {}),
      ...rest.headers,
    },
  });
}

const read = (more = ""): Promise<any> => world.owner.get(`/cards/${card.id}/statistics?${more}`);
/** Counts are written every second: they are whole when every view has its source. */
const until = (fits: (report: any) => boolean): Promise<any> =>
  waitFor(async () => {
    const report = await read();
    const sources = report.sources.reduce((sum: number, { count }: any) => sum + count, 0);
    return sources === report.totals.views && fits(report) && report;
  }, "the counts");
const counted = (list: { key: string; count: number }[]): Record<string, number> =>
  Object.fromEntries(list.map(({ key, count }) => [key, count]));

describe("statistics of a card", () => {
  it("tell views, visitors, where they came from, with what and from which country", async () => {
    await look("/c/clay", { agent: instagram, country: "RU" });
    await look("/c/clay", { agent: instagram, country: "RU" });
    await look("/c/clay?s=qr", { agent: android, ip: "203.0.113.8", country: "DE" });
    await look("/c/clay?utm_source=news&utm_medium=mail&utm_campaign=autumn", {
      agent: computer,
      ip: "203.0.113.9",
      referer: "https://www.clay.example/shop",
    });
    await look("/c/clay?l=ru", { ip: "203.0.113.10", referer: "https://l.instagram.com/?u=x" });
    const report = await until(({ totals }) => totals.views === 5);
    expect(report.totals).toMatchObject({ visitors: 4, taps: 0, pressed: 0, messages: 0 });
    expect(report.days).toHaveLength(30);
    expect(report.days.at(-1)).toMatchObject({ views: 5, visitors: 4, taps: 0, messages: 0 });
    expect(counted(report.sources)).toEqual({ "instagram.com": 3, "?qr": 1, "clay.example": 1 });
    expect(counted(report.utm)).toEqual({ "news / mail / autumn": 1 });
    expect(counted(report.devices)).toEqual({ iphone: 3, android: 1, computer: 1 });
    expect(report.before.totals).toMatchObject({ views: 0, visitors: 0 });
    expect((await read("language=ru")).totals.views).toBe(1);
  });

  it("do not name a country of fewer than five visitors", async () => {
    expect(counted((await read()).countries)).toEqual({ "*": 5 });
    for (let n = 0; n < 5; n += 1) await look("/c/clay", { ip: `198.51.100.${n}`, country: "RU" });
    const { countries } = await until(({ totals }) => totals.views === 10);
    expect(counted(countries)).toMatchObject({ RU: 7, "*": 3 });
  });

  it("do not count the other language of somebody who is there, a look ahead, nor the same again", async () => {
    const referer = `${world.hub.url}/c/clay`;
    await look("/c/clay?l=ru", { referer });
    await look("/c/clay", { headers: { "sec-purpose": "prefetch;prerender" } });
    await look("/c/clay", { method: "HEAD" });
    const page = await look("/c/clay", { ip: "192.0.2.1" });
    const etag = page.headers.get("etag") ?? "";
    const again = await look("/c/clay", { ip: "192.0.2.1", headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    const report = await until(({ totals }) => totals.views >= 12);
    expect(report.totals).toMatchObject({ views: 12, visitors: 10 });
  });

  it("count each visitor once, though the store took a part of them and failed for the others", async () => {
    const before = (await read()).totals;
    const insert = VisitorModel.insertMany.bind(VisitorModel) as (...given: any[]) => Promise<unknown>;
    const failing = vi.spyOn(VisitorModel, "insertMany").mockImplementation((async (
      marks: { hash: string }[],
      ...rest: unknown[]
    ) => {
      await insert(marks.slice(1), ...rest);
      if (marks.length < 2) return;
      failing.mockRestore();
      throw Object.assign(new Error("a node stepped down"), {
        code: 91,
        writeErrors: [{ index: 0, code: 91 }],
      });
    }) as never);
    await Promise.all([1, 2, 3].map((n) => look("/c/clay", { ip: `192.0.2.${10 + n}` })));
    const { totals } = await until((report) => report.totals.visitors >= before.visitors + 3);
    expect(totals).toMatchObject({ views: before.views + 3, visitors: before.visitors + 3 });
  });

  it.each([
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.24.6.77 A",
    "TelegramBot (like TwitterBot)",
    "Viber/25.3.0 CFNetwork/1568 Darwin/24.0.0",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
    "curl/8.11.0",
    "python-requests/2.32.3",
    "",
  ])("count nothing of a program: %s", async (agent) => {
    const before = await read();
    await look("/c/clay", { agent, ip: "192.0.2.99" });
    const after = await until(({ programs }) => programs === before.programs + 1);
    expect(after.totals).toEqual(before.totals);
  });

  it.each([
    ["Telegram", `${android} Telegram-Android/11.3.3 (Google Pixel 9; Android 15; SDK 35; HIGH)`, "t.me"],
    ["TikTok", `${android} musical_ly_2023 BytedanceWebview/d8a21c6`, "tiktok.com"],
    ["Facebook", `${iphone} [FBAN/FBIOS;FBAV/490.0.0.44.109]`, "facebook.com"],
  ])("take the browser inside of %s for a person", async (_name, agent, source) => {
    await look("/c/clay", { agent, ip: "192.0.2.50" });
    await until(({ sources }) => counted(sources)[source] === 1);
  });

  it("follow the way from a tap to the first message and its answer", async () => {
    const [, messengers] = card.draft.blocks;
    const path = `/c/clay/go/${messengers.id}/${messengers.items[0].id}`;
    const tap = await look(path, { ip: "192.0.2.60" });
    expect(tap.status).toBe(302);
    await look(path, { ip: "192.0.2.60" });
    const pressed = await until(({ totals }) => totals.taps === 2);
    expect(pressed.totals).toMatchObject({ pressed: 1, messages: 0 });
    expect(counted(pressed.blocks)).toEqual({ [`${messengers.id}/${messengers.items[0].id}`]: 2 });

    const payload = new URL(tap.headers.get("location")!).searchParams.get("start")!;
    const person = await world.simulator.addCustomer({ name: "Harriet Boyle" });
    person.start(world.bot, payload);
    const conversation = await firstConversation(world.owner);
    await world.owner.reply(conversation.id, "Hello!");
    const { totals, days } = await until((report) => report.totals.answers === 1);
    expect(totals).toMatchObject({ messages: 1, answers: 1 });
    expect(totals.medianAnswerMs).toBeGreaterThan(0);
    expect(days.at(-1).messages).toBe(1);
  });

  it("keep no address, and no agent, anywhere", async () => {
    const stored = await Promise.all(
      ["card_counts", "card_visitors"].map((name) => mongoose.connection.collection(name).find().toArray()),
    );
    const text = JSON.stringify(stored);
    expect(text).not.toMatch(/203\.0\.113|192\.0\.2|198\.51\.100|Mozilla|iPhone OS/);
    expect((await look("/c/clay")).headers.get("set-cookie")).toBeNull();
  });

  it("refuse days that are none, in the wrong order or too many", async () => {
    for (const query of [
      "from=2026-11-31&to=2026-12-01",
      "from=2026-11-20&to=2026-11-01",
      "from=2020-01-01&to=2026-01-01",
      "from=tomorrow",
    ])
      await expect(world.owner.get(`/cards/${card.id}/statistics?${query}`), query).rejects.toThrow(
        /answered 4/,
      );
  });

  it("stay whole when somebody makes up sources", async () => {
    await Promise.all(
      Array.from({ length: 400 }, (_, n) => look(`/c/clay?s=made-up-${n}`, { ip: "192.0.2.77" })),
    );
    const { sources } = await waitFor(async () => {
      const report = await read();
      return (counted(report.sources)["*"] ?? 0) > 90 && report;
    }, "the others");
    expect(sources.length).toBeLessThanOrEqual(300);
  });
});
