/** A page of another service as a card to be looked through: of what no card is made of nothing stays, its picture for a day. */
import type { StaffRecord } from "../../core/auth/index.ts";
import { AppError } from "../../core/errors.ts";
import type { Hub } from "../../core/hub.ts";
import { safeAddress } from "../blocks/address.ts";
import { holdPicture } from "../pictures.ts";
import type { CardImport, ImportRow } from "../schema.ts";
import { toCard } from "./blocks.ts";
import { parseExport, type Found } from "./parse.ts";
import { takeBytes, textsOf, unreadable } from "./unpack.ts";

interface Wanted {
  language: string;
  /** Where nothing else is found. */
  name: string;
}

const pageLimits = {
  accept: "text/html,application/json;q=0.9",
  maxBytes: 3 * 1024 * 1024,
  timeoutMs: 15_000,
};
const pageTypes = /^(?:text\/|application\/(?:json|xhtml\+xml))/i;
const pictureLimits = { accept: "image/*", types: /^image\//i, maxBytes: 8 * 1024 * 1024, timeoutMs: 10_000 };

/** `bytes`: an export, a saved page, a table or a list; or a ZIP with one of them, of which the fullest counts. */
export async function readImport(
  hub: Hub,
  staff: StaffRecord,
  bytes: AsyncIterable<Uint8Array>,
  wanted: Wanted,
): Promise<CardImport> {
  return importOf(hub, staff, await takeBytes(bytes), wanted);
}

/** The page as the service shows it to everybody, with its picture. Throws `page_unreachable` and `invalid_input`. */
export async function readPage(
  hub: Hub,
  staff: StaffRecord,
  typed: string,
  wanted: Wanted,
): Promise<CardImport> {
  const address = safeAddress(typed) ?? "";
  if (!/^https?:/i.test(address))
    throw new AppError("invalid_input", { fields: [{ path: "address", code: "address", message: "" }] });
  const page = await hub.outside.read(address, { ...pageLimits, types: pageTypes });
  return importOf(hub, staff, page.bytes, wanted, page.url);
}

/** `from`: the address of the page, where it is one that was opened. */
async function importOf(
  hub: Hub,
  staff: StaffRecord,
  bytes: Buffer,
  wanted: Wanted,
  from?: string,
): Promise<CardImport> {
  const texts = await textsOf(bytes);
  const all = texts.flatMap(({ text, recoded }) => {
    const found = parseExport(text, from);
    return found ? [{ found, recoded }] : [];
  });
  const [best] = all.sort((one, other) => other.found.items.length - one.found.items.length);
  if (!best || (best.found.items.length === 0 && !best.found.name)) throw unreadable();
  const { photo, row } = await photoOf(hub, staff, best.found, from);
  const { content, rows } = toCard(best.found, { ...wanted, photo });
  return {
    source: best.found.source,
    recoded: best.recoded,
    name: content.blocks[0]?.type === "person" ? (content.blocks[0].name[wanted.language] ?? "") : "",
    rows: [...rows, ...(row ? [row] : [])],
    content,
  };
}

/** Of a file only what it holds itself; of a page that was opened, its picture is opened as well. */
async function photoOf(
  hub: Hub,
  staff: StaffRecord,
  { picture }: Found,
  from: string | undefined,
): Promise<{ photo: string | undefined; row?: ImportRow }> {
  if (!picture) return { photo: undefined };
  const row = { what: "picture", title: "", url: "" } as const;
  const isElsewhere = /^https?:/i.test(picture);
  if (isElsewhere && from === undefined)
    return { photo: undefined, row: { ...row, state: "left", why: "elsewhere" } };
  try {
    const bytes = isElsewhere
      ? (await hub.outside.read(picture, pictureLimits)).bytes
      : Buffer.from(picture.replace(/^data:[\w/+.-]+;base64,/, ""), "base64");
    const file = await holdPicture(hub, staff, piecesOf(bytes));
    return { photo: file._id.toHexString(), row: { ...row, state: "taken", key: "person/photo" } };
  } catch (error) {
    const code = error instanceof AppError ? error.code : "";
    if (code === "page_unreachable")
      return { photo: undefined, row: { ...row, state: "left", why: "elsewhere" } };
    if (code === "bad_image" || code === "too_large")
      return { photo: undefined, row: { ...row, state: "left", why: "picture" } };
    throw error;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what pictures are taken from
async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
