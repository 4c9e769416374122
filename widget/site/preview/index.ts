/** The page in the preview of the configuration screen: a site that is nobody's, with the widget as visitors get it. */
import type { Wish } from "../bridge.ts";
import { createLocalHub, type LocalHub } from "./hub.ts";
import { sampleThread } from "./sample.ts";
import { drawScene } from "./scene.ts";
import type { PreviewReady, PreviewState, PreviewTold } from "../../schema.ts";

type Command = [name: string, how?: Wish];
const page = window as unknown as { Switchboard?: { (...command: Command): void; q?: Command[] } };
const hubUrl = new URL(import.meta.url).origin;

let shown: PreviewTold | undefined;
let hub: LocalHub | undefined;
let turn: Promise<void> = Promise.resolve();

/** The loader opens the panel with the focus in it; here the focus is the person's who changes the settings. */
const focus: unknown = Reflect.get(HTMLElement.prototype, "focus");
HTMLElement.prototype.focus = function (this: HTMLElement, options?: FocusOptions) {
  if (document.hasFocus() && focus instanceof Function) focus.call(this, options);
};

addEventListener("message", ({ data, source }: MessageEvent<PreviewTold | undefined>) => {
  if (source !== parent || data?.switchboard !== "preview") return;
  turn = turn.then(() => show(data));
});
const ready: PreviewReady = { switchboard: "ready" };
parent.postMessage(ready, hubUrl);

async function show(told: PreviewTold): Promise<void> {
  const goesOn = shown !== undefined && viewOf(shown) === viewOf(told);
  shown = told;
  document.documentElement.lang = told.config.locale;
  document.documentElement.dataset["theme"] = told.theme;
  drawScene(told);
  if (hub && goesOn) hub.show(told);
  else await begin(told);
  const host = document.querySelector<HTMLElement>("[data-switchboard]");
  if (host) host.dataset["theme"] = told.theme;
}

/** What cannot change under the visitor's eyes: the state, the language, whether a form comes first. */
function viewOf({ state, config }: PreviewTold): string {
  return [state, config.locale, config.preChat !== undefined, config.offlineForm].join(" ");
}

/** The widget anew: another state, or another language. */
async function begin(told: PreviewTold): Promise<void> {
  await takeAway();
  hub = createLocalHub(told);
  window.WebSocket = hub.Socket;
  const wish = wishOf(told.state);
  if (wish) page.Switchboard = Object.assign(() => undefined, { q: [["open", wish] as Command] });
  const loader = document.createElement("script");
  loader.src = `${hubUrl}/w.js`;
  loader.dataset["hub"] = told.widgetKey;
  loader.dataset["preview"] = "";
  loader.dataset["language"] = told.config.locale;
  await new Promise((resolve) => {
    loader.onload = loader.onerror = resolve;
    document.head.append(loader);
  });
  await until((host) => host !== null);
}

async function takeAway(): Promise<void> {
  if (!document.querySelector("[data-switchboard]")) return;
  page.Switchboard?.("shutdown");
  await until((host) => host === null);
}

/** Waits for the widget to be on the page, or off it. */
function until(fits: (host: Element | null) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = (): boolean => fits(document.querySelector("[data-switchboard]"));
    if (done()) return resolve();
    const watcher = new MutationObserver(() => {
      if (!done()) return;
      watcher.disconnect();
      resolve();
    });
    watcher.observe(document.documentElement, { childList: true });
  });
}

function wishOf(state: PreviewState): Wish | undefined {
  if (state === "home") return {};
  if (state === "chat") return { thread: sampleThread };
  if (state === "form" || state === "offline") return { ruleId: "preview" };
  return undefined;
}
