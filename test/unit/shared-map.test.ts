/** What processes know of each other: told, repeated, and forgotten when nobody repeats it. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { EventBus } from "../../core/events.ts";
import { SharedMap, type Change } from "../../core/shared-map.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Processes that hear each other until one of them is cut off. */
function createLine() {
  type Listener = (name: string, data: unknown) => void;
  const ends = new Map<EventBus, Listener[]>();
  return {
    join(): EventBus {
      const bus: EventBus = {
        send(name, data) {
          if (!ends.has(bus)) return;
          for (const [other, listeners] of ends)
            if (other !== bus) for (const one of listeners) one(name, data);
        },
        onReceive: (listener) => void ends.get(bus)?.push(listener),
      };
      ends.set(bus, []);
      return bus;
    },
    cut: (bus: EventBus) => void ends.delete(bus),
  };
}

const turnMs = 10_000;
function setStage() {
  const line = createLine();
  const [hereBus, thereBus] = [line.join(), line.join()];
  const here = new SharedMap<string>("desks", "here", hereBus, turnMs);
  const there = new SharedMap<string>("desks", "there", thereBus, turnMs);
  const heard: Change<string>[] = [];
  here.onChange((change) => void heard.push(change));
  return { here, there, heard, kill: () => line.cut(thereBus) };
}

it("tells of what another process has, changes and takes away, and of its own; a repetition is no news", () => {
  const { here, there, heard } = setStage();
  there.set("vera", "shop");
  vi.advanceTimersByTime(5 * turnMs);
  there.set("vera", "classes");
  here.set("anna", "shop");
  there.set("vera", null);
  expect(heard).toEqual([
    { value: "shop" },
    { former: "shop", value: "classes" },
    { value: "shop" },
    { former: "classes" },
  ]);
});

it("tells of what a process had that died without a word", () => {
  const { here, there, heard, kill } = setStage();
  there.set("vera", "shop");
  kill();
  vi.advanceTimersByTime(4 * turnMs);
  expect([...here.values()]).toEqual([]);
  expect(heard).toEqual([{ value: "shop" }, { former: "shop" }]);
});

it("takes away what it had when it is closed, and has no timer from then on", () => {
  const { here, there, heard } = setStage();
  there.set("vera", "shop");
  there.close();
  there.set("vera", "classes");
  expect([...here.values()]).toEqual([]);
  expect(heard.at(-1)).toEqual({ former: "shop" });
  here.close();
  expect(vi.getTimerCount()).toBe(0);
});
