/** One call of the store whose answer comes late, so that what happens in between is certain. */
import { Query } from "mongoose";

export interface Held {
  /** The store has answered, and whoever asked does not know it yet. */
  reached: Promise<void>;
  release(): void;
}

/** Holds the answer of the next call of a model's method that fits. */
export function holdAnswer(
  model: object,
  method: string,
  fits: (...given: any[]) => boolean = () => true,
): Held {
  let reach = (): void => undefined;
  let letGo = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const late = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    reach();
    await released;
    return answer;
  };
  const methods = model as Record<string, (...given: any[]) => any>;
  const before = methods[method]!;
  let taken = false;
  const holding = (...given: any[]): any => {
    const asked = before.apply(model, given);
    if (taken || !fits(...given)) return asked;
    taken = true;
    if (!(asked instanceof Query)) return late(asked);
    const exec = asked.exec.bind(asked);
    asked.exec = () => late(exec());
    return asked;
  };
  methods[method] = holding;
  return {
    reached,
    release() {
      if (methods[method] === holding) methods[method] = before;
      letGo();
    },
  };
}
