// What a feature hands to the application shell: its web/index.ts exports one FeatureModule by default.
import type { Component, MaybeRefOrGetter, Ref } from "vue";
import type { RouteLocationRaw, RouteRecordRaw } from "vue-router";
import type { Locale, MessageLoader } from "./i18n.ts";

export interface FeatureModule {
  /** Folder's name; the feature's texts live under it (`inbox.list.empty`). */
  name: string;
  /** `meta.frame: "bare"` shows a screen without the side bar; `meta.open` needs no session. */
  routes: RouteRecordRaw[];
  settingsPages: SettingsPage[];
  /** What the command palette lists of it, loaded when the palette is first opened. */
  palette?: () => Promise<{ default: PaletteSource }>;
  sideBarItems: SideBarItem[];
  /** The button beside the company's name, for what is made most often. */
  create?: { icon: Component; title: string; keys: string; run: () => void };
  contactPanelSections: ContactPanelSection[];
  /** Its steps of a new workspace's set-up, loaded while the home screen shows that. */
  setUp?: () => Promise<{ default: () => SetUpPart }>;
  /** Texts of the first screens, loaded at the start; those of later ones come with them (`withTexts`). */
  messages: Record<Locale, MessageLoader>;
  /** Runs once before the first route; may load the session. */
  boot?: () => Promise<void>;
  /** Shown once beside every screen of the signed-in shell: watchers, dialogs. Renders nothing at rest. */
  background?: Component;
}

export type SettingsGroup = "you" | "workspace" | "automation" | "developers";

export interface SettingsPage {
  /** Also the path: /settings/<id>. */
  id: string;
  group: SettingsGroup;
  order: number;
  icon: Component;
  /** Message key. */
  title: string;
  component: () => Promise<Component>;
  /** Single settings that the search finds, as message keys; `anchor` is the id of the element to show. */
  entries?: { title: string; anchor: string }[];
  visible?: () => boolean;
}

export interface SideBarLink {
  kind: "link";
  id: string;
  order: number;
  icon: Component;
  title: string;
  to: RouteLocationRaw;
  /** Path prefix under which the link counts as open. */
  match: string;
  badge?: MaybeRefOrGetter<number>;
  /** Shown among the phone's bottom tabs. */
  phone?: boolean;
  /** Nested rows below the link, as the inbox's views. */
  tree?: Component;
  visible?: () => boolean;
}

export interface SideBarBlock {
  kind: "block";
  id: string;
  order: number;
  component: Component;
}

export type SideBarItem = SideBarLink | SideBarBlock;

export interface PaletteCommand {
  id: string;
  /** Already translated. */
  title: string;
  /** More words by which it is found, in any language. */
  keywords?: string;
  hint?: string;
  icon?: Component;
  /** Keys as shown, "E" or "G I". */
  keys?: string;
  /** One of many, as a colleague is: listed as soon as something is typed. */
  typed?: boolean;
  /** "context" comes first: what can be done with what is open. */
  group: "context" | "go" | "create" | "appearance" | "results";
  run: () => void;
}

export interface PaletteSource {
  /** Called whenever the palette opens or its words change; reads reactive state and answers at once. */
  commands?: () => PaletteCommand[];
  /** Asked with what was typed (two characters or more), after a pause; abandoned by the signal. */
  search?: (words: string, signal: AbortSignal) => Promise<PaletteCommand[]>;
}

export interface ContactPanelSection {
  id: string;
  order: number;
  title: string;
  /** Gets `contactId` and `conversationId` (or null) as props. */
  component: () => Promise<Component>;
}

/** Steps of the set-up on the home screen, done by facts and not by clicks. */
export interface SetUpPart {
  /** Undefined until the facts are known. */
  steps: Ref<SetUpStep[] | undefined>;
  /** Asks for the facts again. */
  reload: () => Promise<void>;
  /** Stands beside the steps; `undefined` while there is nothing to show. */
  aside?: Component;
}

export interface SetUpStep {
  id: string;
  order: number;
  /** How long it takes about. */
  minutes: number;
  done: boolean;
  /** These are translated. */
  title: string;
  text: string;
  act: SetUpAct;
  /** Shown while the step is the next one, instead of the button. */
  body?: Component;
}

export type SetUpAct = { label: string; to: string } | { label: string; run: () => Promise<void> };
