/** Two things at the same moment, made certain: one call of the store is held until the other is done. */
import { Query } from "mongoose";

export interface Held {
  /** The call is there, and waits. */
  reached: Promise<void>;
  /** It goes on; every later one goes as usual. */
  release(): void;
}
type Fits = (...given: any[]) => unknown;
/** How a call that is held goes: `ask` asks the store, `pause` waits for the release. */
type Course = <T>(ask: () => Promise<T>, pause: () => Promise<void>) => Promise<T>;

/** Holds the next call of a model's method that fits before it asks: what it asks of the store happens after the release. */
export function hold(model: object, method: string, fits?: Fits): Held {
  return holdCall(model, method, fits, async (ask, pause) => {
    await pause();
    return ask();
  });
}

/** Holds its answer: the store has done it, and whoever asked does not know it yet. */
export function holdAnswer(model: object, method: string, fits?: Fits): Held {
  return holdCall(model, method, fits, async (ask, pause) => {
    const answer = await ask();
    await pause();
    return answer;
  });
}

function holdCall(model: object, method: string, fits: Fits = () => true, course: Course): Held {
  const [reached, arrive] = gate();
  const [released, release] = gate();
  const pause = (): Promise<void> => {
    arrive();
    return released;
  };
  const methods = model as Record<string, (...given: any[]) => any>;
  const real = methods[method]!;
  let taken = false;
  const holding = (...given: any[]): any => {
    if (taken || !fits(...given)) return real.apply(model, given);
    taken = true;
    const asked = real.apply(model, given);
    // a query asks when it is run; anything else, like `create`, has asked already
    if (!(asked instanceof Query)) return course(() => asked as Promise<unknown>, pause);
    const exec = asked.exec.bind(asked);
    asked.exec = () => course(exec, pause);
    return asked;
  };
  methods[method] = holding;
  return {
    reached,
    release() {
      if (methods[method] === holding) methods[method] = real;
      release();
    },
  };
}

/** A promise, and what resolves it. */
export function gate(): [Promise<void>, () => void] {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
}
