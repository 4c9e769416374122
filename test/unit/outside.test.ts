/** Pages of other people's sites: nothing of this machine is opened, and nothing that a site does holds it up. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { reachInternet } from "../../core/outside.ts";
import { openAbroad, type Abroad } from "../support/abroad.ts";
import { startDns, type TestDns } from "../support/dns.ts";

const asked = { accept: "text/html", types: /^text\//, maxBytes: 100_000, timeoutMs: 20_000 };
let abroad: Abroad;
/** Something that listens on this machine, and how often it was knocked at. */
let own: { port: number; knocks: number; stop(): void };

beforeAll(async () => {
  abroad = await openAbroad(["clay.example", "www.clay.example"], ["mask.example"]);
  const server = createServer((socket) => {
    own.knocks += 1;
    socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\nsecret");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  own = { port: (server.address() as AddressInfo).port, knocks: 0, stop: () => void server.close() };
});
afterAll(async () => {
  await abroad?.stop();
  own?.stop();
});
beforeEach(() => {
  own.knocks = 0;
  abroad.lookups.length = abroad.asked.length = 0;
});

const site = (answer: (response: ServerResponse, path: string) => void): void =>
  abroad.set("clay.example", ({ url }, response) => answer(response, url ?? ""));
const page = (response: ServerResponse, bytes: string | Buffer, headers: object = {}): void =>
  void response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(bytes);
/** What was read, or why nothing was. */
async function read(address: string, more: Partial<typeof asked> = {}): Promise<string> {
  try {
    return (await abroad.outside.read(address, { ...asked, ...more })).bytes.toString();
  } catch (error) {
    const { reason, status } = (error as { details: { reason: string; status?: number } }).details;
    return [reason, status].filter((part) => part !== undefined).join(" ");
  }
}

describe("a page", () => {
  it("is read over both schemes, packed or not, without a word of who asks", async () => {
    for (const [encoding, bytes] of [
      ["identity", Buffer.from("hello")],
      ["gzip", gzipSync("hello")],
      ["br", brotliCompressSync("hello")],
    ] as const) {
      site((response) => page(response, bytes, { "content-encoding": encoding, "set-cookie": "a=b" }));
      expect(await read("https://clay.example/shop?a=b#there")).toBe("hello");
      expect(await read("http://clay.example/shop")).toBe("hello");
    }
    const [first] = abroad.asked;
    expect([first?.method, first?.url]).toEqual(["GET", "/shop?a=b"]);
    for (const { headers } of abroad.asked)
      expect(Object.keys(headers).toSorted()).toEqual(
        ["accept", "accept-encoding", "connection", "host", "user-agent"].toSorted(),
      );
  });

  it("is followed to where it has gone, and each step is looked up once", async () => {
    abroad.set("www.clay.example", (_, response) => page(response, "here"));
    site((response) => response.writeHead(301, { location: "https://www.clay.example/" }).end());
    const { url, bytes } = await abroad.outside.read("http://clay.example", asked);
    expect([url, bytes.toString()]).toEqual(["https://www.clay.example/", "here"]);
    expect(abroad.lookups).toEqual(["clay.example:80", "www.clay.example:443"]);
  });

  it("that wears the certificate of another is not read", async () => {
    abroad.set("mask.example", (_, response) => page(response, "mask"));
    expect(await read("https://mask.example/")).toBe("silent");
  });

  it("that is none, or of another kind, is not read", async () => {
    site((response, path) =>
      path === "/gone" ? response.writeHead(410).end() : page(response, "x", { "content-type": "video/mp4" }),
    );
    expect(await read("https://clay.example/gone")).toBe("status 410");
    expect(await read("https://clay.example/film")).toBe("kind");
  });
});

const ownAddresses = (): string[] => [
  `http://127.0.0.1:${own.port}/`,
  "http://127.0.0.1/",
  "https://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://0.0.0.0/",
  "http://localhost/",
  "http://localhost./",
  "http://169.254.169.254/latest/meta-data/",
  "http://10.0.0.1/",
  "http://192.168.1.1/",
  "http://100.64.0.1/",
  `http://[::1]:${own.port}/`,
  "http://[::1]/",
  "http://[::]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:a9fe:a9fe]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[fe80::1]/",
  "http://[fc00::1]/",
  "http://8.8.8.8:22/",
  "https://8.8.8.8:3306/",
  "https://user:pass@clay.example/",
  "file:///etc/passwd",
  "ftp://clay.example/",
  "gopher://127.0.0.1/",
  "data:text/html,hello",
  "javascript:alert(1)",
  "//",
];

describe("what is of this machine or its network", () => {
  it("is not opened, whoever names it, and is told from nothing else", async () => {
    for (const address of ownAddresses())
      expect([address, await read(address)]).toEqual([address, "nowhere"]);
    expect(own.knocks).toBe(0);
  });

  it("is not opened either when a site sends there", async () => {
    for (const location of ownAddresses().filter((address) => address !== "//")) {
      site((response) => response.writeHead(302, { location }).end());
      expect([location, await read("https://clay.example/")]).toEqual([location, "nowhere"]);
    }
    expect(own.knocks).toBe(0);
  });

  it("is not opened by a name that leads there, if only by one of its addresses", async () => {
    const dns: TestDns = await startDns();
    dns.set("inner.example", "A", "127.0.0.1");
    dns.set("both.example", "A", "8.8.8.8", "10.0.0.1");
    dns.set("six.example", "A", "8.8.8.8");
    dns.set("six.example", "AAAA", "::1");
    dns.set("fine.example", "A", "8.8.8.8");
    const reach = reachInternet(dns.address);
    for (const name of ["inner.example", "both.example", "six.example", "none.example"])
      expect(await reach(name, 443)).toEqual([]);
    expect(await reach("fine.example", 443)).toEqual([{ address: "8.8.8.8", port: 443 }]);
    expect(await reach("fine.example", 25)).toEqual([]);
    dns.set("many.example", "A", "8.8.8.8", "8.8.4.4");
    dns.set("many.example", "AAAA", "2606:4700:4700::1111");
    const found = (await reach("many.example", 443)).map(({ address }) => address);
    expect(found.map((address) => address.includes(":"))).toEqual([false, true, false]);
    await dns.stop();
    await expect(reach("fine.example", 443)).rejects.toMatchObject({ details: { reason: "unknown" } });
  });
});

describe("a hostile site", () => {
  const bomb = gzipSync(Buffer.alloc(30_000_000));
  it.each<[string, string, (response: ServerResponse) => void]>([
    ["that sends on in circles", "around", (r) => r.writeHead(302, { location: "/" }).end()],
    [
      "that says how much too much it has",
      "large",
      (r) => r.writeHead(200, { "content-type": "text/html", "content-length": 5_000_000 }).end(),
    ],
    ["that unpacks to far more", "large", (r) => page(r, bomb, { "content-encoding": "gzip" })],
    [
      "that unpacks to far more by another way",
      "large",
      (r) => page(r, brotliCompressSync(Buffer.alloc(3_000_000)), { "content-encoding": "br" }),
    ],
    [
      "that is packed twice",
      "kind",
      (r) => page(r, gzipSync(gzipSync("x")), { "content-encoding": "gzip, gzip" }),
    ],
    ["that is packed by a way unknown", "kind", (r) => page(r, "x", { "content-encoding": "zstd" })],
    ["that says it is packed", "silent", (r) => page(r, "plain", { "content-encoding": "gzip" })],
    [
      "that ends in the middle of a pack",
      "silent",
      (r) => page(r, gzipSync("x".repeat(50_000)).subarray(0, 40), { "content-encoding": "gzip" }),
    ],
    ["that sends on to nothing", "nowhere", (r) => r.writeHead(302, { location: "http://[" }).end()],
    [
      "with heads without end",
      "silent",
      (r) => r.socket?.end(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(20_000)}\r\n`),
    ],
    ["that speaks another tongue", "silent", (r) => r.socket?.end("* OK IMAP\r\n")],
    ["that hangs up", "silent", (r) => r.socket?.destroy()],
  ])("%s is left: %s", async (_, expected, answer) => {
    site(answer);
    expect(await read("http://clay.example/")).toBe(expected);
  });

  it("that never ends is left at the limit", async () => {
    for (const encoding of ["identity", "gzip"]) {
      let closed = false;
      site((response) => {
        response.writeHead(200, { "content-type": "text/html", "content-encoding": encoding });
        // of a pack, a name of the file that never ends: nothing comes out of it
        response.write(encoding === "gzip" ? Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]) : "x");
        const more = (): void => void (closed || (response.write("x".repeat(8192)), setImmediate(more)));
        response.on("close", () => (closed = true));
        more();
      });
      expect(await read("http://clay.example/")).toBe("large");
    }
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["says nothing", () => undefined],
    ["says that it will", (r) => r.writeProcessing()],
    ["begins and says no more", (r) => void r.writeHead(200, { "content-type": "text/html" }).write("x")],
  ])("that %s is left after its time", async (_, answer) => {
    site(answer);
    const began = Date.now();
    expect(await read("http://clay.example/", { timeoutMs: 400 })).toBe("slow");
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});
