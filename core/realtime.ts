/**
 * Socket.IO at the edge: the cookie and the origin are checked at the handshake, rooms follow access rights, and ending a
 * session or changing a right closes or re-rooms its sockets at once.
 */
import type { Server as HttpServer } from "node:http";
import { EJSON } from "bson";
import { Server, type DefaultEventsMap, type Socket } from "socket.io";
import { z } from "zod";
import type { Config } from "./config.ts";
import {
  channelRooms,
  isAdministrator,
  StaffModel,
  staffRoom,
  type Sessions,
  type StaffRecord,
} from "./auth/index.ts";
import type { ObjectId } from "./db.ts";
import type { EventBus } from "./events.ts";
import { sameOrigin } from "./http.ts";
import type { Log } from "./log.ts";
import type { RedisServer } from "./redis.ts";
import { SharedMap } from "./shared-map.ts";

export interface SocketData {
  staff: StaffRecord;
  sessionId: string;
  /** When the rights above were asked for: `performance.now()`. */
  askedAt: number;
}
export type StaffSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

export interface Realtime {
  /** Sends to everybody in any of the rooms, once each, and to nobody who is in one of `except`. */
  emit(rooms: string[], event: string, data: unknown, except?: string[]): void;
  /** The same to sockets of this process alone: each process tells its own of what all of them know. */
  emitHere(rooms: string[], event: string, data: unknown): void;
  onConnect(listener: (socket: StaffSocket) => void): void;
  /** A socket of this process whose person has other rights now: they are in its data. */
  onRights(listener: (socket: StaffSocket) => void): void;
  /** Tells the sockets of these sessions that they ended, and closes them. */
  endSessions(ids: ObjectId[]): void;
  /** Moves a person's sockets, in whatever process, into the rooms of the rights that are stored now. */
  reroom(staff: Pick<StaffRecord, "_id" | "workspaceId">): Promise<void>;
  /** Ids of the people who have a socket open now, in whatever process. */
  online(workspaceId: ObjectId): Set<string>;
  /** What each process knows of its own sockets, seen by all; it ends with the sockets. `turnMs`: between repetitions. */
  share<T>(name: string, turnMs?: number): SharedMap<T>;
  /** Undefined while there is one process alone. */
  bus: EventBus | undefined;
  close(): Promise<void>;
}

export interface RealtimeParts {
  server: HttpServer;
  config: Config;
  sessions: Sessions;
  log: Log;
  redis: RedisServer | undefined;
  processId: string;
}

export function createRealtime({ server, config, sessions, log, redis, processId }: RealtimeParts): Realtime {
  const io = new Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>(server, {
    path: "/socket.io",
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: 100_000,
    pingInterval: 20_000,
    pingTimeout: 20_000,
    ...(redis ? { adapter: redis.socketAdapter } : {}),
    allowRequest: (request, done) =>
      done(null, sameOrigin({ ...request.headers, "sec-fetch-site": undefined }, config)),
  });
  io.use((socket, next) => {
    const askedAt = performance.now();
    sessions.find(socket.request).then(
      (signed) => {
        if (!signed) return next(new Error("unauthenticated"));
        socket.data = { staff: signed.staff, sessionId: signed.session._id.toHexString(), askedAt };
        return next();
      },
      (err: unknown) => {
        log.error({ err }, "socket handshake failed");
        next(new Error("store_unavailable"));
      },
    );
  });
  const bus = redis && createBus(io, log);
  const rights = followRights(io, log, bus);
  const maps: { close(): void }[] = [];
  const share = <T>(name: string, turnMs?: number): SharedMap<T> => {
    const map = new SharedMap<T>(name, processId, bus, turnMs);
    maps.push(map);
    return map;
  };
  const people = share<{ workspaceId: string; staffId: string }>("people");
  io.on("connection", (socket) => {
    const { staff, sessionId } = socket.data;
    void socket.join(roomsOf(staff, sessionId));
    rights.check(socket);
    void endIfLate(socket, sessions, log);
    people.set(socket.id, { workspaceId: staff.workspaceId.toHexString(), staffId: staff._id.toHexString() });
    socket.on("disconnect", () => people.set(socket.id, null));
  });
  // What was told while Redis was away is lost: a screen that connects anew catches up from the store.
  redis?.onRecovered(() => {
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
  });
  return {
    emit: (rooms, event, data, except = []) =>
      void (rooms.length > 0 && io.to(rooms).except(except).emit(event, data)),
    emitHere: (rooms, event, data) => void (rooms.length > 0 && io.local.to(rooms).emit(event, data)),
    onConnect: (listener) => void io.on("connection", listener),
    onRights: rights.onChange,
    share,
    endSessions(ids) {
      const rooms = ids.map((id) => `session:${id.toHexString()}`);
      if (rooms.length === 0) return;
      io.to(rooms).emit("session_ended");
      io.in(rooms).disconnectSockets(true);
    },
    async reroom(staff) {
      bus?.send(rightsChanged, idsOf(staff));
      await rights.changed(idsOf(staff));
    },
    online(workspaceId) {
      const here = workspaceId.toHexString();
      const ids = [...people.values()].filter((one) => one.workspaceId === here).map((one) => one.staffId);
      return new Set(ids);
    },
    bus,
    async close() {
      for (const map of maps) map.close();
      await io.close();
    },
  };
}

/** A session that ended, or a person who left, while the socket was being opened: it was in no room yet that could be closed. */
async function endIfLate(socket: StaffSocket, sessions: Sessions, log: Log): Promise<void> {
  try {
    if (await sessions.find(socket.request)) return;
    socket.emit("session_ended");
    socket.disconnect(true);
  } catch (err) {
    log.error({ err }, "a socket's session could not be asked for again");
    socket.conn.close(); // it comes again
  }
}

const rightsChanged = "rights.changed";
const changedRights = z.object({ workspaceId: z.string(), staffId: z.string() });
type Changed = z.infer<typeof changedRights>;

function idsOf({ workspaceId, _id: staffId }: Pick<StaffRecord, "_id" | "workspaceId">): Changed {
  return { workspaceId: workspaceId.toHexString(), staffId: staffId.toHexString() };
}

/** Each process looks after the sockets of its own, by what is stored: the last change counts, however the news came. */
function followRights(io: Io, log: Log, bus: EventBus | undefined) {
  const changedAt = new Map<string, number>();
  const listeners: ((socket: StaffSocket) => void)[] = [];
  let turn: Promise<void> = Promise.resolve();

  const move = async ({ workspaceId, staffId }: Changed): Promise<void> => {
    const own = [...io.sockets.sockets.values()].filter(
      ({ data }) => data.staff._id.toHexString() === staffId,
    );
    if (own.length === 0) return;
    const staff = await StaffModel.findOne({ workspaceId, _id: staffId, active: true }).lean();
    for (const socket of own) {
      if (!staff) socket.disconnect(true);
      else {
        await reroomOne(socket, staff);
        for (const listener of listeners) listener(socket);
      }
    }
  };
  const changed = (what: Changed): Promise<void> => {
    changedAt.set(what.staffId, performance.now());
    const moved = turn.then(() => move(what));
    turn = moved.catch((err: unknown) => log.error({ err }, "a change of rights did not reach the sockets"));
    return moved;
  };
  const late = (): void => undefined; // it is logged above
  bus?.onReceive((name, data) => {
    const { data: what } = changedRights.safeParse(data);
    if (name === rightsChanged && what) changed(what).catch(late);
  });
  return {
    changed,
    onChange: (listener: (socket: StaffSocket) => void): void => void listeners.push(listener),
    /** A change while a socket was being opened passed it by. */
    check(socket: StaffSocket): void {
      const { staff, askedAt } = socket.data;
      if ((changedAt.get(staff._id.toHexString()) ?? -1) >= askedAt) changed(idsOf(staff)).catch(late);
    },
  };
}

async function reroomOne(socket: StaffSocket, staff: StaffRecord): Promise<void> {
  socket.data.staff = staff;
  for (const room of socket.rooms) if (/^(channel|administrators)/.test(room)) await socket.leave(room);
  await socket.join(rightsRooms(staff));
}

type Io = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

/** Events between processes go the way of the sockets' packets; ids and times arrive as what they were. */
function createBus(io: Io, log: Log): EventBus {
  return {
    send: (name, data) => void io.serverSideEmit("bus", name, EJSON.stringify(data ?? null)),
    onReceive(listener) {
      io.on("bus", (name: unknown, text: unknown) => {
        // what another version or another program wrote must not stop what comes after it
        try {
          if (typeof name === "string" && typeof text === "string")
            listener(name, EJSON.parse(text) as unknown);
        } catch (err) {
          log.error({ err }, "an event of another process could not be read");
        }
      });
    },
  };
}

function roomsOf(staff: StaffRecord, sessionId: string): string[] {
  return [
    `workspace:${staff.workspaceId.toHexString()}`,
    staffRoom(staff),
    `session:${sessionId}`,
    ...rightsRooms(staff),
  ];
}

/** Rooms that a change of rights opens or shuts. */
function rightsRooms(staff: StaffRecord): string[] {
  return [...channelRooms(staff), ...(isAdministrator(staff) ? [administratorsRoom(staff.workspaceId)] : [])];
}

/** For what only administrators may see: a code that signs an account in. */
export function administratorsRoom(workspaceId: ObjectId): string {
  return `administrators:${workspaceId.toHexString()}`;
}
