/** A visitor's file that comes piece by piece: what is there is kept, and the sender is told from where to go on. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { FileModel } from "../../core/stored-files.ts";
import { acrossWorkspaces } from "../../core/db.ts";
import { waitFor } from "../support/hub.ts";
import { newKey, site, Visitor } from "../support/visitor.ts";
import { startWorld, type World } from "../support/world.ts";

let world: World;
let widget: any;
let lena: Visitor;
let other: Visitor;
const bytes = randomBytes(250_000);
const pieces = [bytes.subarray(0, 100_000), bytes.subarray(100_000, 200_000), bytes.subarray(200_000)];

beforeAll(async () => {
  world = await startWorld();
  widget = await world.owner.post("/widgets", { name: "Clay & Co", domain: "clay.example" });
  lena = await Visitor.arrive(world.hub.url, { key: widget.key });
  other = await Visitor.arrive(world.hub.url, { key: widget.key });
});
afterAll(async () => {
  lena?.leave();
  other?.leave();
  await world?.stop();
});

const headers = (name: string, upload: string, by: Visitor): Record<string, string> => ({
  origin: site,
  "user-agent": "Mozilla/5.0 Chrome/140",
  authorization: `Bearer ${by.welcome.token}`,
  "content-type": "application/pdf",
  "x-file-name": name,
  "x-upload": upload,
});
const address = () => `${world.hub.url}/widget/files?key=${widget.key}`;
async function send(upload: string, piece: Uint8Array, { name = "plan.pdf", by = lena } = {}): Promise<any> {
  const body = new Uint8Array(piece);
  const response = await fetch(address(), { method: "POST", headers: headers(name, upload, by), body });
  const answer: any = await response.json();
  return response.ok ? answer : `${response.status} ${answer.error.code}`;
}
const newUpload = () => randomBytes(16).toString("hex");
const stored = (upload: string) => acrossWorkspaces(FileModel.find({ upload })).lean();

/** How many files are on the disk, halves too. */
async function onDisk(): Promise<number> {
  const found = await readdir(join(world.hub.dataDir, "files"), { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).length;
}

/** Sends the beginning of a piece, and cuts the line in its middle. */
function cutWithin(upload: string, piece: Uint8Array): Promise<void> {
  const call = request(address(), {
    method: "POST",
    headers: { ...headers("plan.pdf", upload, lena), "content-length": piece.byteLength },
  });
  return new Promise((resolve) => {
    call.on("error", () => resolve());
    call.write(piece.subarray(0, piece.byteLength / 2), () => call.destroy());
  });
}

it("goes on after a cut from what the hub has, and is whole at the end", async () => {
  const upload = newUpload();
  expect(await send(`${upload} 0/250000`, pieces[0]!)).toEqual({ received: 100_000 });
  await cutWithin(`${upload} 100000/250000`, pieces[1]!);
  expect(await send(`${upload} 200000/250000`, pieces[2]!)).toEqual({ received: 100_000 });
  expect(await send(`${upload} 0/250000`, pieces[0]!)).toEqual({ received: 100_000 });
  expect(await send(`${upload} 100000/250000`, pieces[1]!)).toEqual({ received: 200_000 });
  const whole = await send(`${upload} 200000/250000`, pieces[2]!);
  expect(whole).toMatchObject({ name: "plan.pdf", mime: "application/pdf", size: 250_000 });
  expect(await send(`${upload} 200000/250000`, pieces[2]!)).toEqual(whole);
  const thread = newKey();
  await lena.say(thread, "The plan", { files: [whole.id] });
  const shown = await lena.sees(thread, "The plan");
  const answer = await fetch(`${world.hub.url}${shown.files?.[0]?.url}`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

it("is one visitor's own, though another names it alike", async () => {
  const upload = newUpload();
  await send(`${upload} 0/250000`, pieces[0]!);
  expect(await send(`${upload} 100000/250000`, pieces[1]!, { by: other })).toEqual({ received: 0 });
});

it("refuses what is no piece, pieces too small or too long, files too large, and programs", async () => {
  const upload = newUpload();
  expect(await send("anything", pieces[0]!)).toBe("400 bad_request");
  expect(await send(`${upload} 0/250000`, bytes.subarray(0, 100))).toBe("400 bad_request");
  expect(await send(`${upload} 0/250000`, new Uint8Array())).toBe("400 bad_request");
  expect(await send(`${upload} 0/0`, new Uint8Array())).toBe("422 file_empty");
  expect(await send(`${upload} 0/99999`, pieces[0]!)).toBe("413 too_large");
  expect(await send(`${upload} 0/99999999999`, pieces[0]!)).toBe("413 too_large");
  expect(await send(`${upload} 0/250000`, pieces[0]!, { name: "setup.exe" })).toBe("422 file_type_refused");
  await waitFor(async () => (await stored(upload)).length === 0, "nothing to be kept");
});

it("leaves no pieces behind", async () => {
  const upload = newUpload();
  await send(`${upload} 0/200000`, pieces[0]!);
  await send(`${upload} 100000/200000`, pieces[1]!);
  const left = await stored(upload);
  expect(left.map(({ at, size }) => [at, size])).toEqual([[undefined, 200_000]]);
});

it("is made of its pieces later where that failed after the last of them was there", async () => {
  const upload = newUpload();
  await send(`${upload} 0/200000`, pieces[0]!);
  const before = await onDisk();
  const create = vi.spyOn(FileModel, "create");
  create.mockImplementation(((made: any) =>
    made.at === undefined
      ? Promise.reject(new Error("the store is away"))
      : new FileModel(made).save()) as any);
  expect(await send(`${upload} 100000/200000`, pieces[1]!)).toBe("500 internal");
  create.mockRestore();
  expect(await onDisk()).toBe(before + 1);
  const whole = await send(`${upload} 200000/200000`, new Uint8Array());
  expect(whole).toMatchObject({ name: "plan.pdf", size: 200_000 });
  expect(await send(`${upload} 100000/200000`, pieces[1]!)).toEqual(whole);
  expect((await stored(upload)).map(({ at, size }) => [at, size])).toEqual([[undefined, 200_000]]);
  expect(await onDisk()).toBe(before);
});

it("is one file though each of its pieces comes several times at once", async () => {
  const upload = newUpload();
  const before = await onDisk();
  const times = (at: number, piece: Uint8Array) =>
    Promise.all(Array.from({ length: 6 }, () => send(`${upload} ${at}/200000`, piece)));
  expect(new Set((await times(0, pieces[0]!)).map((one) => one.received))).toEqual(new Set([100_000]));
  expect(await stored(upload)).toHaveLength(1);
  expect(await onDisk()).toBe(before + 1);
  const ids = (await times(100_000, pieces[1]!)).map((one) => one.id);
  expect(new Set(ids).size).toBe(1);
  expect((await stored(upload)).map((one) => one._id.toHexString())).toEqual([ids[0]]);
  expect(await onDisk()).toBe(before + 1);
});

it("takes no piece larger than the panel cuts them", async () => {
  const upload = newUpload();
  const large = new Uint8Array(524_288);
  expect(await send(`${upload} 0/2000000`, new Uint8Array(524_289))).toBe("413 too_large");
  expect(await send(`${upload} 0/2000000`, large)).toEqual({ received: 524_288 });
});

it("counts pieces by their visitor and by the address they come from", async () => {
  const taken = vi.spyOn(RateLimiterMemory.prototype, "consume");
  await send(`${newUpload()} 65536/250000`, new Uint8Array());
  const keys = taken.mock.calls.map(([key]) => String(key));
  taken.mockRestore();
  expect(keys).toEqual([expect.stringMatching(/^[\da-f]{24}$/), expect.stringMatching(/127\.0\.0\.1$/)]);
});
