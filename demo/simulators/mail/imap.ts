/** A small IMAP4rev1 server with IDLE and SPECIAL-USE, enough for a mail program: https://www.rfc-editor.org/rfc/rfc3501 */
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, createServer as createTlsServer, TLSSocket } from "node:tls";
import { CommandReader, textOf, wordsOf, type Word } from "./imap-words.ts";
import type { Folder, Mailbox, MailLogin, MailTls, MailWorld, StoredLetter } from "./mailbox.ts";

export function startImapServer(
  world: MailWorld,
  tls: MailTls | undefined,
): { server: Server; disconnect(): void } {
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    new Connection(world, socket, tls);
  };
  const server = tls?.begins === "at_once" ? createTlsServer(tls, take) : createServer(take);
  server.on("tlsClientError", () => undefined);
  return {
    server,
    disconnect() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

class Connection {
  private readonly world: MailWorld;
  private readonly tls: MailTls | undefined;
  private socket: Socket;
  private reader = new CommandReader();
  private mailbox: Mailbox | undefined;
  private folder: Folder | undefined;
  private told = 0;
  private idling: string | undefined;
  private challenged: string | undefined;
  private readonly onLetter = (): void => {
    if (this.idling !== undefined) this.tellNew();
  };

  constructor(world: MailWorld, socket: Socket, tls: MailTls | undefined) {
    this.world = world;
    this.tls = tls;
    this.socket = socket;
    this.listenTo(socket);
    this.line(`* OK [CAPABILITY ${this.capabilities()}] ready`);
  }

  private listenTo(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.folder?.off("letter", this.onLetter));
    socket.on("data", (chunk: Buffer) => {
      for (const parts of this.reader.read(chunk, () => this.line("+ go ahead"))) this.take(parts);
    });
  }

  private get encrypted(): boolean {
    return this.socket instanceof TLSSocket;
  }

  /** https://www.rfc-editor.org/rfc/rfc3501#section-6.2.1 */
  private startTls(tag: string, { key, cert }: MailTls): void {
    const plain = this.socket;
    plain.removeAllListeners("data");
    this.line(`${tag} OK begin`);
    this.reader = new CommandReader();
    this.socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: createSecureContext({ key, cert }),
    });
    this.listenTo(this.socket);
  }

  private line(text: string): void {
    this.socket.write(`${text}\r\n`);
  }

  private capabilities(): string {
    const idle = this.mailbox?.idle === false ? "" : " IDLE";
    if (this.tls && !this.encrypted) return "IMAP4rev1 STARTTLS LOGINDISABLED";
    return `IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 SPECIAL-USE UIDPLUS${idle}`;
  }

  private take(parts: (string | Buffer)[]): void {
    const [first = ""] = parts;
    if (this.idling !== undefined) return this.endIdle();
    if (this.challenged !== undefined) {
      const tag = this.challenged;
      this.challenged = undefined;
      return this.login(tag, first.toString());
    }
    const [tag, command, ...rest] = wordsOf(parts);
    const byUid = textOf(command).toUpperCase() === "UID";
    const name = textOf(byUid ? rest.shift() : command).toUpperCase();
    this.run(textOf(tag), name, rest, byUid);
  }

  private run(tag: string, name: string, words: Word[], byUid: boolean): void {
    const done = (text = `${name} completed`): void => {
      this.tellNew();
      this.line(`${tag} OK ${text}`);
    };
    if (name === "CAPABILITY") return (this.line(`* CAPABILITY ${this.capabilities()}`), done());
    if (name === "NOOP" || name === "CHECK" || name === "ENABLE") return done();
    if (name === "LOGOUT") {
      this.line("* BYE");
      this.line(`${tag} OK`);
      return void this.socket.end();
    }
    if (this.tls && !this.encrypted && name === "STARTTLS") return this.startTls(tag, this.tls);
    if (this.tls && !this.encrypted) return this.line(`${tag} NO [PRIVACYREQUIRED] encrypt first`);
    if (name === "LOGIN")
      return this.enter(tag, "password", this.world.byPassword(textOf(words[0]), textOf(words[1])));
    if (name === "AUTHENTICATE") return this.authenticate(tag, words);
    if (!this.mailbox) return this.line(`${tag} NO log in first`);
    if (name === "LIST" || name === "LSUB") return (this.list(name, words), done());
    if (name === "SELECT" || name === "EXAMINE") return this.select(tag, words, name === "EXAMINE");
    if (name === "APPEND")
      return void (this.world.heldAppends ?? Promise.resolve()).then(() => this.append(tag, words));
    if (!this.folder) return this.line(`${tag} NO select a folder first`);
    if (name === "IDLE") return this.beginIdle(tag);
    if (name === "SEARCH") return (this.search(words), done());
    if (name === "FETCH") return (this.fetch(words, byUid), done());
    if (name === "CLOSE" || name === "UNSELECT") return (this.leave(), done());
    return this.line(`${tag} BAD unknown command`);
  }

  private authenticate(tag: string, [method, initial]: Word[]): void {
    if (!["PLAIN", "XOAUTH2"].includes(textOf(method).toUpperCase()))
      return this.line(`${tag} NO unknown method`);
    if (initial !== undefined) return this.login(tag, textOf(initial));
    this.challenged = tag;
    this.line("+ ");
  }

  private login(tag: string, encoded: string): void {
    const text = Buffer.from(encoded, "base64").toString();
    const oauth = /^user=([^\u0001]*)\u0001auth=Bearer ([^\u0001]*)/.exec(text);
    if (oauth) return this.enter(tag, "token", this.world.byToken(oauth[1] ?? "", oauth[2] ?? ""));
    const [, user = "", password = ""] = text.split("\u0000");
    return this.enter(tag, "password", this.world.byPassword(user, password));
  }

  private enter(tag: string, method: MailLogin["method"], mailbox: Mailbox | undefined): void {
    this.world.tried({ server: "imap", method, encrypted: this.encrypted });
    this.mailbox = mailbox;
    if (mailbox) this.line(`${tag} OK [CAPABILITY ${this.capabilities()}] welcome`);
    else this.line(`${tag} NO [AUTHENTICATIONFAILED] invalid credentials`);
  }

  private list(name: string, words: Word[]): void {
    const pattern = textOf(words.filter((word) => !Array.isArray(word))[1]);
    if (pattern === "") return this.line(`* ${name} (\\Noselect) "/" ""`);
    for (const { path, specialUse } of this.mailbox?.folders ?? [])
      this.line(`* ${name} (\\HasNoChildren${specialUse ? ` ${specialUse}` : ""}) "/" "${path}"`);
  }

  private find(path: Word | undefined): Folder | undefined {
    return this.mailbox?.folders.find((folder) => folder.path.toLowerCase() === textOf(path).toLowerCase());
  }

  private leave(): void {
    this.folder?.off("letter", this.onLetter);
    this.folder = undefined;
  }

  private select(tag: string, [path]: Word[], readOnly: boolean): void {
    this.leave();
    const folder = this.find(path);
    if (!folder) return this.line(`${tag} NO [NONEXISTENT] no such folder`);
    this.folder = folder;
    folder.on("letter", this.onLetter);
    this.told = folder.letters.length;
    this.line("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
    this.line(`* ${this.told} EXISTS`);
    this.line("* 0 RECENT");
    this.line(`* OK [UIDVALIDITY ${folder.uidValidity}] valid`);
    this.line(`* OK [UIDNEXT ${folder.uidNext}] next`);
    this.line(`${tag} OK [${readOnly ? "READ-ONLY" : "READ-WRITE"}] selected`);
  }

  private append(tag: string, words: Word[]): void {
    const folder = this.find(words[0]);
    const source = words.at(-1);
    if (!folder || !Buffer.isBuffer(source)) return this.line(`${tag} NO [TRYCREATE] no such folder`);
    const flags = words.find((word) => Array.isArray(word));
    const { uid } = folder.add(Buffer.from(source), Array.isArray(flags) ? flags.map(textOf) : []);
    this.tellNew();
    return this.line(`${tag} OK [APPENDUID ${folder.uidValidity} ${uid}] kept`);
  }

  private beginIdle(tag: string): void {
    this.idling = tag;
    this.line("+ idling");
    this.tellNew();
  }

  private endIdle(): void {
    const tag = this.idling;
    this.idling = undefined;
    this.line(`${tag} OK IDLE terminated`);
  }

  private tellNew(): void {
    if (!this.folder || this.folder.letters.length === this.told) return;
    this.told = this.folder.letters.length;
    this.line(`* ${this.told} EXISTS`);
  }

  private search(words: Word[]): void {
    const keys = words.map(textOf);
    const letters = (this.folder?.letters ?? []).filter((letter) =>
      fits(letter, keys, this.folder?.letters ?? []),
    );
    this.line(`* SEARCH${letters.map(({ uid }) => ` ${uid}`).join("")}`);
  }

  private fetch([set, items]: Word[], byUid: boolean): void {
    const letters = this.folder?.letters ?? [];
    const last = byUid ? (letters.at(-1)?.uid ?? 0) : letters.length;
    const wanted = (Array.isArray(items) ? items : [items ?? ""]).map(textOf);
    for (const [index, letter] of letters.entries())
      if (inSet(textOf(set), byUid ? letter.uid : index + 1, last))
        this.show(index + 1, letter, wanted, byUid);
  }

  private show(sequence: number, letter: StoredLetter, wanted: string[], byUid: boolean): void {
    const shown: (string | Buffer)[] = [];
    if (byUid || wanted.includes("UID")) shown.push(`UID ${letter.uid}`);
    if (wanted.includes("FLAGS")) shown.push(`FLAGS (${[...letter.flags].join(" ")})`);
    if (wanted.includes("INTERNALDATE")) shown.push(`INTERNALDATE "${dated(letter.arrivedAt)}"`);
    if (wanted.includes("RFC822.SIZE")) shown.push(`RFC822.SIZE ${letter.source.length}`);
    this.socket.write(`* ${sequence} FETCH (${shown.join(" ")}`);
    const body = wanted.map((item) => /^BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?$/i.exec(item)).find(Boolean);
    if (body) {
      this.world.fetches += 1;
      const from = Number(body[1] ?? 0);
      const bytes = letter.source.subarray(from, body[2] ? from + Number(body[2]) : undefined);
      this.socket.write(` BODY[]${body[1] === undefined ? "" : `<${from}>`} {${bytes.length}}\r\n`);
      this.socket.write(bytes);
    }
    this.line(")");
  }
}

function inSet(set: string, number: number, last: number): boolean {
  return set.split(",").some((range) => {
    const [from = 0, to = from] = range.split(":").map((end) => (end === "*" ? last : Number(end)));
    return number >= Math.min(from, to) && number <= Math.max(from, to);
  });
}

/** UID, SINCE, HEADER and ALL; every other key fits. */
function fits(letter: StoredLetter, keys: string[], all: StoredLetter[]): boolean {
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]?.toUpperCase();
    if (key === "UID" && !inSet(keys[++at] ?? "", letter.uid, all.at(-1)?.uid ?? 0)) return false;
    if (key === "SINCE") {
      const [day = "1", month = "Jan", year = "1970"] = (keys[++at] ?? "").split("-");
      if (letter.arrivedAt.getTime() < Date.UTC(Number(year), months.indexOf(month), Number(day)))
        return false;
    }
    if (key === "HEADER") {
      const [name = "", value = ""] = [keys[++at], keys[++at]];
      const head =
        letter.source
          .toString("latin1")
          .split("\r\n\r\n")[0]
          ?.replace(/\r\n[ \t]+/g, " ") ?? "";
      const lines = head.toLowerCase().split("\r\n");
      if (
        !lines.some((line) => line.startsWith(`${name.toLowerCase()}:`) && line.includes(value.toLowerCase()))
      )
        return false;
    }
  }
  return true;
}

function dated(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${two(at.getUTCDate())}-${months[at.getUTCMonth()]}-${at.getUTCFullYear()}`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}
