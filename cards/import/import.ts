/** A page of another service as a card to be looked through: nothing of it is kept before somebody makes the card. */
import type { StaffRecord } from "../../core/auth/index.ts";
import { AppError } from "../../core/errors.ts";
import type { Hub } from "../../core/hub.ts";
import { takePicture } from "../pictures.ts";
import type { CardImport, ImportRow } from "../schema.ts";
import { toCard } from "./blocks.ts";
import { parseExport, type Found } from "./parse.ts";
import { takeBytes, textsOf, unreadable } from "./unpack.ts";

/** `bytes`: an export, a saved page, a table or a list; or a ZIP with one of them, of which the fullest counts. */
export async function readImport(
  hub: Hub,
  staff: StaffRecord,
  bytes: AsyncIterable<Uint8Array>,
  asked: { language: string; name: string },
): Promise<CardImport> {
  const texts = await textsOf(await takeBytes(bytes));
  const all = texts.flatMap(({ text, recoded }) => {
    const found = parseExport(text);
    return found ? [{ found, recoded }] : [];
  });
  const [best] = all.sort((one, other) => other.found.items.length - one.found.items.length);
  if (!best || (best.found.items.length === 0 && !best.found.name)) throw unreadable();
  const { photo, row } = await photoOf(hub, staff, best.found);
  const { content, rows } = toCard(best.found, { ...asked, photo });
  return {
    source: best.found.source,
    recoded: best.recoded,
    name: content.blocks[0]?.type === "person" ? (content.blocks[0].name[asked.language] ?? "") : "",
    rows: [...rows, ...(row ? [row] : [])],
    content,
  };
}

/** Only what the file itself holds: nothing is fetched from elsewhere. */
async function photoOf(
  hub: Hub,
  staff: StaffRecord,
  { picture }: Found,
): Promise<{ photo: string | undefined; row?: ImportRow }> {
  if (!picture) return { photo: undefined };
  const row = { what: "picture", title: "", url: "" } as const;
  if (/^https?:/i.test(picture))
    return { photo: undefined, row: { ...row, state: "left", why: "elsewhere" } };
  try {
    const base64 = picture.replace(/^data:[\w/+.-]+;base64,/, "");
    const file = await takePicture(hub, staff, piecesOf(Buffer.from(base64, "base64")));
    return { photo: file._id.toHexString(), row: { ...row, state: "taken", key: "person/photo" } };
  } catch (error) {
    if (error instanceof AppError && ["bad_image", "too_large"].includes(error.code))
      return { photo: undefined, row: { ...row, state: "left", why: "picture" } };
    throw error;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable is what pictures are taken from
async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
