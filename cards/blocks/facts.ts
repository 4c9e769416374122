import type { Week } from "./hours.ts";

/** What a page shows beyond what the card says itself: whose it is, and what the hub knows. */
export interface Facts {
  /** Before every own address of the page: `/c/clay`, or nothing on a domain of its own. */
  root: string;
  now: Date;
  /** Opening hours of the workspace, for blocks without own ones. */
  week?: Week | undefined;
  /** Whether somebody is there now: until when, or when somebody will be. Undefined where no hours are set. */
  open?: Open | undefined;
  /** The links of connected accounts, by the channel's id. */
  accounts: ReadonlyMap<string, string>;
  /** By the file's id. */
  files: ReadonlyMap<string, { name: string; size: number }>;
  /** IANA name of the zone of the business; UTC where it is not known. */
  timeZone?: string | undefined;
  /** False when the inbox takes no forms of this card any more. */
  takesForms?: boolean | undefined;
  /** What customers have said and the owner has approved; undefined without any. */
  reviews?: Reviews | undefined;
  /** The line below the card. */
  runsOn?: boolean | undefined;
}

export interface Reviews {
  count: number;
  /** One digit behind the point. */
  average: number;
  items: { stars: number; text: string; name: string; day: string }[];
}

export type Open =
  { open: true; until?: string | undefined } | { open: false; day: number; time: string; today: boolean };
