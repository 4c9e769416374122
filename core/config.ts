/** The environment, read once and checked: the only reader of process.env. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Everything that an operator can set. Frozen; handed down from server.ts. */
export interface Config {
  port: number;
  host: string;
  /** Address under which people open the hub, without a trailing slash. */
  publicUrl: string | undefined;
  /** Address under which messengers reach the webhooks and the files sent to them: WEBHOOK_URL, else PUBLIC_URL. */
  webhookUrl: string | undefined;
  trustProxy: boolean | number | string;
  dataDir: string;
  mongodbUri: string | undefined;
  redisUrl: string | undefined;
  /** What this process does: answer browsers and webhooks, receive and send. */
  roles: { web: boolean; worker: boolean };
  /** Other addresses of messengers' APIs than the vendors' own, by kind of channel. */
  apiRoots: Readonly<Record<string, string>>;
  logLevel: string;
  /** 32 bytes; seals what is secret at rest. */
  secretKey: Buffer;
  /** Largest upload in bytes. */
  maxUploadBytes: number;
  /** Of the pictures and documents of all cards of a workspace, together. */
  cardFilesBytes: number;
  metricsToken: string | undefined;
  /** Undefined where no e-mail goes out. */
  smtp: { url: string; from: string } | undefined;
  /** For whom a link for a new password is printed at the start. */
  resetPasswordOf: string | undefined;
  /** Asked for the records of cards' domains and for sites that people name; undefined for the machine's own. */
  dnsServer: string | undefined;
  /** Anybody may register a workspace of their own. */
  openSignUp: boolean;
}

/** A setting that cannot be used; the message says how to mend it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: httpUrl.optional(),
  WEBHOOK_URL: httpUrl.refine((url) => url.startsWith("https:")).optional(),
  TRUST_PROXY: z.string().default("off").transform(parseTrustProxy),
  DATA_DIR: z.string().min(1).default("./data"),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//)
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ROLES: z
    .string()
    .default("web,worker")
    .transform((value) => value.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(["web", "worker"])).min(1)),
  TELEGRAM_API_ROOT: httpUrl.optional(),
  API_ROOTS: z.string().default("").transform(parseApiRoots),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  SECRET_KEY: z.string().min(32).optional(),
  SECRET_KEY_FILE: z.string().min(1).optional(),
  MAX_UPLOAD_MB: z.coerce.number().int().min(1).max(2048).default(50),
  CARD_FILES_MB: z.coerce.number().int().min(1).max(1_048_576).default(500),
  METRICS_TOKEN: z.string().min(16).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]{0,200}<)?[^<>@\s]+@[^<>@\s]+\.[^<>@\s]+>?$/)
    .optional(),
  DNS_SERVER: z
    .string()
    .regex(/^(\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?|[0-9a-f]*:[0-9a-f:]+)$/i)
    .optional(),
  SIGNUP: z.enum(["closed", "open"]).default("closed"),
  RESET_PASSWORD: z.string().trim().toLowerCase().pipe(z.email()).optional(),
});

/** How to mend each variable, in a sentence; docs/operating.md and the README list the same names. */
export const configHelp: Record<keyof z.infer<typeof variables>, string> = {
  PORT: "a whole number from 0 to 65535, for example 3000",
  HOST: "the address to listen on, for example 127.0.0.1 or 0.0.0.0",
  PUBLIC_URL: "the full address people open, for example https://chat.example.com",
  WEBHOOK_URL:
    "the https address under which messengers reach the hub, where it is not PUBLIC_URL, for example https://hooks.example.com",
  TRUST_PROXY:
    'off, on, the number of proxies in front of the hub, or their addresses ("loopback", "10.0.0.0/8")',
  DATA_DIR: "a folder the hub may write to, for example ./data",
  MONGODB_URI:
    "a MongoDB address that begins with mongodb:// or mongodb+srv://; leave it out for the built-in store",
  REDIS_URL:
    "a Redis address that begins with redis:// or rediss://; leave it out for a hub of a single process",
  ROLES: "web, worker, or both: web,worker",
  TELEGRAM_API_ROOT:
    "the address of a Bot API server, for example http://127.0.0.1:8081; leave it out for Telegram's own",
  API_ROOTS:
    "kinds of channel with the addresses of their API servers, for example viber=http://127.0.0.1:8082,facebook=http://127.0.0.1:8083",
  LOG_LEVEL: "one of trace, debug, info, warn, error, fatal, silent",
  SECRET_KEY: "at least 32 characters, for example the output of: openssl rand -base64 32",
  SECRET_KEY_FILE: "a readable file that holds the key",
  MAX_UPLOAD_MB: "a whole number of megabytes from 1 to 2048",
  CARD_FILES_MB: "a whole number of megabytes from 1 to 1048576",
  METRICS_TOKEN: "at least 16 characters",
  SMTP_URL: "the address of a mail server, for example smtps://user:password@mail.example.com:465",
  MAIL_FROM: "the sender's address, for example Clay & Co <hello@clay.example>",
  DNS_SERVER: "the address of a DNS server, for example 1.1.1.1 or 127.0.0.1:5353",
  SIGNUP: "closed, or open: anybody may register a workspace of their own by a confirmed e-mail",
  RESET_PASSWORD: "the e-mail of somebody who has forgotten the password, for example anna@clay.example",
};

/** Throws ConfigError naming the first variable that cannot be used. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Readonly<Config> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = variables.safeParse(set);
  if (!parsed.success) throw refusal(String(parsed.error.issues[0]?.path[0] ?? ""));
  const env = parsed.data;
  if (env.SECRET_KEY && env.SECRET_KEY_FILE)
    throw new ConfigError("SECRET_KEY and SECRET_KEY_FILE are both set. Keep one of them.");
  if (env.ROLES.length === 1 && !env.REDIS_URL)
    throw new ConfigError(
      `ROLES=${env.ROLES.join()} needs REDIS_URL, through which the processes work together. Set it, or leave ROLES out.`,
    );
  if (env.SMTP_URL && !env.MAIL_FROM)
    throw new ConfigError(`SMTP_URL is set without MAIL_FROM. Set MAIL_FROM to ${configHelp.MAIL_FROM}.`);
  if (env.SIGNUP === "open" && !env.SMTP_URL)
    throw new ConfigError(
      "SIGNUP=open needs SMTP_URL and MAIL_FROM: an e-mail is confirmed by a letter. Set them, or leave SIGNUP out.",
    );
  const dataDir = resolve(env.DATA_DIR);
  return Object.freeze({
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL,
    webhookUrl: env.WEBHOOK_URL ?? env.PUBLIC_URL,
    trustProxy: env.TRUST_PROXY,
    dataDir,
    mongodbUri: env.MONGODB_URI,
    redisUrl: env.REDIS_URL,
    roles: { web: env.ROLES.includes("web"), worker: env.ROLES.includes("worker") },
    apiRoots: {
      ...env.API_ROOTS,
      ...(env.TELEGRAM_API_ROOT ? { telegram: env.TELEGRAM_API_ROOT } : {}),
    },
    logLevel: env.LOG_LEVEL,
    secretKey: readSecretKey(env.SECRET_KEY, env.SECRET_KEY_FILE, dataDir),
    maxUploadBytes: env.MAX_UPLOAD_MB * 1024 * 1024,
    cardFilesBytes: env.CARD_FILES_MB * 1024 * 1024,
    metricsToken: env.METRICS_TOKEN,
    smtp: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    dnsServer: env.DNS_SERVER,
    openSignUp: env.SIGNUP === "open",
    resetPasswordOf: env.RESET_PASSWORD,
  });
}

function refusal(name: string): ConfigError {
  const help = configHelp[name as keyof typeof configHelp];
  return new ConfigError(`${name} cannot be used: it must be ${help}.`);
}

function parseTrustProxy(value: string, context: z.RefinementCtx): boolean | number | string {
  if (["off", "false", "no"].includes(value)) return false;
  if (["on", "true", "yes"].includes(value)) return true;
  if (/^\d+$/.test(value)) return Number(value);
  if (/^[\w.:/, ]+$/.test(value)) return value;
  context.addIssue({ code: "custom", message: "not a list of addresses" });
  return z.NEVER;
}

function parseApiRoots(value: string, context: z.RefinementCtx): Record<string, string> {
  const pairs = value.split(",").filter((pair) => pair.trim() !== "");
  const parsed = pairs.map((pair) => /^\s*([a-z][a-z0-9-]*)=(\S+)\s*$/.exec(pair));
  const roots = parsed.map((match) => [match?.[1], httpUrl.safeParse(match?.[2]).data] as const);
  if (
    roots.every((root): root is readonly [string, string] => root[0] !== undefined && root[1] !== undefined)
  )
    return Object.fromEntries(roots);
  context.addIssue({ code: "custom", message: "not a list of kinds and addresses" });
  return z.NEVER;
}

function readSecretKey(key: string | undefined, file: string | undefined, dataDir: string): Buffer {
  if (key) return digest(key);
  if (file) return digest(readKeyFile(file));
  return digest(ownKeyFile(dataDir));
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key.trim()).digest();
}

function readKeyFile(file: string): string {
  try {
    const key = readFileSync(file, "utf8").trim();
    if (key.length >= 32) return key;
  } catch {
    throw new ConfigError(`SECRET_KEY_FILE cannot be read: ${file}. Name ${configHelp.SECRET_KEY_FILE}.`);
  }
  throw new ConfigError(
    `SECRET_KEY_FILE holds fewer than 32 characters: ${file}. Write a longer key into it.`,
  );
}

/** Without a key of the operator's, one is made at the first start and kept beside the data, for its owner alone. */
function ownKeyFile(dataDir: string): string {
  const file = join(dataDir, "secret.key");
  try {
    if (existsSync(file)) return readFileSync(file, "utf8");
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const key = randomBytes(32).toString("base64");
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: "wx" });
    return key;
  } catch (error) {
    throw new ConfigError(
      `DATA_DIR cannot be written: ${dataDir} (${(error as NodeJS.ErrnoException).code}). Give the hub the right to write there, or set DATA_DIR to another folder.`,
    );
  }
}
