/** What a page may say to the widget: loaded with its first word, so that pages that say nothing do not pay for it. */
import type { Identity, Traits } from "../schema.ts";
import type { Bridge, Wish } from "./bridge.ts";

type Listener = (data: unknown) => void;
export type Command = [name: string, ...args: unknown[]];

/** Commands are carried out in the order in which they were given. */
export function obeyBy(bridge: Bridge): (command: Command) => void {
  const events = new Map<string, Set<Listener>>();
  let traits: Traits | undefined;
  const told = (): void => {
    if (traits) bridge.send({ t: "identify", traits });
  };
  bridge.listen((frame) => {
    if (frame.t === "welcome") told();
    if (frame.t === "did") for (const listener of events.get(frame.event) ?? []) listener(frame.data);
  });
  const commands: Record<string, (...args: never[]) => void> = {
    identify({ identity, ...more }: { identity?: Identity } & Traits) {
      if (Object.keys(more).length > 0) traits = more;
      if (!identity) return told();
      bridge.identity = identity;
      bridge.reconnect();
    },
    track(name: string, data?: unknown) {
      const text = data === undefined ? undefined : JSON.stringify(data).slice(0, 1000);
      bridge.send({ t: "track", name, ...(text ? { data: text } : {}) });
    },
    show: () => bridge.hide(false),
    hide: () => bridge.hide(true),
    open: (how?: Wish) => bridge.open(how),
    close: () => bridge.close(),
    on(event: string, listener: Listener) {
      events.set(event, (events.get(event) ?? new Set()).add(listener));
      if (event === "ready" && bridge.welcome()) listener(undefined);
    },
    off: (event: string, listener: Listener) => void events.get(event)?.delete(listener),
    shutdown() {
      if (bridge.identity) {
        bridge.send({ t: "sign_out", identity: bridge.identity });
        delete bridge.kept.token;
        bridge.kept.cursors = {};
        bridge.keep();
      }
      events.clear();
      bridge.stop();
    },
  };
  return ([name, ...args]) => commands[name]?.(...(args as never[]));
}
