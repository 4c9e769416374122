/** Files that the platform keeps: behind the token, or at a link that anybody may open. */
import { randomBytes } from "node:crypto";
import type { GraphFile } from "./request.ts";

export interface StoredFile extends GraphFile {
  id: string;
  /** Whether its link opens without the token. */
  open: boolean;
}

export class MediaShelf {
  private readonly files = new Map<string, StoredFile>();
  private next = 1_600_000_000_000_001n;

  /** Ids are digits, as the platform gives them. */
  add(file: GraphFile, { open = false } = {}): StoredFile {
    const id = String(this.next++);
    const stored = { ...file, id, open };
    this.files.set(id, stored);
    return stored;
  }

  get(id: string): StoredFile | undefined {
    return this.files.get(id);
  }

  /** As after seven days, or when it was taken back. */
  remove(id: string): void {
    this.files.delete(id);
  }

  /** Where its bytes are: `<origin>/media/<id>/<name>`. */
  linkOf({ id, name }: StoredFile, origin: string): string {
    return `${origin}/media/${id}/${encodeURIComponent(name)}?ext=${randomBytes(4).toString("hex")}`;
  }
}
