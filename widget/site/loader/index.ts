/**
 * The loader: launcher, unread badge, greetings, and the one socket. The panel comes with the first touch of the launcher.
 * It hangs on <html>, leaves the page's own objects alone, and adds one global, `Switchboard`.
 */
import type { ChatMessage, HubFrame, PageConfig, PageFrame, PageRule } from "../../schema.ts";
import type {
  Bridge,
  CommandModule,
  Greeting,
  GreetModule,
  Kept,
  Panel,
  PanelModule,
  PollModule,
  Polling,
  Told,
  Welcome,
  Wish,
} from "../bridge.ts";

type Listener = Parameters<Bridge["listen"]>[0];
type Command = [string, ...unknown[]];
interface Entry {
  (...command: Command): void;
  q?: ArrayLike<unknown>[];
}

const pauseMs = 30 * 60_000;
const dayMs = 86_400_000;
/** Longer silences between two ticks are sleep; in the background browsers let a page tick once a minute. */
const [sleepMs, hiddenSleepMs] = [20_000, 100_000];

const page = window as unknown as { Switchboard?: Entry };
const tag =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>("script[data-hub]");
const key = tag?.dataset["hub"];
if (tag && key && !document.querySelector(`[data-hub="${key}"][data-runs]`)) start(tag, key);

function start(script: HTMLScriptElement, widgetKey: string): void {
  script.dataset["runs"] = "";
  const hub = new URL(script.src).origin;
  const preview = script.dataset["preview"] !== undefined;
  const ending = new AbortController();
  const host = document.createElement("div");
  host.dataset["switchboard"] = widgetKey;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet];
  const kept = readKept();
  const listeners = new Set<Listener>();
  const unread = new Map<string, number>();

  let welcome: Welcome | undefined;
  let socket: WebSocket | undefined;
  let other: ((frame: PageFrame) => void) | undefined;
  let tries = 0;
  let worked = false;
  let retry = 0;
  let panel: Panel | undefined;
  let loading: Promise<Panel> | undefined;
  let isOpen = false;
  let hidden = false;
  let rules: PageRule[] = [];
  let greeted = 0;
  let left = false;
  let opened = Date.now();
  let address = location.href;
  let resume = takeResume();
  let former = readOpen();
  let title = "";
  let hinted = "";
  let polling: Polling | undefined;
  let ticked = opened;
  /** Takes the greeting away. */
  let greeting: (() => void) | undefined;
  const heard = new Set<string>();

  // ---- what this browser keeps --------------------------------------------------------------------------------------

  function readKept(): Kept {
    const none: Kept = { visits: 0, seenAt: 0, rules: {}, cursors: {} };
    try {
      return { ...none, ...(JSON.parse(localStorage.getItem(`switchboard:${widgetKey}`) ?? "{}") as Kept) };
    } catch {
      return none; // storage is closed to this page: the visitor is new each time
    }
  }
  function keep(): void {
    try {
      if (!preview) localStorage.setItem(`switchboard:${widgetKey}`, JSON.stringify(kept));
    } catch {
      return; // as above
    }
  }
  if (Date.now() - kept.seenAt > pauseMs) kept.visits += 1;
  kept.seenAt = Date.now();
  keep();

  /** The chat that was open on the page before this one. On a phone it would cover the page that was asked for. */
  function readOpen(): string | null | undefined {
    try {
      return innerWidth < 480 ? null : sessionStorage.getItem(`switchboard:${widgetKey}:open`);
    } catch {
      return; // as above
    }
  }
  function takeResume(): string | undefined {
    const found = /^#sb=([\w-]{20,100})$/.exec(location.hash)?.[1];
    if (found) history.replaceState(history.state, "", location.pathname + location.search);
    return found;
  }

  // ---- the socket ---------------------------------------------------------------------------------------------------

  /** As the page itself calls itself, without the hint. */
  const plainTitle = () => (document.title === hinted ? title : document.title);
  const here = () => ({ url: location.href.slice(0, 2000), title: plainTitle().slice(0, 300) });

  function hello(): PageFrame {
    return {
      t: "hello",
      token: kept.token,
      resume,
      identity: bridge.identity,
      page: here(),
      referrer: document.referrer,
      language: script.dataset["language"] ?? navigator.language,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      visits: kept.visits,
      width: screen.width,
      touch: matchMedia("(pointer:coarse)").matches,
      cursors: kept.cursors,
    }; // what is undefined is not sent
  }

  function drop(): void {
    const last = socket;
    socket = undefined;
    last?.close();
  }
  function connect(): void {
    clearTimeout(retry);
    if (ending.signal.aborted || socket || polling) return;
    const ws = (socket = new WebSocket(`${hub.replace(/^http/, "ws")}/widget/socket?key=${widgetKey}`));
    ws.onopen = () => {
      worked = true;
      ws.send(JSON.stringify(hello()));
    };
    ws.onmessage = (event) => take(JSON.parse(String(event.data)) as HubFrame);
    // A socket that the site's policy forbids is told by an error alone.
    ws.onerror = ws.onclose = () => {
      if (socket !== ws) return;
      socket = undefined;
      tries += 1;
      tell({ t: "online", on: false });
      if (!worked && tries > 1)
        chunk<PollModule>("poll").then(({ startPolling }) => {
          if (!ending.signal.aborted) polling = startPolling(bridge);
        }, again);
      else again();
    };
  }
  function again(): void {
    if (!left && !ending.signal.aborted)
      retry = window.setTimeout(connect, Math.min(30_000, 500 * 2 ** tries) * (0.7 + Math.random() * 0.6));
  }
  function send(frame: PageFrame): boolean {
    if (other) other(frame);
    else if (welcome && socket?.readyState === 1) socket.send(JSON.stringify(frame));
    else return false;
    return true;
  }
  function tell(frame: Told): void {
    for (const listener of [...listeners]) listener(frame);
  }
  function take(frame: HubFrame): void {
    if (frame.t === "welcome") greet(frame);
    else if (frame.t === "config") draw(frame.config);
    else if (frame.t === "rules") {
      rules = frame.rules;
      if (preview) rules.forEach(showGreeting); // the one that is looked at, at once
    } else if (frame.t === "thread") {
      const { thread } = frame;
      if (welcome) welcome.threads = [thread, ...welcome.threads.filter(({ key }) => key !== thread.key)];
      count(thread.key, thread.unread);
    } else if (frame.t === "messages") frame.items.forEach(hear);
    else if (frame.t === "bye") socket?.close();
    tell(frame);
  }
  function greet(frame: Welcome): void {
    tries = 0;
    resume = undefined;
    welcome = frame;
    kept.token = frame.token;
    keep();
    rules = frame.rules;
    unread.clear();
    for (const thread of frame.threads) count(thread.key, thread.unread);
    draw(frame.config);
    emit("ready");
    tell({ t: "online", on: true });
    if (former != null) open({ again: former });
    former = null;
    obey();
  }
  function hear(message: ChatMessage): void {
    const { id, mine, deleted, at, text, by } = message;
    if (mine || deleted || heard.has(id) || Date.now() - Date.parse(at) > 60_000) return;
    heard.add(id);
    emit("message", message);
    if (!isOpen && !hidden) showGreeting({ greeting: text ?? "…", answers: [], by: by ?? { name: "" } });
  }

  function emit(event: string, data?: unknown): void {
    tell({ t: "did", event, data });
  }

  // ---- launcher and badge -------------------------------------------------------------------------------------------

  const button = element("button", "b");
  const label = element("span", "t");
  const badge = element("span", "n");
  button.type = "button";
  button.append(element("i"), label, badge);
  button.ariaHasPopup = "dialog";
  badge.hidden = button.hidden = true;
  root.append(button);
  button.onclick = () => (isOpen ? close() : open());
  button.onpointerenter = button.onfocus = () => load().catch(ignore); // opening tries again

  function draw(config: PageConfig): void {
    if (welcome) welcome.config = config;
    sheet.replaceSync(config.style);
    host.lang = config.locale;
    host.dataset["side"] = config.side;
    host.toggleAttribute("data-open", isOpen);
    label.textContent =
      (!isOpen && config.launcher === "text" && config.texts.launcher) || config.labels[+isOpen]!;
    const number = isOpen ? 0 : unreadShown();
    badge.textContent = String(number);
    badge.hidden = !number;
    const words = config.unread[new Intl.PluralRules(config.locale).select(number)] ?? "#";
    button.ariaLabel = label.textContent + (number ? `, ${words.replace("#", `${number}`)}` : "");
    button.hidden = hidden;
    button.ariaExpanded = String(isOpen);
    if (!host.isConnected) document.documentElement.append(host);
  }
  const news = (): number => [...unread.values()].reduce((sum, one) => sum + one, 0);
  const unreadShown = (): number => Math.min(99, news() || (greeting ? 1 : 0));
  function count(thread: string, number: number): void {
    unread.set(thread, number);
    showCount();
  }
  function showCount(): void {
    const number = unreadShown();
    title = plainTitle();
    hinted = news() && !isOpen ? `(${number}) ${title}` : title;
    if (document.title !== hinted) document.title = hinted;
    if (welcome) draw(welcome.config);
    emit("unread", number);
  }

  // ---- greetings ----------------------------------------------------------------------------------------------------

  function tick(): void {
    const slept = Date.now() - ticked > (document.hidden ? hiddenSleepMs : sleepMs);
    ticked = Date.now();
    if (slept) bridge.reconnect(); // the other end may be gone without a word
    if (location.href !== address) {
      address = location.href;
      opened = Date.now();
      send({ t: "page", page: here() });
    }
    if (isOpen || hidden || greeting || greeted > 1 || preview || (welcome?.threads.length ?? 0) > 0) return;
    const rule = rules.find((one) => isDue(one));
    if (!rule) return;
    greeted += 1;
    rules = rules.filter((one) => one !== rule);
    showGreeting(rule);
  }
  function isDue({ id, time = 0, scroll = 0, exit, every }: PageRule): boolean {
    const last = kept.rules[id];
    const since = last ? Date.now() - last.at : Infinity;
    const often = {
      always: 0,
      visit: last?.visit === kept.visits ? Infinity : 0,
      day: dayMs,
      week: 7 * dayMs,
      once: Infinity,
    };
    if (last && since < often[every]) return false;
    const { scrollHeight, clientHeight } = document.documentElement;
    const seen = scrollHeight > clientHeight ? (100 * (scrollY + clientHeight)) / scrollHeight : 100;
    return Date.now() - opened >= time * 1000 && (scroll === 0 || seen >= scroll) && (!exit || gone);
  }
  let gone = false;
  document.addEventListener("mouseout", (event) => (gone ||= !event.relatedTarget && event.clientY <= 0), {
    signal: ending.signal,
  });

  let latest: Greeting;
  /** The latest stays: two that wait for the chunk come in any order. */
  function showGreeting(said: Greeting): void {
    latest = said;
    chunk<GreetModule>("greet").then(({ greet }) => {
      if (isOpen || hidden || ending.signal.aborted || latest !== said) return;
      closeGreeting();
      greeting = greet(bridge, said, closeGreeting);
      showCount();
    }, ignore); // no network: the rule counts as not shown
  }
  function closeGreeting(): void {
    greeting?.();
    greeting = undefined;
    showCount();
  }

  // ---- the panel ----------------------------------------------------------------------------------------------------

  const chunk = <T>(name: string): Promise<T> =>
    import(/* @vite-ignore */ `${hub}/widget/${name}.js`) as Promise<T>;
  function load(): Promise<Panel> {
    return (loading ??= import(/* @vite-ignore */ `${hub}${welcome?.panel}`)
      .then((module: PanelModule) => module.mount(bridge))
      .catch((error: unknown) => {
        loading = undefined;
        throw error;
      }));
  }
  function open(how?: Wish): void {
    isOpen = true;
    closeGreeting();
    if (how?.again == null) emit("open");
    load().then((mounted) => {
      panel = mounted;
      if (isOpen) panel.open(how);
    }, close);
  }
  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    panel?.close();
    showCount();
    if (root.activeElement) button.focus(); // a page that closes it keeps its focus
    emit("close");
  }
  const bridge: Bridge = {
    hub,
    key: widgetKey,
    root,
    kept,
    keep,
    welcome: () => welcome,
    online: () => !!welcome && (!!other || socket?.readyState === 1),
    send,
    take,
    carryBy(way) {
      other = way;
      if (!way) tell({ t: "online", on: false });
    },
    hello,
    reconnect() {
      if (polling) return polling.again();
      drop();
      connect();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    open,
    close,
    hide(on) {
      close();
      hidden = on;
      closeGreeting();
    },
    stop() {
      loading?.then((one) => one.destroy(), ignore); // also when it is on its way
      closeGreeting();
      ending.abort();
      clearInterval(timer);
      clearTimeout(retry);
      polling?.stop();
      drop();
      host.remove();
      if (document.title === hinted) document.title = title;
      delete page.Switchboard;
      script.remove();
    },
  };
  const said = Array.from(page.Switchboard?.q ?? [], (one) => Array.from(one) as Command);
  let obeying: Promise<ReturnType<CommandModule["obeyBy"]>> | undefined;
  page.Switchboard = (...command) => {
    said.push(command);
    obey();
  };
  /** What could not be fetched is fetched again with the next word, or when the hub is back. */
  function obey(): void {
    if (!said[0]) return;
    obeying ??= chunk<CommandModule>("commands").then((module) => module.obeyBy(bridge));
    obeying.then(
      (how) => said.splice(0).forEach(how),
      () => (obeying = undefined),
    );
  }
  obey();

  // ---- coming and going ---------------------------------------------------------------------------------------------

  const timer = window.setInterval(tick, 1000);
  addEventListener(
    "pagehide",
    () => {
      left = true;
      kept.seenAt = Date.now();
      keep();
      drop();
    },
    { signal: ending.signal },
  );
  addEventListener(
    "pageshow",
    (event) => {
      left = false;
      if (event.persisted) connect();
    },
    { signal: ending.signal },
  );
  addEventListener("online", () => connect(), { signal: ending.signal });
  connect();
}

/** Whoever comes next tries again. */
function ignore(): void {}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
