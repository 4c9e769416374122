import type { Hub } from "../core/hub.ts";
import type { Limit } from "../core/limits.ts";
import type { Inbox } from "../inbox/index.ts";
import type { Domains } from "./domains/domains.ts";
import type { Pages } from "./pages.ts";
import type { PictureShelf } from "./pictures.ts";
import type { SharePictures } from "./share/share-picture.ts";
import type { Visits } from "./statistics/visits.ts";

/** What the feature's files share. */
export interface Desk {
  hub: Hub;
  inbox: Inbox;
  pages: Pages;
  domains: Domains;
  pictures: PictureShelf;
  sharePictures: SharePictures;
  /** Tokens made for taps, by the address that asks. */
  taps: Limit;
  /** Forms that are sent, by the address that sends. */
  forms: Limit;
  visits: Visits;
}
