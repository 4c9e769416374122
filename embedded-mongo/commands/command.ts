import type { Store } from "../store.ts";
import type { Reply } from "./reply.ts";
import type { Request } from "./request.ts";

export interface Command {
  /** The fields it honours; any other is refused unless it is harmless. */
  accepts: ReadonlySet<string>;
  /** Runs inside a transaction and is answered after the fsync. */
  writes: boolean | ((request: Request) => boolean);
  run: (store: Store, request: Request) => Reply;
}

export function reading(accepts: readonly string[], run: Command["run"]): Command {
  return { accepts: new Set(accepts), writes: false, run };
}

export function writing(accepts: readonly string[], run: Command["run"]): Command {
  return { accepts: new Set(accepts), writes: true, run };
}
