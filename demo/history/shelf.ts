/** The hub's files of the history: each is uploaded once per channel, and then belongs to it. */
import { ObjectId, type Db } from "mongodb";
import type { Supply } from "../supplies.ts";
import type { Visitor } from "../visitor.ts";

export interface StoredFile {
  id: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
}

export class Shelf {
  readonly #owner: Visitor;
  readonly #files = new Map<string, Promise<StoredFile>>();
  readonly #places: { fileId: ObjectId; channelId: ObjectId | undefined }[] = [];

  constructor(owner: Visitor) {
    this.#owner = owner;
  }

  /** A file of the channel, or of the whole workspace where no channel is named. */
  get(
    supply: Pick<Supply, "key" | "mime" | "fileName" | "bytes">,
    channelId?: ObjectId,
  ): Promise<StoredFile> {
    const key = `${channelId?.toHexString() ?? "all"} ${supply.key}`;
    const known = this.#files.get(key) ?? this.#upload(supply, channelId);
    this.#files.set(key, known);
    return known;
  }

  /** Hands the files over from who uploaded them. */
  async handOver(database: Db): Promise<void> {
    for (const { fileId, channelId } of this.#places)
      await database.collection("files").updateOne(
        { _id: fileId },
        {
          $set: channelId ? { access: "channel", channelId } : { access: "workspace" },
          $unset: { uploaderId: 1 },
        },
      );
  }

  async #upload(
    { key, mime, fileName, bytes }: Pick<Supply, "key" | "mime" | "fileName" | "bytes">,
    channelId: ObjectId | undefined,
  ): Promise<StoredFile> {
    const file = await this.#owner.send<StoredFile>("POST", "/files", await bytes(), mime, fileName ?? key);
    this.#places.push({ fileId: new ObjectId(file.id), channelId });
    return file;
  }
}
