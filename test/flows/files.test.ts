/** Uploads and downloads: what a sender calls a file or claims of it changes nothing. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDiskFiles, type FileStore } from "../../core/files.ts";
import { FileModel } from "../../core/stored-files.ts";
import { removeUnusedUploads } from "../../inbox/sweep.ts";
import { picture } from "../support/pictures.ts";
import { firstConversation, messageWhere, startWorld, type World } from "../support/world.ts";

let world: World;
let folder: string;
let full = false;
const code = (answer: any): string => `${answer.status} ${answer.body?.error?.code}`;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), "files-"));
  folder = dir;
  const disk = createDiskFiles(dir);
  const put: FileStore["put"] = (bytes, maxBytes) =>
    full
      ? Promise.reject(Object.assign(new Error("no space left on device, write"), { code: "ENOSPC" }))
      : disk.put(bytes, maxBytes);
  world = await startWorld({ MAX_UPLOAD_MB: "1" }, { files: { ...disk, put } });
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

const download = (id: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${world.hub.url}/api/v1/files/${id}`, { headers: { cookie: world.owner.cookie, ...headers } });

describe("uploads", () => {
  it.each([
    ["../../../etc/passwd", "passwd"],
    ["..\\..\\windows\\system.ini", "system.ini"],
    ["/absolute/name.txt", "name.txt"],
    ["..", "file"],
    ["a\u0000b\u202Etxt.exe", "abtxt.exe"],
    ["Смета №5.txt", "Смета №5.txt"],
    [`${"x".repeat(400)}.txt`, "x".repeat(200)],
  ])("takes %j as %j and keeps it in its own folder", async (name, kept) => {
    const { status, body } = await world.owner.upload(name, "text/plain", Buffer.from("hello"));
    expect({ status, name: body.name }).toEqual({ status: 201, name: kept });
    const [first] = await readdir(folder);
    expect(first).toMatch(/^[0-9a-f]{2}$/);
  });

  it.each([
    ["page.html", "text/html", "<script>alert(1)</script>"],
    ["drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
    ["photo.png", "image/png", "<svg onload='alert(1)'/>"],
    ["data.xml", "application/xml", "<a/>"],
    ["paper.pdf", "application/pdf", "%PDF-1.4 nothing"],
  ])("serves %s as an attachment that cannot run", async (name, mime, text) => {
    const { body } = await world.owner.upload(name, mime, Buffer.from(text));
    expect(body.inline).toBe(false);
    const { headers } = await download(body.id);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  });

  it("shows a picture in the page, and whatever it is called only as what it is", async () => {
    const { body } = await world.owner.upload("page.html", "text/html", await picture());
    expect(body).toMatchObject({ mime: "image/png", inline: true, width: 320, height: 200 });
    expect((await download(body.id)).headers.get("content-type")).toBe("image/png");
  });

  it("refuses what is empty, and what is too large, said or not, and keeps no half", async () => {
    const large = Buffer.alloc(1024 * 1024 + 1);
    expect(code(await world.owner.upload("empty.txt", "text/plain", Buffer.alloc(0)))).toBe("422 file_empty");
    expect(code(await world.owner.upload("large.bin", "application/octet-stream", large))).toBe(
      "413 too_large",
    );
    const chunked = await fetch(`${world.hub.url}/api/v1/files`, {
      method: "POST",
      headers: {
        cookie: world.owner.cookie,
        "x-csrf-token": world.owner.csrfToken,
        "x-file-name": "large.bin",
      },
      body: new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(300_000));
          if ((sent += 300_000) > 1_500_000) controller.close();
        },
      }),
      duplex: "half",
    } as RequestInit);
    expect(chunked.status).toBe(413);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".part"));
    expect(names).toEqual([]);
  });
  let sent = 0;

  it("says that the disk is full, changes nothing, and goes on when there is room", async () => {
    full = true;
    expect(code(await world.owner.upload("a.txt", "text/plain", Buffer.from("a")))).toBe("507 storage_full");
    expect((await world.owner.ask("GET", "/session")).status).toBe(200);
    full = false;
    expect((await world.owner.upload("a.txt", "text/plain", Buffer.from("a"))).status).toBe(201);
  });

  it("gives a range of a video, and refuses one beyond its end", async () => {
    const { body } = await world.owner.upload(
      "clip.bin",
      "application/octet-stream",
      Buffer.from("0123456789"),
    );
    const part = await download(body.id, { range: "bytes=2-5" });
    expect({
      status: part.status,
      range: part.headers.get("content-range"),
      text: await part.text(),
    }).toEqual({ status: 206, range: "bytes 2-5/10", text: "2345" });
    expect(await (await download(body.id, { range: "bytes=-3" })).text()).toBe("789");
    expect((await download(body.id, { range: "bytes=20-" })).status).toBe(416);
  });
});

describe("files of messages", () => {
  it("belong to the uploader until they are sent, then to the channel", async () => {
    const maria = await world.simulator.addCustomer({ name: "Maria" });
    maria.say("A photo, please", { bot: world.bot });
    const conversation = await firstConversation(world.owner);
    const colleague = await world.owner.invite("colleague@clay.example");
    const { body } = await world.owner.upload("mug.png", "image/png", await picture());
    expect(code(await colleague.ask("GET", `/files/${body.id}`))).toBe("404 not_found");
    const attachments = [{ kind: "image", media: { state: "stored", fileId: body.id } }];
    expect(
      code(
        await colleague.ask("POST", `/conversations/${conversation.id}/messages`, {
          clientId: randomUUID(),
          type: "outgoing",
          content: { attachments },
        }),
      ),
    ).toBe("404 not_found");
    const reply = await world.owner.reply(conversation.id, "", { content: { text: "Here", attachments } });
    await messageWhere(
      world.owner,
      conversation.id,
      (message) => message.id === reply.id && message.delivery.state === "sent",
    );
    expect((await colleague.ask("GET", `/files/${body.id}`)).status).toBe(200);
    const received = maria.chat(world.bot).messages.at(-1);
    expect(received?.message.photo).toBeDefined();
    expect(received?.message.caption).toBe("Here");
  });

  it("are refused before sending when the channel does not take them", async () => {
    const conversation = await firstConversation(world.owner);
    const tooLong = await world.owner.ask("POST", `/conversations/${conversation.id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content: { text: "x".repeat(4097) },
    });
    expect(tooLong.body.error).toMatchObject({ code: "text_too_long", details: { max: 4096, length: 4097 } });
  });

  it("are fetched again when the disk was full meanwhile", async () => {
    const conversation = await firstConversation(world.owner);
    const [maria] = world.simulator.customers;
    full = true;
    await maria?.sendPhoto(await picture(64, 64), { bot: world.bot, caption: "while the disk was full" });
    const message = await messageWhere(
      world.owner,
      conversation.id,
      (one) => one.content.text === "while the disk was full",
    );
    expect(message.content.attachments[0].media.state).toBe("pending");
    full = false;
    await messageWhere(
      world.owner,
      conversation.id,
      (one) => one.id === message.id && one.content.attachments[0].media.state === "stored",
    );
  });

  it("are removed where nobody has sent them for a week, but for those of a draft", async () => {
    const maria = await world.simulator.addCustomer({ name: "Olga" });
    maria.say("Later, then", { bot: world.bot });
    const { id } = await firstConversation(world.owner);
    const upload = async () => (await world.owner.upload("mug.png", "image/png", await picture())).body.id;
    const [kept, left] = [await upload(), await upload()];
    const attachments = [{ kind: "image", media: { state: "stored", fileId: kept } }];
    const draft = { content: { text: "Here", attachments } };
    await world.owner.put(`/conversations/${id}/drafts/reply`, draft);
    const ago = { createdAt: new Date(Date.now() - 8 * 86_400_000) };
    await FileModel.updateMany({ workspaceId: { $exists: true }, access: "uploader" }, { $set: ago });
    await removeUnusedUploads({ hub: { files: createDiskFiles(folder) } } as never);
    expect((await download(left)).status).toBe(404);
    expect((await download(kept)).status).toBe(200);
    await world.owner.put(`/conversations/${id}/drafts/reply`, draft);
  });
});
