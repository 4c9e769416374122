/** The texts of an uploaded file: of a ZIP those inside of it, in whatever encoding they were saved. */
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { AppError } from "../../core/errors.ts";

const maxBytes = 8 * 1024 * 1024;
/** Of a ZIP, all of it unpacked: an export holds texts. */
const maxUnpacked = 20 * 1024 * 1024;
const maxEntries = 1000;

export interface Text {
  name: string;
  text: string;
  /** It was not in UTF-8. */
  recoded: boolean;
}

export async function takeBytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new AppError("too_large", { most: maxBytes });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Throws `too_large` for a ZIP that unpacks to more than an export can be, `invalid_input` for one that cannot be read. */
export async function textsOf(bytes: Buffer): Promise<Text[]> {
  if (!isZip(bytes)) return [{ name: "", ...decode(bytes) }];
  return unzip(bytes);
}

const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]));

async function unzip(bytes: Buffer): Promise<Text[]> {
  const zip = await openZip(bytes);
  const texts: Text[] = [];
  let left = maxUnpacked;
  let seen = 0;
  try {
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
      if (++seen > maxEntries) throw new AppError("too_large", { most: maxEntries });
      if (!/\.(json|csv|txt|html?|tsv)$/i.test(entry.fileName)) continue;
      const inner = await readEntry(zip, entry, left);
      left -= inner.byteLength;
      if (!isZip(inner)) texts.push({ name: entry.fileName.slice(0, 200), ...decode(inner) });
    }
    return texts;
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error);
  } finally {
    zip.close();
  }
}

export const unreadable = (cause?: unknown): AppError =>
  new AppError("invalid_input", { fields: [{ path: "body", code: "unreadable", message: "" }] }, cause);

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, zip) =>
      error ? reject(unreadable(error)) : resolve(zip),
    ),
  );
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      zip.off("entry", onEntry).off("end", onEnd).off("error", onError);
      done();
    };
    const onEntry = (entry: Entry): void => settle(() => resolve(entry));
    const onEnd = (): void => settle(() => resolve(undefined));
    const onError = (error: Error): void => settle(() => reject(error));
    zip.on("entry", onEntry).on("end", onEnd).on("error", onError);
    zip.readEntry();
  });
}

/** Counts what really comes out: what an entry says of its size is the packer's word. */
async function readEntry(zip: ZipFile, entry: Entry, left: number): Promise<Buffer> {
  if (entry.uncompressedSize > left) throw new AppError("too_large", { most: maxUnpacked });
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const piece = Buffer.from(chunk as Uint8Array);
    size += piece.byteLength;
    if (size > left) throw new AppError("too_large", { most: maxUnpacked });
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

/** By its mark, else UTF-8, else the Windows encoding of Cyrillic, which spreadsheets still write. */
function decode(bytes: Buffer): Omit<Text, "name"> {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder("utf-16le").decode(bytes), recoded: true };
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder("utf-16be").decode(bytes), recoded: true };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), recoded: false };
  } catch {
    if (bytes.includes(0)) throw unreadable(); // bytes of something else
    return { text: new TextDecoder("windows-1251").decode(bytes), recoded: true };
  }
}
