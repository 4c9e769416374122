/** Starts the process that holds the browser, and ends both for certain. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromChild, ToChild } from "./wire.ts";

export interface Child {
  send(message: ToChild): void;
  /** Ends it at once, with its browser where that is known. */
  kill(browserPid: number | undefined): void;
  onMessage(listener: (message: FromChild) => void): void;
  onExit(listener: () => void): void;
}

export type Launch = () => Child;

const fromSource = import.meta.url.endsWith(".ts");

/** `file` is another program that speaks the same, for tests. */
export function launchChild(
  file = new URL(fromSource ? "./child.ts" : "./child.js", import.meta.url),
): Child {
  const child = fork(fileURLToPath(file), {
    serialization: "advanced",
    execArgv: fromSource ? ["--import", "tsx"] : [],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: environment(),
  });
  return {
    send: (message) => void (child.connected && child.send(message)),
    kill(browserPid) {
      if (browserPid !== undefined) killQuietly(browserPid);
      child.kill("SIGKILL");
    },
    onMessage: (listener) => void child.on("message", listener),
    onExit(listener) {
      child.once("exit", listener);
      child.once("error", listener);
    },
  };
}

/** What a browser and its keeper need of the machine. The hub's own settings, its keys among them, are not theirs. */
function environment(): NodeJS.ProcessEnv {
  const needed =
    /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TMP|TEMP|XDG_\w+|FONTCONFIG_\w+|LD_LIBRARY_PATH|SSL_CERT_\w+|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAM\w*)$/i;
  // eslint-disable-next-line no-restricted-properties -- it is handed on, and no setting is read
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

/** A browser is the leader of its own group; it may be gone already. */
function killQuietly(pid: number): void {
  for (const target of [-pid, pid])
    try {
      process.kill(target, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
}
