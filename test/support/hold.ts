/** Two things at the same moment, made certain: a call to the store waits until the other is done. */
import { vi } from "vitest";

type Method = "find" | "findOne" | "findOneAndUpdate" | "updateMany";

export interface Held {
  /** The call is there, and waits. */
  reached: Promise<void>;
  /** It goes on, and every later one as usual. */
  release(): void;
}

/** Holds the first call of the model's method that fits: what it asks of the store happens after the release. */
export function hold(
  model: Record<Method, (...given: any[]) => any>,
  method: Method,
  fits: (...given: any[]) => boolean,
): Held {
  const real = model[method].bind(model);
  const [reached, arrive] = gate();
  const [released, release] = gate();
  let isHeld = false;
  const spy = vi.spyOn(model, method).mockImplementation((...given: any[]) => {
    const query = real(...given);
    if (isHeld || !fits(...given)) return query;
    isHeld = true;
    const exec = query.exec.bind(query);
    query.exec = async (...how: unknown[]) => {
      arrive();
      await released;
      return exec(...how);
    };
    return query;
  });
  return {
    reached,
    release() {
      spy.mockRestore();
      release();
    },
  };
}

function gate(): [Promise<void>, () => void] {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
}
