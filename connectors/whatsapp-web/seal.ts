/**
 * The browser's profile is the account: whoever has it can read and write. While the account is closed it lies as one
 * encrypted file; the key is kept sealed by the hub, outside the folder.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { ConnectorHost } from "../contract.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);
/** Caches can be fetched again and are most of a profile. */
const left =
  /(^|\/)(\w*Cache|\w* Cache|CacheStorage|Crashpad|BrowserMetrics|component_crx_cache|Singleton\w+|lockfile)(\/|$)/;

export class Seal {
  private readonly host: Pick<ConnectorHost, "kept" | "folder">;

  constructor(host: Pick<ConnectorHost, "kept" | "folder">) {
    this.host = host;
  }

  /** The profile's folder, with what was sealed in it. One that a crash left open is newer and stays as it is. */
  async open(): Promise<string> {
    const { profile, file } = await this.paths();
    if (!existsSync(profile) && existsSync(file)) await this.read(file, profile);
    await mkdir(profile, { recursive: true, mode: 0o700 });
    return profile;
  }

  /** Seals the profile and removes it; the browser has to be closed. */
  async close(): Promise<void> {
    const { profile, file } = await this.paths();
    if (!existsSync(profile)) return;
    const files = (await filesOf(profile)).filter((path) => !left.test(relative(profile, path)));
    const parts: Buffer[] = [];
    for (const path of files) parts.push(...entry(relative(profile, path), await readFile(path)));
    const key = await this.key();
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(await pack(Buffer.concat(parts))), cipher.final()]);
    await writeFile(`${file}.new`, Buffer.concat([nonce, cipher.getAuthTag(), sealed]), { mode: 0o600 });
    await rename(`${file}.new`, file);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** After the phone signed the account out nothing of it is worth keeping. */
  async forget(): Promise<void> {
    const { profile, file } = await this.paths();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    await rm(file, { force: true });
    await this.host.kept.write("profile key", null);
  }

  private async read(file: string, profile: string): Promise<void> {
    const sealed = await readFile(file);
    const decipher = createDecipheriv("aes-256-gcm", await this.key(), sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    const plain = await unpack(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
    for (let at = 0; at < plain.byteLength;) {
      const nameEnd = at + 8 + plain.readUInt32BE(at);
      const end = nameEnd + plain.readUInt32BE(at + 4);
      const path = join(profile, plain.toString("utf8", at + 8, nameEnd));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, plain.subarray(nameEnd, end), { mode: 0o600 });
      at = end;
    }
  }

  private async paths(): Promise<{ profile: string; file: string }> {
    const folder = await this.host.folder();
    return { profile: join(folder, "profile"), file: join(folder, "profile.sealed") };
  }

  private async key(): Promise<Buffer> {
    const known = await this.host.kept.read("profile key");
    if (known !== undefined) return Buffer.from(known, "base64");
    const key = randomBytes(32);
    await this.host.kept.write("profile key", key.toString("base64"));
    return key;
  }
}

function entry(name: string, bytes: Buffer): Buffer[] {
  const head = Buffer.alloc(8);
  const path = Buffer.from(name);
  head.writeUInt32BE(path.byteLength, 0);
  head.writeUInt32BE(bytes.byteLength, 4);
  return [head, path, bytes];
}

async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const one of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, one.name);
    if (one.isDirectory()) found.push(...(await filesOf(path)));
    else if (one.isFile()) found.push(path);
  }
  return found;
}
