/** Cards through the hub's own door: made, changed, published, looked at by anybody. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sharp from "sharp";
import { Person, waitFor } from "../support/hub.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let card: any;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const agent = { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1" };
const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(world.hub.url + path, { redirect: "manual", ...init, headers: { ...agent, ...init.headers } });
const pageOf = async (path: string): Promise<string> => (await ask(path)).text();

async function change(edit: (draft: any) => void): Promise<void> {
  card = await world.owner.get(`/cards/${card.id}`);
  edit(card.draft);
  card = await world.owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
}
async function publish(): Promise<void> {
  card = await world.owner.post(`/cards/${card.id}/publish?rev=${card.rev}`);
}
/** Pages are kept for a second. */
const shows = (path: string, text: string) =>
  waitFor(async () => (await pageOf(path)).includes(text), `"${text}" on the page`);

describe("a card", () => {
  it("begins with the business's name and its connected messengers", async () => {
    card = await world.owner.post("/cards", { name: "Clay & Co", slug: "clay" });
    expect(card.draft.blocks[1].items).toMatchObject([{ service: "telegram", channelId: world.channelId }]);
    expect(card).toMatchObject({ published: false, rev: 1, url: `${world.hub.url}/c/clay` });
    expect((await ask("/c/clay")).status).toBe(404);
  });

  it("is shown to anybody once it is published, and what is changed then only after the next time", async () => {
    await publish();
    const page = await ask("/c/clay");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(await page.text()).toContain("<h1>Clay &amp; Co</h1>");
    await change((draft) => (draft.blocks[0].about = { en: "Ceramics <b>for</b> tables", ru: "Посуда" }));
    expect(card.changes).toBe(1);
    expect(await pageOf("/c/clay")).not.toContain("Ceramics");
    await publish();
    await shows("/c/clay", "Ceramics &lt;b&gt;for&lt;/b&gt; tables");
    expect(await pageOf("/c/clay?l=ru")).toContain("Посуда");
    expect(card.changes).toBe(0);
  });

  it("has no account behind the button of another messenger", async () => {
    const before = (await world.owner.get(`/cards/${card.id}`)).draft;
    await change((draft) => {
      const { channelId } = world;
      draft.blocks[1].items.push({ id: "no", service: "viber", to: "clayandco", channelId, title: {} });
    });
    const items = card.draft.blocks[1].items;
    expect(items[0]).toMatchObject({ service: "telegram", channelId: world.channelId });
    expect(items[1]).toEqual({ id: "no", service: "viber", to: "clayandco", title: {} });
    await change((draft) => Object.assign(draft, before));
  });

  it("is not overwritten by a draft that was made from an older one", async () => {
    const { rev, draft } = await world.owner.get(`/cards/${card.id}`);
    await world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft);
    await expect(world.owner.put(`/cards/${card.id}/draft?rev=${rev}`, draft)).rejects.toThrow(
      /409|conflict/,
    );
    card = await world.owner.get(`/cards/${card.id}`);
  });

  it("answers a browser that has the page already with nothing, and compresses for one that has not", async () => {
    const first = await ask("/c/clay", { headers: { "accept-encoding": "br" } });
    expect(first.headers.get("content-encoding")).toBe("br");
    const again = await ask("/c/clay", { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
  });

  it("keeps its former address, which leads to the new one", async () => {
    card = await world.owner.patch(`/cards/${card.id}`, { slug: "clay-studio" });
    await waitFor(async () => (await ask("/c/clay?s=qr")).status === 301, "the former address");
    expect((await ask("/c/clay?s=qr")).headers.get("location")).toBe("/c/clay-studio?s=qr");
    expect((await ask("/c/clay-studio")).status).toBe(200);
    card = await world.owner.patch(`/cards/${card.id}`, { slug: "clay" });
    await waitFor(async () => (await ask("/c/clay")).status === 200, "the first address again");
  });

  it.each([
    ["admin", "reserved"],
    ["c1ay", "taken"],
    ["a", "shape"],
    ["сlay", "shape"],
    ["-clay", "shape"],
  ])("cannot have the address %s: %s", async (slug, fault) => {
    const answer = await world.owner.get(`/cards/slug?slug=${encodeURIComponent(slug)}`);
    expect(answer.fault).toBe(fault);
    await expect(world.owner.post("/cards", { name: "Other", slug })).rejects.toThrow();
  });

  it("is changed by administrators alone, and seen by nobody of another workspace", async () => {
    const employee = await world.owner.invite("emil@clay.example");
    expect((await employee.get("/cards")).items).toHaveLength(1);
    await expect(employee.post(`/cards/${card.id}/publish?rev=${card.rev}`)).rejects.toThrow(/403|forbidden/);
    await expect(new Person(world.hub.url).get("/cards")).rejects.toThrow(/401|unauth/);
    employee.leave();
  });
});

describe("a tap", () => {
  it("leads to a link's address, and never to what would run", async () => {
    await change((draft) => {
      draft.blocks.push(
        { id: "shop", type: "link", url: "clay.example/shop", title: { en: "Shop" } },
        { id: "bad", type: "link", url: "java\tscript:alert(1)", title: { en: "Bad" } },
        { id: "map", type: "address", address: { en: "12 Goncharnaya St" } },
        { id: "soc", type: "social", items: [{ id: "v", service: "vk", to: "clay.and.co" }] },
      );
    });
    await publish();
    await shows("/c/clay", "/c/clay/go/shop");
    expect((await ask("/c/clay/go/shop")).headers.get("location")).toBe("https://clay.example/shop");
    expect((await ask("/c/clay/go/soc/v")).headers.get("location")).toBe("https://vk.com/clay.and.co");
    expect((await ask("/c/clay/go/map")).headers.get("location")).toContain("12%20Goncharnaya");
    expect((await ask("/c/clay/go/bad")).status).toBe(404);
    expect(await pageOf("/c/clay")).not.toContain("script:alert");
  });

  it("on a connected messenger tells the inbox which card it came from", async () => {
    const { id } = card.draft.blocks[1].items[0];
    const referer = `${world.hub.url}/c/clay?utm_source=instagram&utm_campaign=autumn`;
    const { headers } = await ask(`/c/clay/go/messengers/${id}`, { headers: { referer } });
    const link = new URL(headers.get("location") ?? "");
    expect(link.href).toMatch(/^https:\/\/t\.me\/\w+\?start=[\w-]{22}$/);
    const customer = await world.simulator.addCustomer({ name: "Tapping Tara" });
    customer.start(world.simulator.bots[0]!, link.searchParams.get("start")!);
    const conversation: any = await waitFor(
      async () =>
        (await world.owner.get("/conversations")).items.find(
          (one: any) => one.contact.name === "Tapping Tara",
        ),
      "the conversation",
    );
    const { referral } = await world.owner.get(`/conversations/${conversation.id}`);
    expect(referral).toBe("Clay & Co · Telegram · instagram / autumn");
  });

  it("of a program that only looks makes no token", async () => {
    const { id } = card.draft.blocks[1].items[0];
    for (const init of [{ method: "HEAD" }, { headers: { "user-agent": "facebookexternalhit/1.1" } }])
      expect((await ask(`/c/clay/go/messengers/${id}`, init)).headers.get("location")).not.toContain(
        "start=",
      );
  });

  it("into an app ends on a page that says what to do", async () => {
    await change((draft) =>
      draft.blocks[1].items.push({ id: "vb", service: "viber", to: "+7 495 555-01-42" }),
    );
    await publish();
    await shows("/c/clay", "/go/messengers/vb");
    const page = await pageOf("/c/clay/go/messengers/vb");
    expect(page).toContain('content="0;url=viber://chat?number=%2B74955550142"');
    expect(page).toContain("<b>+74955550142</b>");
  });
});

describe("pictures", () => {
  const take = (bytes: Uint8Array) =>
    world.owner
      .ask("POST", "/cards/pictures", bytes, { "content-type": "application/octet-stream" })
      .then(({ status, body }) =>
        status === 201 ? body : Promise.reject(new Error(`${status} ${body.error.code}`)),
      );

  it("are taken in without what they tell of the place, and given out as large as they are shown", async () => {
    const bytes = await sharp({ create: { width: 900, height: 600, channels: 3, background: "#a84a24" } })
      .withExif({ IFD3: { GPSLatitudeRef: "N", GPSLatitude: "59/1 56/1 0/1" } })
      .jpeg()
      .toBuffer();
    const { fileId } = await take(bytes);
    await change((draft) => (draft.blocks[0].photo = fileId));
    await publish();
    await shows("/c/clay", `/c/clay/p/${fileId}-a.webp`);
    const given = await ask(`/c/clay/p/${fileId}-a.webp`);
    const picture = sharp(Buffer.from(await given.arrayBuffer()));
    expect(await picture.metadata()).toMatchObject({ format: "webp", width: 336, height: 392 });
    expect((await picture.metadata()).exif).toBeUndefined();
    expect((await ask(`/c/clay/p/${world.channelId}-a.webp`)).status).toBe(404);
    expect((await ask(`/c/clay/p/${fileId}-z.webp`)).status).toBe(404);
  });

  it.each([
    ["a drawing that can run", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ["a page", "<html><script>alert(1)</script>"],
    ["nothing", ""],
  ])("are refused when they are %s", async (_, body) => {
    await expect(take(Buffer.from(body))).rejects.toThrow(/422|bad_image/);
  });
});

it("tells nothing of a block before its time, not even to search engines or as a contact", async () => {
  const bytes = await sharp({ create: { width: 40, height: 40, channels: 3, background: "#a84a24" } })
    .png()
    .toBuffer();
  const { body } = await world.owner.ask("POST", "/cards/pictures", bytes, {
    "content-type": "application/octet-stream",
  });
  const from = new Date(Date.now() + 3_600_000).toISOString();
  await change((draft) =>
    draft.blocks.push(
      { id: "later", type: "phone", number: "+7 900 111-22-33", from },
      { id: "laterpic", type: "link", url: "clay.example/later", picture: body.fileId, from },
      { id: "nowhead", type: "heading", text: { en: "Only this" } },
    ),
  );
  await publish();
  await shows("/c/clay", "Only this");
  const page = await pageOf("/c/clay");
  expect(page).not.toContain("79001112233");
  expect(await (await ask("/c/clay/contact.vcf")).text()).not.toMatch(/79001112233|later/);
  expect((await ask(`/c/clay/p/${body.fileId}-a.webp`)).status).toBe(404);
});

it("is set up when visitors see a messenger: one that waits in the draft or is hidden is none", async () => {
  const { card: before } = await world.owner.get("/cards/set-up");
  const set = async (on: boolean, items: unknown[]): Promise<void> => {
    await change((draft) => {
      draft.blocks = draft.blocks.filter(({ type }: any) => type !== "messengers");
      draft.blocks.push({ id: "ms", type: "messengers", on, items });
    });
  };
  const item = { id: "tg", service: "telegram", channelId: world.channelId, to: "clay_and_co_bot" };
  await set(false, [item]);
  await publish();
  const state = async (): Promise<any> => (await world.owner.get("/cards/set-up")).card;
  expect(await state()).toMatchObject({ withoutMessengers: true, messengersWait: false });
  await set(true, [item]);
  expect(await state()).toMatchObject({ withoutMessengers: true, messengersWait: true });
  await publish();
  expect(await state()).toMatchObject({ withoutMessengers: false, messengersWait: false });
  const full = Array.from({ length: 20 }, (_, n) => ({
    id: `x${n}`,
    service: "telegram",
    to: `clay_${n}_x`,
  }));
  await set(true, full);
  expect((await world.owner.ask("POST", `/cards/${before.id}/messengers`)).status).toBe(200);
});

it("is saved as a contact with its photo", async () => {
  await change((draft) =>
    draft.blocks.push(
      { id: "ph", type: "phone", number: "+7 495 555-01-42" },
      { id: "em", type: "email", address: "hello@clay.example" },
    ),
  );
  await publish();
  await shows("/c/clay", "tel:+74955550142");
  const answer = await ask("/c/clay/contact.vcf?l=ru");
  expect(answer.headers.get("content-type")).toContain("text/vcard");
  const text = await answer.text();
  for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const lines = text.replace(/\r\n /g, "").split("\r\n");
  expect(lines).toContain("NOTE:Посуда");
  expect(lines).toContain("TEL;TYPE=WORK,VOICE:+74955550142");
  const photo = lines.find((line) => line.startsWith("PHOTO"))?.split(":")[1] ?? "";
  expect((await sharp(Buffer.from(photo, "base64")).metadata()).format).toBe("jpeg");
});
