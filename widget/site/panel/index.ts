/** The panel: loaded with the first touch of the launcher, mounted into the loader's shadow root. */
import { createApp, reactive } from "vue";
import type { Bridge, Panel, Wish } from "../bridge.ts";
import { followSite } from "../site-theme.ts";
import type { Texts } from "../texts/en.ts";
import PanelRoot from "./PanelRoot.vue";
import { createSession } from "./session.ts";
import { panelStyle } from "./style.ts";
import { dictionary } from "./words.ts";

const languages = import.meta.glob<{ default: Texts }>("../texts/*.ts");
const fileOf = (locale: string) => languages[`../texts/${locale}.ts`];

export async function mount(bridge: Bridge): Promise<Panel> {
  const locale = bridge.welcome()?.config.locale ?? "en";
  const load = fileOf(locale) ?? fileOf(locale.split("-")[0] ?? "") ?? fileOf("en");
  if (load) dictionary.texts = (await load()).default;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panelStyle);
  bridge.root.adoptedStyleSheets = [...bridge.root.adoptedStyleSheets, sheet];
  const session = createSession(bridge);
  const box = document.createElement("div");
  const how = reactive<{ open: boolean; wish: Wish | undefined }>({
    open: false,
    wish: undefined,
  });
  const app = createApp(PanelRoot, { session, how, onClose: () => bridge.close() });
  bridge.root.prepend(box);
  app.mount(box);
  return {
    open(wish) {
      followSite(bridge.root.host);
      how.wish = wish;
      how.open = true;
    },
    close: () => void (how.open = false),
    destroy() {
      session.stop();
      app.unmount();
      box.remove();
    },
  };
}
