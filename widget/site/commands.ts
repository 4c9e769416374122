/** What a page may say to the widget: loaded with its first word, so that pages that say nothing do not pay for it. */
import type { Traits } from "../schema.ts";
import type { Bridge } from "./bridge.ts";
import type { Commands } from "./sdk/index.ts";

type Listener = (data: never) => void;
const maxEarly = 20;

export type Command = [name: string, ...args: unknown[]];

/** Commands are carried out in the order in which they were given. */
export function obeyBy(bridge: Bridge): (command: Command) => void {
  const events = new Map<string, Set<Listener>>();
  /** Said before there was somebody to say it to. */
  let early: Command[] = [];
  let traits: Traits | undefined;
  const told = (): void => {
    if (traits) bridge.send({ t: "identify", traits });
  };
  bridge.listen((frame) => {
    if (frame.t === "welcome") {
      told();
      early.splice(0).forEach(obey);
    }
    if (frame.t === "did")
      for (const listener of events.get(frame.event) ?? []) listener(frame.data as never);
  });
  const commands: Commands = {
    identify({ identity, ...more }) {
      if (Object.keys(more).length > 0) traits = more as Traits; // what is undefined is not sent
      if (!identity) return told();
      bridge.identity = identity;
      bridge.reconnect();
    },
    track(name, data) {
      const text = data === undefined ? undefined : JSON.stringify(data).slice(0, 1000);
      if (!bridge.send({ t: "track", name, ...(text ? { data: text } : {}) }))
        early = [...early, ["track", name, data] satisfies Command].slice(-maxEarly);
    },
    show: () => bridge.hide(false),
    hide: () => bridge.hide(true),
    open(how) {
      if (bridge.welcome()) bridge.open(how);
      else early.push(["open", how]);
    },
    close: () => bridge.close(),
    on(event, listener) {
      events.set(event, (events.get(event) ?? new Set()).add(listener));
      if (event === "ready" && bridge.welcome()) listener(undefined as never);
    },
    off: (event, listener) => void events.get(event)?.delete(listener),
    shutdown(done) {
      const { identity } = bridge;
      if (identity) bridge.send({ t: "sign_out", identity });
      events.clear();
      bridge.stop();
      if (identity) forget(bridge);
      done?.();
    },
  };
  function obey([name, ...args]: Command): void {
    if (Object.hasOwn(commands, name)) commands[name as keyof Commands](...(args as [never, never]));
  }
  return obey;
}

/** The next one at this computer is somebody else: what the customer had not sent yet goes too. */
function forget(bridge: Bridge): void {
  delete bridge.kept.token;
  bridge.kept.cursors = {};
  bridge.keep();
  try {
    for (const storage of [localStorage, sessionStorage])
      for (const name of Object.keys(storage))
        if (name.startsWith(`switchboard:${bridge.key}:`)) storage.removeItem(name);
    indexedDB.deleteDatabase(`switchboard:${bridge.key}`);
  } catch {
    return; // storage is closed to this page: nothing was kept
  }
}
