/** A page of another service comes over by its address alone; nothing of this machine can be read by it. */
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acrossWorkspaces } from "../../core/db.ts";
import { FileModel } from "../../core/stored-files.ts";
import { openAbroad, type Abroad } from "../support/abroad.ts";
import { startWorld, type World } from "../support/world.ts";
import { workOf } from "../support/work.ts";

let world: World;
let abroad: Abroad;
beforeAll(async () => {
  abroad = await openAbroad(["linktr.ee", "ugc.production.linktr.ee", "links.clay.example"]);
  world = await startWorld({}, { outside: abroad.outside });
});
afterAll(async () => {
  await world?.stop();
  await abroad?.stop();
});

const ask = (address: string, person = world.owner) =>
  person.ask("POST", "/cards/import/page", { address, language: "en", name: "Clay" });
const taken = async (address: string): Promise<any> => {
  const { status, body } = await ask(address);
  expect([status, body.error]).toEqual([200, undefined]);
  return body;
};
/** Pictures that go in a day, unless a card is made with them. */
const held = (): Promise<number> => acrossWorkspaces(FileModel.countDocuments({ access: "uploader" }));
const refusal = async (address: string): Promise<unknown[]> => {
  const { status, body } = await ask(address);
  return [status, body.error.code, body.error.details?.reason].filter((part) => part !== undefined);
};
const ofType = (body: any, type: string): any[] =>
  body.content.blocks.filter((block: any) => block.type === type);
const states = (body: any): string[] =>
  body.rows.map(({ what, state, why }: any) => [what, state, why].filter(Boolean).join(" "));
const page = (response: ServerResponse, html: string): void =>
  void response
    .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-encoding": "gzip" })
    .end(gzipSync(html));

/** As linktr.ee gives it out: the account twice, its links with what belongs to them. */
function linktree(profilePictureUrl: string | null, more: object[] = []): string {
  const rest = { context: {}, animation: null, thumbnail: null, amazonAffiliate: null, locked: null };
  const links = [
    { id: "90701196", type: "HEADER", title: "Our shop", position: 0, url: "", ...rest },
    {
      id: "90693023",
      type: "CLASSIC",
      title: "Mugs & bowls",
      position: 1,
      url: "https://clay.example/",
      ...rest,
    },
    {
      id: "90692933",
      type: "CLASSIC",
      title: "WhatsApp",
      position: 2,
      url: "https://wa.me/74955550142",
      ...rest,
    },
    { id: "90692934", type: "COMMERCE_STORE", title: "Store", position: 3, url: null, ...rest },
    ...more,
  ];
  const socialLinks = [
    { type: "INSTAGRAM", url: "https://instagram.com/clay.and.co" },
    { type: "EMAIL_ADDRESS", url: "mailto:hello@clay.example" },
  ];
  const account = { id: 17111939, username: "clay", tier: "free", isActive: true, profilePictureUrl };
  const texts = { pageTitle: "Глина & Co", description: "Ceramics for everyday tables" };
  const pageProps = { account: { ...account, ...texts, links, socialLinks }, username: "clay", ...texts };
  const data = {
    props: { pageProps: { ...pageProps, links, socialLinks }, __N_SSP: true },
    page: "/[profile]",
  };
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Глина & Co | Linktree</title></head><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json" crossorigin="anonymous">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script></body></html>`;
}

const button = (id: number, name: string, href: string, title: string): string =>
  `<div style="--delay: ${id}s" class="button-entrance"><a id="${id}" class="button button-${name} button-click button-hover icon-hover" rel="noopener noreferrer nofollow noindex" href="${href}" target="_blank" ><img alt="${name}" class="icon hvr-icon" src="https://links.clay.example/assets/linkstack/icons/${name}.svg">${title}</a></div>`;

/** As the templates of LinkStack 4 write it. */
const linkStack = (avatar: string, items: string): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="description" content="Ceramics"><title>Clay &amp; Co 🔗 LinkStack </title>
<style>.button{color:red}</style></head><body>
<div class="container"><div class="row"><div class="column" style="margin-top: 5%">
        <img alt="avatar" class="rounded-avatar fadein" src="${avatar}" height="128px" width="128px" style="object-fit: cover;">
        <h1 class="fadein">Clay &amp; Co<span title="Verified user"><svg viewBox="0 0 24 24"><title>verified</title></svg></span></h1>
        <center><div class="fadein description-parent dynamic-contrast"><p class="fadein"><p>Ceramics for <strong>everyday</strong> tables</p><p>Thrown in Moscow</p></p></div></center>
        <div class="row fadein social-icon-div">
        <a class="social-hover social-link" href="https://instagram.com/clay.and.co" title="Instagram" aria-label="Instagram" target="_blank"><i id="9" class="button-click social-icon fa-brands fa-instagram"></i></a>
        </div>
${items}
    <script>document.addEventListener('DOMContentLoaded', function () { var url = 'https://links.clay.example/going/' + 1; });</script>
<div class="container"><div class="footer fadein"><a class="footer-hover spacing" href="https://links.clay.example">Home</a></div>
<a href="https://linkstack.org" target="_blank"><div class="credit-hover hvr-grow fadein"><img src="https://links.clay.example/assets/linkstack/images/powered-by-linkstack.svg" alt="LinkStack"></div></a></div>
</div></div></div></body></html>`;

const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 300, height: 300, channels: 3, background: "#a84a24" } })
    .jpeg()
    .toBuffer();

describe("a page of Linktree at its address", () => {
  it("comes over with its picture, which is on another server", async () => {
    const bytes = await photo();
    abroad.set("ugc.production.linktr.ee", (_, response) =>
      response.writeHead(200, { "content-type": "image/jpeg" }).end(bytes),
    );
    abroad.set("linktr.ee", ({ url }, response) => {
      if (url === "/clay") page(response, linktree("https://ugc.production.linktr.ee/x.jpg"));
      else response.writeHead(404).end();
    });
    const body = await taken(" linktr.ee/clay ");
    expect(body).toMatchObject({ source: "linktree", name: "Глина & Co", recoded: false });
    expect(states(body)).toEqual([
      "name taken",
      "about taken",
      "heading taken",
      "link taken",
      "messenger changed messenger",
      "other left kind",
      "social taken",
      "email taken",
      "picture taken",
    ]);
    const { photo: fileId } = ofType(body, "person")[0];
    await taken("linktr.ee/clay"); // looked at once more, and left
    expect(await held()).toBe(2);
    const made = await world.owner.post("/cards", { name: body.name, slug: "glina", content: body.content });
    expect(await held()).toBe(1);
    const shown = await fetch(`${world.hub.url}/api/v1/cards/${made.id}/p/${fileId}-a.webp`, {
      headers: { cookie: world.owner.cookie },
    });
    expect(shown.headers.get("content-type")).toBe("image/webp");
    expect(await refusal("linktr.ee/nobody")).toEqual([502, "page_unreachable", "status"]);
  });

  it.each([
    ["of this machine", "http://127.0.0.1:22/x.png", "elsewhere"],
    ["of its cloud", "http://169.254.169.254/latest/meta-data", "elsewhere"],
    ["that is a file of this machine", "file:///etc/passwd", "picture"],
    ["that runs", "https://ugc.production.linktr.ee/x.svg", "picture"],
    ["that is no picture", "https://ugc.production.linktr.ee/x.html", "elsewhere"],
  ])("is left without a picture %s", async (_, url, why) => {
    abroad.set("ugc.production.linktr.ee", (request, response) =>
      request.url === "/x.svg"
        ? response
            .writeHead(200, { "content-type": "image/svg+xml" })
            .end('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
        : page(response, "<p>hello"),
    );
    abroad.set("linktr.ee", (_, response) => page(response, linktree(url)));
    const body = await taken("https://linktr.ee/clay");
    expect(ofType(body, "person")[0].photo).toBeUndefined();
    expect(states(body)).toContain(`picture left ${why}`);
  });

  it("brings nothing hostile with it", async () => {
    const bad = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"].map((url, n) => ({
      id: String(n),
      type: "CLASSIC",
      title: "<script>alert(1)</script>Bad",
      position: 9,
      url,
    }));
    abroad.set("linktr.ee", (_, response) => page(response, linktree(null, bad)));
    const body = await taken("https://linktr.ee/clay");
    expect(states(body).filter((state) => state === "link left address")).toHaveLength(3);
    expect(JSON.stringify(body.content)).not.toMatch(/script|passwd/);
  });
});

describe("a page of LinkStack at its address", () => {
  const items = [
    '<div class="fadein"><h2>Classes &amp; fairs</h2></div>',
    button(1, "custom", "https://clay.example/shop?a=1&amp;b=2", "Our <i></i>shop"),
    "<br><br><br>",
    button(2, "default email", "mailto:hello@clay.example", "Write"),
    button(3, "phone", "tel:+74955550142", "Call"),
    button(4, "telegram", "https://t.me/clay_and_co", "Telegram"),
    button(5, "vcard", "https://links.clay.example/vcard/5", "Our contact"),
    button(6, "custom_website", "https://links.clay.example/going/6/https://blog.clay.example", "Blog"),
    button(7, "custom", "javascript:alert(1)", "&lt;img src=x onerror=alert(1)&gt;Bad"),
    '<div class="fadein"><span style="">Fair on the <b>28th</b></span></div>',
  ].join("\n");

  it("comes over by what it shows, after it was moved", async () => {
    const bytes = await photo();
    abroad.set("links.clay.example", ({ url }, response) => {
      if (url === "/assets/img/1.png") response.writeHead(200, { "content-type": "image/png" }).end(bytes);
      else if (url === "/@clay") page(response, linkStack("/assets/img/1.png", items));
      else response.writeHead(301, { location: "/@clay" }).end();
    });
    const body = await taken("http://links.clay.example/clay");
    expect(body).toMatchObject({ source: "linkstack", name: "Clay & Co" });
    expect(ofType(body, "person")[0].about).toEqual({ en: "Ceramics for everyday tables\nThrown in Moscow" });
    expect(states(body)).toEqual([
      "name taken",
      "about taken",
      "social taken",
      "heading taken",
      "link taken",
      "email taken",
      "phone taken",
      "messenger changed messenger",
      "other left kind",
      "link taken",
      "link left address",
      "text taken",
      "picture taken",
    ]);
    expect(ofType(body, "link").map(({ url, title }: any) => [url, title.en])).toEqual([
      ["https://clay.example/shop?a=1&b=2", "Our shop"],
      ["https://blog.clay.example/", "Blog"],
    ]);
    expect(ofType(body, "heading")[0].text).toEqual({ en: "Classes & fairs" });
    expect(ofType(body, "text")[0].text).toEqual({ en: "Fair on the 28th" });
    expect(JSON.stringify(body.content)).not.toMatch(/onerror|javascript/);
  });

  it("does not bring the picture of those who have none", async () => {
    const logo = "https://links.clay.example/assets/linkstack/images/logo.svg";
    abroad.set("links.clay.example", (_, response) => page(response, linkStack(logo, items)));
    const body = await taken("https://links.clay.example/@clay");
    expect(body.rows.some(({ what }: any) => what === "picture")).toBe(false);
  });

  it("comes over as well when it was saved from a browser", async () => {
    const html = linkStack("./clay_files/1.png", items);
    const { body } = await world.owner.ask("POST", "/cards/import?language=en", Buffer.from(html), {
      "content-type": "application/octet-stream",
    });
    expect([body.source, ofType(body, "link").length]).toEqual(["linkstack", 2]);
  });

  it.each([
    ["of very many elements", "<div class='button-entrance'><a href='https://a.example'>".repeat(50_000)],
    [
      "of one endless title",
      `<div class="button-entrance"><a href="https://a.example">${"x ".repeat(1_400_000)}`,
    ],
    ["of one endless mark", `<div class="button-entrance"><a href="${"/going/1/".repeat(200_000)}">x`],
    ["of line breaks", `<div class="button-entrance"><a href="https://a.example">${"<br> ".repeat(500_000)}`],
  ])("%s is answered within seconds", async (_, html) => {
    abroad.set("links.clay.example", (_, response) => page(response, `<!doctype html>${html}`));
    const read = async () => expect([200, 400]).toContain((await ask("links.clay.example/@clay")).status);
    expect(await workOf(read)).toBeLessThan(10_000);
  });
});

describe("what is not opened", () => {
  it("is anything of this machine, named or sent on to", async () => {
    const { port } = new URL(world.hub.url);
    for (const own of [
      `http://127.0.0.1:${port}/healthz`,
      "http://169.254.169.254/",
      `http://[::1]:${port}/`,
      "http://localhost/",
    ])
      expect([own, ...(await refusal(own))]).toEqual([own, 502, "page_unreachable", "nowhere"]);
    for (const location of [
      `http://127.0.0.1:${port}/`,
      "http://169.254.169.254/",
      "http://[::ffff:127.0.0.1]/",
    ]) {
      abroad.set("linktr.ee", (_, response) => response.writeHead(302, { location }).end());
      expect(await refusal("linktr.ee/clay")).toEqual([502, "page_unreachable", "nowhere"]);
    }
  });

  it("is what is no address of the web", async () => {
    for (const address of ["", "mailto:a@clay.example", "javascript:alert(1)", "file:///etc/passwd"])
      expect(await refusal(address)).toEqual([400, "invalid_input"]);
    for (const address of [7, null, { $ne: "" }, "x".repeat(2001)])
      expect((await ask(address as string)).status).toBe(400);
  });

  it("is a page with nothing of the kind, or one for others than administrators", async () => {
    abroad.set("linktr.ee", (_, response) => page(response, "<!doctype html><p>Hello https://clay.example"));
    expect(await refusal("linktr.ee/clay")).toEqual([400, "invalid_input"]);
    const employee = await world.owner.invite("ivan@clay.example");
    expect((await ask("linktr.ee/clay", employee)).status).toBe(403);
  });

  it("is more than forty in ten minutes", async () => {
    const statuses = new Set<number>();
    for (let count = 0; count < 41; count++) statuses.add((await ask("127.0.0.1")).status);
    expect(statuses).toContain(429);
  });
});
