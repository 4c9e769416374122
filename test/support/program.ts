/** The program itself, as `npm start` runs it: a process that can be killed at any moment and started again. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/build.mjs";
import { freePort } from "./free-port.ts";
import { Person, waitFor } from "./hub.ts";

export interface ProgramOptions {
  environment?: Record<string, string>;
  /** Another way to start node: `setpriv` and its arguments. */
  wrapper?: string[];
  dataDir?: string;
}

export class Program {
  readonly dataDir: string;
  readonly port: number;
  /** What it has printed since the last start. */
  output = "";
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;

  private constructor(dataDir: string, port: number, options: ProgramOptions) {
    this.dataDir = dataDir;
    this.port = port;
    this.#options = options;
  }

  static async create(options: ProgramOptions = {}): Promise<Program> {
    return new Program(
      options.dataDir ?? (await mkdtemp(join(tmpdir(), "program-"))),
      await freePort(),
      options,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** False when it was killed, or ended by itself. */
  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it says that it is ready; rejects with its output when it ends before. */
  async start(): Promise<void> {
    this.output = "";
    const [command = process.execPath, ...args] = [
      ...(this.#options.wrapper ?? []),
      process.execPath,
      join(root, "dist", "main.js"),
    ];
    const environment = {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      PORT: String(this.port),
      DATA_DIR: this.dataDir,
      LOG_LEVEL: "info",
      ...this.#options.environment,
    };
    const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.output += chunk.toString();
        if (this.output.includes("Switchboard is ready")) resolve();
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => reject(new Error(`ended with code ${code}: ${this.output}`)));
    });
  }

  /** SIGKILL, as a power cut would; resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill(signal);
    return gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The owner, made by the link that the program printed. */
  async owner(): Promise<Person> {
    await waitFor(() => this.output.includes("(Restart to print"), "the link of the first run");
    const token = /first-run#([\w-]+)/.exec(this.output)?.[1];
    const person = new Person(this.url);
    await person.enter("/setup", {
      token,
      workspaceName: "Clay & Co",
      name: "Anna Kim",
      email: "anna@clay.example",
      password: "a kiln at 1240 degrees",
      locale: "en",
    });
    return person;
  }
}
