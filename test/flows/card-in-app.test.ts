/** Taps in browsers inside of other apps: a file, an app's link, a way out or instructions, and never silence. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { services, serviceIds } from "../../cards/blocks/services.ts";
import { browserAgents, inAppAgents } from "../support/in-app-agents.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
let document: string;
const writing = serviceIds.filter((id) => "writes" in services[id]);
const addresses: Record<string, string> = { email: "hello@clay.example", phone: "+74955550142" };
const items = writing.map((service) => ({
  id: service,
  service,
  to: addresses[services[service].takes] ?? "clayandco",
}));
const taps = ["connected", ...writing];

beforeAll(async () => {
  world = await startWorld();
  const sent = { "content-type": "application/octet-stream", "x-file-name": "care.pdf" };
  document = (await world.owner.ask("POST", "/cards/files", Buffer.from("%PDF-1.7 care"), sent)).body.fileId;
  card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  const connected = { ...card.draft.blocks[1].items[0], id: "connected" };
  card.draft.blocks[1].items = [connected, ...items.slice(0, 19)];
  card.draft.blocks.push(
    { id: "more", type: "messengers", items: items.slice(19) },
    { id: "vc", type: "contact" },
    { id: "ph", type: "phone", number: "+7 495 555-01-42" },
    { id: "em", type: "email", address: "hello@clay.example" },
    { id: "fi", type: "file", fileId: document, title: { en: "Care guide" } },
  );
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
});
afterAll(() => world.stop());

const ask = (path: string, agent: string): Promise<Response> =>
  fetch(world.hub.url + path, { redirect: "manual", headers: { "user-agent": agent } });
const goTo = (item: string): string =>
  `/c/clay/go/${taps.indexOf(item) < 20 ? card.draft.blocks[1].id : "more"}/${item}`;
const hrefs = (page: string): string[] =>
  [...page.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
const unread = (intent: string): string =>
  decodeURIComponent(/S\.browser_fallback_url=([^;]+);/.exec(intent)?.[1] ?? "");

describe.each(inAppAgents)("in %s", (_, system, agent) => {
  it.each(taps)("a tap on %s ends somewhere", async (item) => {
    const answer = await ask(goTo(item), agent);
    if (answer.status === 302) {
      expect(answer.headers.get("location")).toMatch(/^https:\/\/[\w.-]+\//);
      return;
    }
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).not.toContain('http-equiv="refresh"'); // an error page would cover the instructions
    expect(page).toMatch(/<b>[^<]+<\/b>/);
    expect(page).toMatch(/⋯|⋮/);
    const [app = "", out = ""] = hrefs(page);
    if (system === "android") {
      expect(app).toMatch(/^intent:.*#Intent;scheme=[a-z]+;S\.browser_fallback_url=/);
      expect(unread(app)).toContain(goTo(item));
    } else expect(app).toMatch(/^(viber|weixin|skype|sms|mailto|line):/);
    expect(out).toMatch(
      system === "android"
        ? /^intent:\/\/.*;scheme=http;/
        : /^(instagram:\/\/extbrowser\/|x-safari-http:\/\/)/,
    );
  });

  it("a tap on a document is a way to it, and a file for whom it works", async () => {
    const answer = await ask(`/c/clay/file/${document}`, agent);
    expect(answer.headers.get("content-type")).toContain("text/html");
    const page = await answer.text();
    expect(page).toContain("<h1>care.pdf</h1>");
    const [out = "", file = ""] = hrefs(page);
    expect(decodeURIComponent(out)).toContain(`/c/clay/file/${document}`);
    expect((await ask(file, agent)).headers.get("content-disposition")).toContain("care.pdf");
  });

  it("a tap on the contact is a way to it, what it says, and a file for whom it works", async () => {
    const answer = await ask("/c/clay/contact.vcf", agent);
    expect(answer.headers.get("content-type")).toContain("text/html");
    const links = hrefs(await answer.text());
    expect(links[0]).toMatch(
      system === "android" ? /^intent:\/\// : /^(instagram:\/\/extbrowser\/\?url=http|x-safari-http:\/\/)/,
    );
    expect(decodeURIComponent(links[0] ?? "")).toContain("/c/clay/contact.vcf");
    expect(links).toContain("tel:+74955550142");
    expect(links).toContain("mailto:hello@clay.example");
    const file = await ask(links.find((href) => href.includes("file=1")) ?? "", agent);
    expect(file.headers.get("content-type")).toContain("text/vcard");
  });

  it("where nothing took the way out, it comes back to the same page", async () => {
    if (system === "ios") return; // it stays on the page
    const [app = ""] = hrefs(await (await ask(goTo("viber"), agent)).text());
    const back = new URL(unread(app));
    const page = await ask(back.pathname + back.search, agent);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/⋯|⋮/);
  });
});

describe.each(browserAgents)("in %s", (_, agent) => {
  it("the contact is a file, and an app's link is opened at once", async () => {
    expect((await ask("/c/clay/contact.vcf", agent)).headers.get("content-type")).toContain("text/vcard");
    expect(await (await ask(goTo("viber"), agent)).text()).toContain('content="0;url=viber://');
  });
});

it("the way out is no second tap", async () => {
  const [, , agent = ""] = inAppAgents[0]!;
  const taken = async (): Promise<number> =>
    (await world.owner.get(`/cards/${card.id}/statistics`)).totals.taps;
  const settled = async (): Promise<number> => {
    await ask("/c/clay/go/none/none", agent);
    return taken();
  };
  let before = -1;
  await expect.poll(async () => before === (before = await settled()), { interval: 1500 }).toBe(true);
  const [, out = ""] = hrefs(await (await ask(goTo("viber"), agent)).text());
  const address = new URL(decodeURIComponent(out.replace("instagram://extbrowser/?url=", "")));
  await ask(address.pathname + address.search, browserAgents[0]![1]);
  await ask(goTo("wechat"), agent);
  await expect.poll(taken).toBe(before + 2);
});
