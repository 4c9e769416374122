/** Keeps one browser running: a hung one is ended and started again, each time after a longer wait. */
import { ConnectorError } from "../contract.ts";
import type { Child, Launch } from "./launch.ts";
import type { ChildOptions, FromChild, Order } from "./wire.ts";

/** Milliseconds. */
export interface Patience {
  /** From the start to the first code or sign-in. */
  start: number;
  /** From `authenticated` to `ready`. */
  ready: number;
  /** Between two signs of life, and for one that is asked for. */
  life: number;
  stop: number;
  firstWait: number;
  longestWait: number;
  answer: number;
}

export const patience: Patience = {
  start: 120_000,
  ready: 90_000,
  life: 60_000,
  stop: 10_000,
  firstWait: 2000,
  longestWait: 300_000,
  answer: 60_000,
};

export type Ending = "stopped" | "hung" | "gone" | "logged_out";

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: ConnectorError) => void;
  sends: boolean;
}

export class Supervisor {
  private readonly launch: Launch;
  private readonly wait: Patience;
  private readonly hear: (message: FromChild) => void;
  private readonly waiting = new Map<number, Waiting>();
  private child: Child | undefined;
  private next = 1;

  constructor(launch: Launch, wait: Patience, hear: (message: FromChild) => void) {
    this.launch = launch;
    this.wait = wait;
    this.hear = hear;
  }

  /** Runs one browser until it ends, by itself or because it hangs. */
  run(options: ChildOptions, signal: AbortSignal): Promise<Ending> {
    return new Promise((resolve) => {
      const child = this.launch();
      this.child = child;
      let ending: Ending = "gone";
      let browserPid: number | undefined;
      let deadline: NodeJS.Timeout | undefined;
      let life: NodeJS.Timeout | undefined;
      const end = (why: Ending): void => {
        ending = why;
        child.kill(browserPid);
      };
      const within = (ms: number, why: Ending = "hung"): void => {
        clearTimeout(deadline);
        deadline = setTimeout(() => end(why), ms);
      };
      const beAlive = (): void => {
        clearTimeout(life);
        life = setTimeout(() => {
          child.send({ ping: true });
          life = setTimeout(() => end("hung"), this.wait.life);
        }, this.wait.life);
      };
      const stop = (): void => {
        ending = "stopped";
        child.send({ stop: true });
        within(this.wait.stop, "stopped");
      };
      child.onMessage((message) => {
        beAlive();
        if (message.says === "browser") browserPid = message.pid;
        if (message.says === "qr" || message.says === "ready") clearTimeout(deadline);
        if (message.says === "authenticated" || message.says === "loading") within(this.wait.ready);
        if (message.says === "logged_out") {
          ending = "logged_out";
          child.send({ stop: true });
          within(this.wait.stop, "logged_out");
        }
        if (message.says === "answer") return this.settle(message);
        this.hear(message);
      });
      child.onExit(() => {
        clearTimeout(deadline);
        clearTimeout(life);
        signal.removeEventListener("abort", stop);
        this.child = undefined;
        this.giveUp();
        resolve(ending);
      });
      within(this.wait.start);
      beAlive();
      child.send({ start: options });
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Rejects with ConnectorError alone. A send whose answer never comes is `unknown`. */
  ask(order: Order, signal?: AbortSignal): Promise<unknown> {
    const { child } = this;
    const sends = order.do === "send" || order.do === "forward";
    if (!child)
      return Promise.reject(new ConnectorError("retry", "not_connected", "the browser is not running"));
    const ask = this.next++;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", late);
        this.waiting.delete(ask);
      };
      const late = (): void => this.waiting.get(ask)?.reject(noAnswer(sends, "no answer"));
      const timer = setTimeout(late, order.do === "history" ? 10 * this.wait.answer : this.wait.answer);
      signal?.addEventListener("abort", late, { once: true });
      this.waiting.set(ask, {
        sends,
        resolve: (value) => (finish(), resolve(value)),
        reject: (error) => (finish(), reject(error)),
      });
      child.send({ ask, order });
    });
  }

  private settle({ ask, value, failure }: Extract<FromChild, { says: "answer" }>): void {
    const waiting = this.waiting.get(ask);
    if (failure) waiting?.reject(new ConnectorError(failure.class, failure.code, failure.message));
    else waiting?.resolve(value);
  }

  private giveUp(): void {
    for (const { sends, reject } of [...this.waiting.values()]) reject(noAnswer(sends, "the browser ended"));
  }
}

function noAnswer(sends: boolean, message: string): ConnectorError {
  return new ConnectorError(sends ? "unknown" : "retry", "no_answer", message);
}
