/** A card on a domain of its own: claimed, proven by DNS, and served there alone. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDns, type TestDns } from "../support/dns.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { DomainModel } from "../../cards/models/domains.ts";
import { waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let dns: TestDns;
let card: any;
let other: any;
beforeAll(async () => {
  dns = await startDns();
  dns.set("hub.clay.example", "A", "203.0.113.7");
  world = await startWorld({ PUBLIC_URL: "https://hub.clay.example", DNS_SERVER: dns.address });
  card = await make("Clay & Co", "clay");
  other = await make("Classes", "classes");
});
afterAll(async () => {
  await world?.stop();
  await dns?.stop();
});

async function make(name: string, slug: string): Promise<any> {
  const made = await world.owner.post("/cards", { name, slug });
  made.draft.blocks.push(
    { id: "shop", type: "link", url: "clay.example/shop", title: { en: "Shop" } },
    { id: "vc", type: "contact" },
  );
  const saved = await world.owner.put(`/cards/${made.id}/draft?rev=${made.rev}`, made.draft);
  return world.owner.post(`/cards/${made.id}/publish?rev=${saved.rev}`);
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}
/** As a browser of another host asks: `fetch` would not send a Host of ours. */
function ask(
  host: string,
  path: string,
  init: { method?: string; cookie?: string; form?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(world.hub.url);
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      "user-agent":
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      ...(init.cookie ? { cookie: init.cookie } : {}),
      ...(init.form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    };
    const sent = request({ hostname, port, path, method: init.method ?? "GET", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on("error", reject).end(init.form);
  });
}
const certificate = (domain: string) =>
  fetch(`${world.hub.url}/api/v1/cards/domains/ask?domain=${encodeURIComponent(domain)}`).then(
    ({ status }) => status,
  );
const claim = (host: string, id = card.id) => world.owner.ask("PUT", `/cards/${id}/domain`, { host });
/** DNS rests for some seconds between two looks. */
const checked = (done: (domain: any) => boolean, id = card.id) =>
  waitFor(async () => {
    const { domain } = await world.owner.post(`/cards/${id}/domain/check`);
    return done(domain) ? domain : undefined;
  }, "the records");
const host = "go.clay.example";

describe("a domain", () => {
  it.each([
    ["", "shape"],
    ["localhost", "shape"],
    ["127.0.0.1", "shape"],
    ["[::1]", "shape"],
    ["go.clay.example:8080", "shape"],
    ["user@go.clay.example", "shape"],
    ["*.clay.example", "shape"],
    ["go clay.example", "shape"],
    ["go.clay.example/c/clay", "shape"],
    ["<script>.example", "shape"],
    ["-go.clay.example", "shape"],
    ["printer.local", "shape"],
    [`${"a".repeat(64)}.example`, "shape"],
    ["hub.clay.example", "own"],
    ["clay.example", "own"],
  ])("cannot be %s: %s", async (typed, code) => {
    const { status, body } = await claim(typed);
    expect([status, body.error.details.fields[0].code]).toEqual([400, code]);
  });

  it("is written in its own letters", async () => {
    const { body } = await claim("https://Глина.рф/", other.id);
    expect(body.domain).toMatchObject({ host: "xn--80afpll.xn--p1ai", shown: "глина.рф", proven: false });
    await world.owner.delete(`/cards/${other.id}/domain`);
  });

  it("waits for its records, and says what is wrong", async () => {
    dns.set(host, "CNAME", "shop.elsewhere.example");
    dns.set("clay.example", "CAA", { flags: 0, tag: "issue", value: "sectigo.com" });
    const { body } = await claim(host);
    expect(body.target).toBe("hub.clay.example");
    const [leads, certificates, proof] = body.domain.rows;
    expect(leads).toMatchObject({
      type: "CNAME",
      value: "hub.clay.example",
      state: "wrong",
      found: "shop.elsewhere.example",
    });
    expect(certificates).toMatchObject({
      type: "CAA",
      name: "clay.example",
      state: "wrong",
      found: '0 issue "sectigo.com"',
    });
    expect(proof).toMatchObject({ type: "TXT", name: `_switchboard.${host}`, state: "waiting" });
    expect(await certificate(host)).toBe(404);
    expect((await ask(host, "/")).text).not.toContain("Clay &amp; Co");
  });

  it("is the card's once its records are found", async () => {
    const { domain } = await world.owner.get(`/cards/${card.id}/domain`);
    dns.set(host, "CNAME", "hub.clay.example");
    dns.set("clay.example", "CAA", { flags: 0, tag: "issue", value: "letsencrypt.org" });
    dns.set(`_switchboard.${host}`, "TXT", domain.rows[2].value);
    const found = await checked(({ proven }) => proven);
    expect(found.rows.map(({ state }: any) => state)).toEqual(["found", "found", "found"]);
    expect(await certificate(host)).toBe(200);
    expect(await certificate("hub.clay.example")).toBe(404);
    expect(await world.owner.get(`/cards/${card.id}`)).toMatchObject({
      url: `https://${host}/`,
      hubUrl: "https://hub.clay.example/c/clay",
    });
  });

  it("of one card may be claimed for another, and stays where it is until DNS says otherwise", async () => {
    const { domain } = (await claim("GO.clay.example.", other.id)).body;
    expect(domain.proven).toBe(false);
    const own = (await world.owner.get(`/cards/${card.id}/domain`)).domain.rows[2].value;
    dns.set(`_switchboard.${host}`, "TXT", own, domain.rows[2].value);
    await acrossWorkspaces(DomainModel.updateMany({}, { $set: { checkedAt: null } }));
    expect((await world.owner.ask("POST", `/cards/${other.id}/domain/check`)).status).toBe(409);
    dns.set(`_switchboard.${host}`, "TXT", domain.rows[2].value);
    await checked(({ proven }) => proven, other.id);
    expect((await world.owner.get(`/cards/${card.id}/domain`)).domain.proven).toBe(false);
    expect((await world.owner.get(`/cards/${card.id}`)).url).toBe("https://hub.clay.example/c/clay");
    expect((await world.owner.get(`/cards/${other.id}`)).url).toBe(`https://${host}/`);
    dns.set(`_switchboard.${host}`, "TXT", own);
    await checked(({ proven }) => proven);
    await world.owner.delete(`/cards/${other.id}/domain`);
  });

  it("whose record is gone for days is nobody's, and one that is gone for a moment stays", async () => {
    const { value } = (await world.owner.get(`/cards/${card.id}/domain`)).domain.rows[2];
    const checkAfter = async (lostSince: Date | null): Promise<any> => {
      const $set = { checkedAt: null, ...(lostSince ? { lostSince } : {}) };
      await acrossWorkspaces(DomainModel.updateMany({ host }, { $set }));
      return (await world.owner.post(`/cards/${card.id}/domain/check`)).domain;
    };
    dns.set(`_switchboard.${host}`, "TXT");
    expect((await checkAfter(null)).proven).toBe(true);
    expect((await checkAfter(new Date(Date.now() - 6 * 86_400_000))).proven).toBe(false);
    expect((await world.owner.get(`/cards/${card.id}`)).url).toBe("https://hub.clay.example/c/clay");
    dns.set(`_switchboard.${host}`, "TXT", value);
    expect((await checkAfter(null)).proven).toBe(true);
  });
});

describe("on its own domain", () => {
  it("the card is at the top, and its links stay there", async () => {
    const page = await ask(host, "/?s=qr");
    expect(page.status).toBe(200);
    expect(page.text).toContain("<h1>Clay &amp; Co</h1>");
    expect(page.text).toContain(`<link rel="canonical" href="https://${host}/">`);
    expect(page.text).toContain(`property="og:image" content="https://${host}/share-en.jpg?v=`);
    expect(page.text).toContain('href="/go/shop"');
    expect(page.text).not.toContain("/c/clay");
    expect((await ask(host, "/go/shop")).headers["location"]).toBe("https://clay.example/shop");
    expect((await ask(host, "/contact.vcf")).text).toContain(`URL:https://${host}/`);
    expect((await ask(host, "/share-en.jpg")).headers["content-type"]).toBe("image/jpeg");
    expect(page.headers["strict-transport-security"]).toBeUndefined();
    const hub = await ask("hub.clay.example", "/c/clay");
    expect(hub.headers["strict-transport-security"]).toContain("max-age");
    expect((await ask(host, "/?l=ru")).text).toContain('lang="ru"');
    const face = /url\((\/face-[^)]+)\)/.exec(page.text)?.[1] ?? "";
    expect((await ask(host, face)).headers["content-type"]).toBe("font/woff2");
  });

  it("its forms are sent and thanked for there, and the addresses of forms are no card's", async () => {
    const { draft } = await world.owner.get(`/cards/${card.id}`);
    const fields = [{ id: "n", kind: "name", label: {}, required: true }];
    draft.blocks.push({ id: "ask", type: "form", fields, consent: false });
    const { rev } = await world.owner.get(`/cards/${card.id}`);
    await world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft);
    await world.owner.post(`/cards/${card.id}/publish?rev=${rev + 1}`);
    await waitFor(
      async () => (await ask(host, "/?l=en")).text.includes('action="/send/ask?l=en'),
      "the form",
    );
    const sent = await ask(host, "/send/ask?l=en", { method: "POST", form: "q-n=Vera" });
    expect(sent.status).toBe(303);
    expect(sent.headers["location"]).toBe("/?l=en&sent=ask#f-ask");
    expect((await ask(host, "/?l=en&sent=ask")).text).toContain('role="status"');
    for (const slug of ["send", "review"])
      expect((await world.owner.get(`/cards/slug?slug=${slug}`)).fault).toBe("reserved");
  });

  it("other cards of the business are below it, by former addresses too", async () => {
    expect((await ask(host, "/classes")).text).toContain("<h1>Classes</h1>");
    await world.owner.patch(`/cards/${other.id}`, { slug: "throwing" });
    const moved = await waitFor(async () => {
      const answer = await ask(host, "/classes?s=nfc");
      return answer.status === 301 ? answer : undefined;
    }, "the new address");
    expect(moved.headers["location"]).toBe("/throwing?s=nfc");
    expect((await ask(host, "/throwing/go/shop")).status).toBe(302);
  });

  it("there is nothing of the hub", async () => {
    const { cookie } = world.owner;
    for (const path of [
      "/api/v1/session",
      "/api/v1/cards",
      "/sign-in",
      "/inbox",
      "/setup",
      "/docs",
      "/openapi.json",
      "/healthz",
      "/metrics",
      "/assets/index.js",
      "/c-preview",
    ])
      expect([path, (await ask(host, path, { cookie })).status]).toEqual([path, 404]);
    expect((await ask(host, "/api/v1/session", { method: "POST", cookie })).status).toBe(404);
  });

  it("the page on the hub names the domain as its place, and goes on working", async () => {
    const page = await ask("hub.clay.example", "/c/clay");
    expect(page.text).toContain(`<link rel="canonical" href="https://${host}/">`);
    expect(page.text).toContain('href="/c/clay/go/shop"');
  });

  it("nobody is there any more once it is given up", async () => {
    await world.owner.delete(`/cards/${card.id}/domain`);
    expect(await certificate(host)).toBe(404);
    await waitFor(async () => !(await ask(host, "/")).text.includes("Clay &amp; Co"), "the domain given up");
    expect((await world.owner.get(`/cards/${card.id}`)).url).toBe("https://hub.clay.example/c/clay");
    const again = (await claim(host, other.id)).body.domain;
    expect(again.proven).toBe(false); // the record that is still there proves nothing for another card
  });
});
