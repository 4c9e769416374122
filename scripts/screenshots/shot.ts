import type { Page } from "playwright-core";
import type { Visitor } from "../../demo/visitor.ts";
import type { Places } from "./places.ts";

/** One screen that is pictured, and how to get it there. */
export interface Shot {
  name: string;
  /** Who looks; nobody is signed in otherwise. */
  who?: (places: Places) => Visitor;
  address: (places: Places) => string | Promise<string>;
  /** Brings the screen into the state that is pictured; what it gives is done afterwards. */
  act?: (page: Page, places: Places) => Promise<(() => Promise<void>) | void>;
  /** Keyboard and pointer states that a phone does not have. */
  desktopOnly?: true;
  /** What only a finger does. */
  phoneOnly?: true;
  /** The page of a visitor, which has looks of its own: pictured once in each language. */
  ownLooks?: true;
}

export const nina = ({ demo }: Places): Visitor => demo.people.nina;
export const fresh = ({ fresh: owner }: Places): Visitor => owner;

export const inDemo =
  (path: string) =>
  ({ demo }: Places): string =>
    `${demo.url}${path}`;
