/** Pages of other services become a card that is looked through first; nothing hostile comes with them. */
import { deflateRawSync, crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import sharp from "sharp";
import { startWorld, type World } from "../support/world.ts";
import { workOf } from "../support/work.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const read = (bytes: Uint8Array | string, query = "language=en&name=Clay") =>
  world.owner.ask("POST", `/cards/import?${query}`, Buffer.from(bytes as string), {
    "content-type": "application/octet-stream",
  });
const taken = async (bytes: Uint8Array | string, query?: string): Promise<any> => {
  const { status, body } = await read(bytes, query);
  expect([status, body.error]).toEqual([200, undefined]);
  return body;
};
const ofType = (body: any, type: string): any[] =>
  body.content.blocks.filter((block: any) => block.type === type);
const states = (body: any): string[] =>
  body.rows.map(({ what, state, why }: any) => [what, state, why].filter(Boolean).join(" "));

/** As `UserController::exportAll` of LinkStack 4 writes it. */
const linkStack = (links: object[], more: object = {}): string =>
  JSON.stringify({
    id: 1,
    name: "Clay & Co",
    email: "anna@clay.example",
    littlelink_name: "clay",
    littlelink_description: "<p>Ceramics for <strong>everyday</strong> tables</p>",
    role: "user",
    theme: "galaxy",
    ...more,
    links: links.map((link, index) => ({
      id: index + 1,
      user_id: 1,
      order: index,
      click_number: 7,
      up_link: "no",
      custom_css: "",
      custom_icon: "fa-external-link",
      ...link,
    })),
  });

/** As a browser saves a page of Linktree. */
const linktree = (pageProps: object): string =>
  `<!DOCTYPE html><html lang="en"><head><title>Clay | Linktree</title></head><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json" crossorigin="anonymous">${JSON.stringify(
    {
      props: { pageProps, __N_SSP: true },
      page: "/[profile]",
      query: { profile: "clay" },
      isFallback: false,
    },
  )}</script></body></html>`;

interface Entry {
  name: string;
  bytes: Buffer;
  /** What the entry says of its size, where that is a lie. */
  says?: number;
}
/** A ZIP by hand, as nobody's packer would write a hostile one. */
function zip(entries: Entry[]): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, says } of entries) {
    const packed = deflateRawSync(bytes);
    const size = says ?? bytes.byteLength;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(0x800, 6);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc32(bytes), 14);
    head.writeUInt32LE(packed.byteLength, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    head.copy(central, 8, 6, 30);
    central.writeUInt32LE(at, 42);
    parts.push(head, Buffer.from(name), packed);
    index.push(central, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.byteLength;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

describe("an export of LinkStack", () => {
  it("comes over with its texts, links, mail, messengers, icons and picture", async () => {
    const photo = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#a84a24" } })
      .jpeg()
      .toBuffer();
    const body = await taken(
      linkStack(
        [
          { title: "Our shop", link: "https://clay.example/shop", type: "link", button_id: 1 },
          { title: "Classes", link: "", type: "heading", button_id: 42 },
          { title: "", link: "", type: "spacer", button_id: 43 },
          { title: "Write", link: "mailto:hello@clay.example", type: "email", button_id: 6 },
          { title: "Call", link: "tel:+74955550142", type: "telephone", button_id: 44 },
          { title: "WhatsApp", link: "https://wa.me/74955550142", type: "link", button_id: 1 },
          { title: "<p>Fair on <b>28</b></p>", link: "", type: "text", button_id: 93 },
          { title: "instagram", link: "https://instagram.com/clay.and.co", type: "link", button_id: 94 },
        ],
        { image_data: photo.toString("base64"), image_extension: "jpg" },
      ),
    );
    expect(body).toMatchObject({ source: "linkstack", name: "Clay & Co", recoded: false });
    expect(ofType(body, "person")[0]).toMatchObject({
      about: { en: "Ceramics for everyday tables" },
      photo: expect.any(String),
    });
    expect(ofType(body, "link")[0]).toMatchObject({
      url: "https://clay.example/shop",
      title: { en: "Our shop" },
    });
    expect(ofType(body, "heading")[0].text).toEqual({ en: "Classes" });
    expect(ofType(body, "email")[0].address).toBe("hello@clay.example");
    expect(ofType(body, "phone")[0].number).toBe("+74955550142");
    expect(ofType(body, "messengers")[0].items).toMatchObject([{ service: "whatsapp", to: "+74955550142" }]);
    expect(ofType(body, "social")[0].items).toMatchObject([{ service: "instagram" }]);
    expect(ofType(body, "text")[0].text).toEqual({ en: "Fair on 28" });
    expect(states(body)).toEqual([
      "name taken",
      "about changed markup",
      "link taken",
      "heading taken",
      "other left kind",
      "email taken",
      "phone taken",
      "messenger changed messenger",
      "text changed markup",
      "social taken",
      "picture taken",
    ]);
    const made = await world.owner.post("/cards", { name: body.name, slug: "clay", content: body.content });
    expect(made.draft.blocks).toHaveLength(body.content.blocks.length);
    expect(made.published).toBe(false);
  });

  it("of links alone, without a name, takes the one that was typed", async () => {
    const body = await taken(
      JSON.stringify({ links: [{ title: "Shop", link: "clay.example", button_id: 1 }] }),
    );
    expect(ofType(body, "person")[0].name).toEqual({ en: "Clay" });
    expect(ofType(body, "link")[0].url).toBe("https://clay.example/");
  });
});

describe("a page of Linktree, as it was saved", () => {
  const links = [
    { id: "1", type: "CLASSIC", title: "Blog", position: 1, url: "https://blog.clay.example/" },
    { id: "2", type: "HEADER", title: "Читайте", position: 0, url: "" },
    { id: "3", type: "CLASSIC", title: "Telegram", position: 2, url: "https://t.me/clay_and_co" },
    { id: "4", type: "COMMERCE_STORE", title: "Store", position: 3, url: null },
  ];
  const socialLinks = [
    { type: "INSTAGRAM", url: "https://instagram.com/clay.and.co" },
    { type: "EMAIL_ADDRESS", url: "mailto:hello@clay.example" },
  ];
  const account = {
    username: "clay",
    pageTitle: "Clay & Co",
    description: "Ceramics",
    profilePictureUrl: "https://ugc.production.linktr.ee/x.png",
    links,
    socialLinks,
  };

  it("comes over in its order; what is elsewhere is not fetched", async () => {
    const body = await taken(
      linktree({ account, pageTitle: "Clay & Co", description: "Ceramics", links, socialLinks }),
    );
    expect(body.source).toBe("linktree");
    expect(body.content.blocks.map(({ type }: any) => type)).toEqual([
      "person",
      "messengers",
      "heading",
      "link",
      "email",
      "social",
    ]);
    expect(ofType(body, "messengers")[0].items).toMatchObject([{ service: "telegram", to: "clay_and_co" }]);
    expect(states(body)).toContain("other left kind");
    expect(states(body)).toContain("picture left elsewhere");
  });

  it("is read from its account where nothing else has the links", async () => {
    const body = await taken(linktree({ account }));
    expect(ofType(body, "link")).toHaveLength(1);
    expect(body.name).toBe("Clay & Co");
  });
});

describe("lists and tables", () => {
  it.each([
    [
      "a line each",
      "Shop https://clay.example/shop\nhttps://clay.example/blog — Blog\n\nclay.example",
      ["Shop", "Blog", undefined],
    ],
    [
      "Markdown",
      "- [Shop](https://clay.example/shop)\n- [Blog](https://clay.example/blog)",
      ["Shop", "Blog"],
    ],
    [
      "a title above each",
      "Shop\nhttps://clay.example/shop\nBlog\nhttps://clay.example/blog",
      ["Shop", "Blog"],
    ],
    [
      "a table",
      'Title,URL\n"Shop, the ""best""",https://clay.example/shop\nBlog,https://clay.example/blog',
      ['Shop, the "best"', "Blog"],
    ],
    ["a table with semicolons", "Название;Ссылка\nМагазин;https://clay.example/shop", ["Магазин"]],
  ])("are read as %s", async (_, typed, titles) => {
    const body = await taken(typed);
    expect(ofType(body, "link").map(({ title }: any) => title.en)).toEqual(titles);
  });

  it("keep e-mails, numbers and lines that belong to no address", async () => {
    const body = await taken(
      "Flowers for every day\nWrite to olga@cvety.example\nCall +44 20 7946 0142\nhttps://clay.example/shop\nSee you",
    );
    expect(ofType(body, "email").map(({ address }: any) => address)).toEqual(["olga@cvety.example"]);
    expect(ofType(body, "phone").map(({ number }: any) => number)).toEqual(["+442079460142"]);
    expect(ofType(body, "text").map(({ text }: any) => text.en)).toEqual([
      "Flowers for every day",
      "See you",
    ]);
    expect(ofType(body, "link")).toHaveLength(1);
  });

  it("in the encodings of old spreadsheets are read, and that is said", async () => {
    const cyrillic = [
      ...Buffer.from("Title;URL\n"),
      0xcc,
      0xe0,
      0xe3,
      0xe0,
      0xe7,
      0xe8,
      0xed,
      ...Buffer.from(";https://clay.example/shop"),
    ];
    const body = await taken(Buffer.from(cyrillic));
    expect([body.recoded, ofType(body, "link")[0].title.en]).toEqual([true, "Магазин"]);
    const wide = Buffer.from("\ufeffМагазин https://clay.example/shop", "utf16le");
    expect(ofType(await taken(wide), "link")[0].title.en).toBe("Магазин");
  });
});

describe("what is hostile", () => {
  it("never becomes a link, and no markup becomes a text", async () => {
    const hostile = [
      "javascript:alert(1)",
      "java\tscript:alert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x",
      "file:///etc/passwd",
      "https://user:pass@clay.example/",
      "//",
      "x".repeat(3000),
    ];
    const body = await taken(
      linkStack([
        ...hostile.map((link) => ({ title: "Bad", link, type: "link", button_id: 1 })),
        {
          title: '<img src=x onerror="alert(1)">Shop<script>alert(1)</script>',
          link: "https://clay.example/shop",
          type: "link",
        },
      ]),
    );
    expect(ofType(body, "link")).toMatchObject([{ url: "https://clay.example/shop", title: { en: "Shop" } }]);
    expect(states(body).filter((state) => state === "link left address")).toHaveLength(hostile.length);
    expect(JSON.stringify(body.content)).not.toMatch(/script|onerror|passwd/);
  });

  it("or too long for a card is left out by itself, and the rest comes over", async () => {
    const icon = (link: string) => ({ title: "icon", link, type: "link", button_id: 94 });
    const link = (url: string) => ({ title: "Link", link: url, type: "link", button_id: 1 });
    const body = await taken(
      linkStack([
        icon(`https://instagram.com/${"a".repeat(400)}`),
        link(`https://clay.example/${"ж".repeat(1500)}`),
        link(`mailto:${"a".repeat(230)}@clay.example`),
        link(`https://m.me/${"a".repeat(300)}`),
        link("https://clay.example/shop"),
      ]),
    );
    expect(states(body).filter((state) => state.endsWith("left length"))).toHaveLength(4);
    expect(ofType(body, "link")).toMatchObject([{ url: "https://clay.example/shop" }]);
  });

  const size = 128 * 1024;
  it.each([
    ["one word of letters", "a".repeat(size)],
    ["lines of one word each", `${"a".repeat(4000)}\n`.repeat(32)],
    ["lines of labels", `${"a.".repeat(2000)}\n`.repeat(32)],
    ["beginnings of scripts", "<script ".repeat(size / 8)],
    [
      "beginnings of scripts in a text",
      JSON.stringify({ links: [{ title: "<script ".repeat(size / 8), link: "" }] }),
    ],
    ["a line of dashes", `${"-".repeat(size)}x`],
    ["lines of dashes", `https://a.example ${"- ".repeat(2000)}x\n`.repeat(32)],
    ["beginnings of brackets", `${"[a](b".repeat(800)}\n`.repeat(32)],
    ["marks of a page", "__NEXT_DATA__".repeat(size / 13)],
    ["an endless address of dots", `mailto:a@${".".repeat(1900)}@\n`.repeat(64)],
    [
      "a table of empty rows",
      zip([{ name: "a.csv", bytes: Buffer.from(`url,title\n${"\n".repeat(19_000_000)}`) }]),
    ],
    [
      "a table of empty cells",
      zip([{ name: "a.csv", bytes: Buffer.from(`url,title\n${",".repeat(19_000_000)}`) }]),
    ],
  ])("%s is answered within seconds", async (_, bytes) => {
    const work = await workOf(async () => expect([200, 400]).toContain((await read(bytes)).status));
    expect(work).toBeLessThan(15_000);
  });

  it("cannot be more than a card holds", async () => {
    const links = Array.from({ length: 300 }, (_, n) => ({
      title: `T${n}`,
      link: `https://clay.example/${n}`,
      type: "link",
    }));
    const body = await taken(linkStack([...links, links[0]!]));
    expect(body.content.blocks.length).toBeLessThanOrEqual(100);
    expect(states(body).filter((state) => state === "link left many").length).toBeGreaterThan(200);
  });

  it("a picture that can run is left out", async () => {
    const image_data = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    ).toString("base64");
    const body = await taken(linkStack([], { image_data, image_extension: "svg" }));
    expect(ofType(body, "person")[0].photo).toBeUndefined();
    expect(states(body)).toContain("picture left picture");
  });

  it("a ZIP is read for what is in it", async () => {
    const body = await taken(
      zip([
        {
          name: "export/links.json",
          bytes: Buffer.from(linkStack([{ title: "Shop", link: "https://clay.example", type: "link" }])),
        },
        { name: "readme.exe", bytes: Buffer.from("MZ") },
      ]),
    );
    expect(ofType(body, "link")).toHaveLength(1);
  });

  it.each([
    ["says how large it is", undefined],
    ["says that it is small", 100],
  ])("a ZIP that unpacks to far more than an export and %s is refused", async (_, says) => {
    const bomb = {
      name: "links.json",
      bytes: Buffer.alloc(40 * 1024 * 1024, " "),
      ...(says ? { says } : {}),
    };
    const work = await workOf(async () => expect([400, 413]).toContain((await read(zip([bomb]))).status));
    expect(work).toBeLessThan(20_000);
    expect((await world.owner.get("/cards")).items.length).toBeGreaterThan(0);
  });

  it("a ZIP that names a place outside of it is refused", async () => {
    const bytes = Buffer.from(linkStack([]));
    expect((await read(zip([{ name: "../../etc/cron.d/links.json", bytes }]))).status).toBe(400);
  });

  it("a ZIP of very many files, and a ZIP in a ZIP, are refused", async () => {
    const many = zip(Array.from({ length: 1200 }, (_, n) => ({ name: `${n}.txt`, bytes: Buffer.from("x") })));
    expect((await read(many)).status).toBe(413);
    const inner = zip([{ name: "links.json", bytes: Buffer.from(linkStack([])) }]);
    expect((await read(zip([{ name: "inner.json", bytes: inner }]))).status).toBe(400);
  });

  it.each([
    ["nothing", ""],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1])],
    ["a broken ZIP", Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3])],
    ["broken JSON", '{"links": ['],
    ["JSON of something else", '{"links": "all"}'],
    ["deep JSON", "[".repeat(100_000)],
    ["a page without links", "<!doctype html><html><body>Hi</body></html>"],
    ["prose", "There is no link in this text"],
  ])("%s is said to be unreadable", async (_, bytes) => {
    const { status, body } = await read(bytes);
    expect([status, body.error.details.fields[0].code]).toEqual([400, "unreadable"]);
  });

  it("a huge file is refused while it comes", async () => {
    expect((await read(Buffer.alloc(9 * 1024 * 1024, "a"))).status).toBe(413);
  });

  it("is nobody's but an administrator's", async () => {
    const employee = await world.owner.invite("emil@clay.example");
    const { status } = await employee.ask("POST", "/cards/import", "https://clay.example");
    expect([403, 415]).toContain(status);
    employee.leave();
  });
});
