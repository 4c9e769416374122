/** Files of a message to come: uploaded while it is being written, kept over views and reloads, tried again by themselves. */
import { computed, onMounted, onUnmounted, reactive, ref, watch } from "vue";
import type { Bridge } from "../bridge.ts";
import { dropFile, dropOld, findFile, keepFile } from "./kept-files.ts";
import { newId, Refused, type Session } from "./session.ts";
import { say } from "./words.ts";

export interface Upload {
  id: string;
  /** Of the chat it was chosen in. */
  thread: string;
  name: string;
  size: number;
  /** Goes as a message of its own as soon as the hub has it. */
  voice: boolean;
  /** Bytes that have left. */
  sent: number;
  /** Bytes that the hub has: it goes on from them. */
  there: number;
  /** The hub has it under this id. */
  fileId?: string | undefined;
  failed?: string | undefined;
}

const pieceBytes = 524_288;

export function useUploads(session: Session, thread: string, sendVoice: (fileId: string) => void) {
  const { shown, bridge } = session;
  const listKey = `switchboard:${bridge.key}:files`;
  const uploads = reactive<Upload[]>([]);
  const fault = ref("");
  const files = new Map<string, File>();
  const underWay = new Map<string, () => void>();
  const ready = computed(() => uploads.every((one) => one.fileId !== undefined));

  function readList(): Upload[] {
    try {
      return JSON.parse(sessionStorage.getItem(listKey) ?? "[]") as Upload[];
    } catch {
      return []; // storage is closed to this page
    }
  }
  /** Files of a chat that was never begun belong to the next one. */
  const isHere = (one: Upload): boolean =>
    one.thread === thread || !shown.threads.some((chat) => chat.key === one.thread);
  function keepList(): void {
    try {
      const others = readList().filter((one) => !isHere(one));
      sessionStorage.setItem(listKey, JSON.stringify([...others, ...uploads]));
    } catch {
      return; // as above
    }
  }

  function add(chosen: Iterable<File>, voice = false): void {
    fault.value = "";
    for (const file of chosen) {
      if (file.size > shown.config.maxFileBytes) {
        fault.value = say("tooLarge", { max: Math.floor(shown.config.maxFileBytes / 1_048_576) });
        continue;
      }
      const one: Upload = { id: newId(), thread, name: file.name, size: file.size, voice, sent: 0, there: 0 };
      files.set(one.id, file);
      uploads.push(one);
      void keepFile(bridge.key, one.id, file);
      void start(one.id);
    }
    keepList();
  }

  async function start(id: string): Promise<void> {
    const one = uploads.find((candidate) => candidate.id === id);
    if (!one || underWay.has(id)) return;
    one.failed = undefined;
    const file = files.get(id) ?? (await findFile(bridge.key, id));
    if (!file) return drop(id);
    files.set(id, file);
    const stop = new AbortController();
    underWay.set(id, () => stop.abort());
    try {
      arrived(one, await upload(one, file, stop.signal));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused(one, error.code);
    } finally {
      underWay.delete(id);
    }
  }
  /** Piece by piece, so that a cut or a reload costs the one that was on its way. */
  async function upload(one: Upload, file: File, stop: AbortSignal): Promise<string> {
    for (;;) {
      const { id, received = 0 } = await sendPiece(bridge, file, one, stop);
      if (id) return id;
      one.there = one.sent = received;
      keepList();
    }
  }
  function arrived(one: Upload, fileId: string): void {
    one.fileId = fileId;
    void dropFile(bridge.key, one.id);
    if (one.voice) {
      drop(one.id);
      sendVoice(fileId);
    }
    keepList();
  }
  function refused(one: Upload, code: string): void {
    if (code === "cancelled") return;
    if (code !== "file_type_refused") return void (one.failed = code);
    fault.value = `${one.name}: ${say("refused")}`;
    drop(one.id);
  }

  function drop(id: string): void {
    const at = uploads.findIndex((one) => one.id === id);
    if (at >= 0) uploads.splice(at, 1);
    underWay.get(id)?.();
    files.delete(id);
    void dropFile(bridge.key, id);
    keepList();
  }
  /** The ids of all that has arrived; the list is empty then. */
  function take(): string[] {
    fault.value = "";
    const ids = uploads.flatMap((one) => one.fileId ?? []);
    uploads.splice(0);
    files.clear();
    keepList();
    return ids;
  }

  onMounted(() => {
    for (const one of readList().filter(isHere)) uploads.push({ ...one, thread, sent: one.there });
    for (const one of uploads) if (!one.fileId) void start(one.id);
    void dropOld(bridge.key);
  });
  watch(
    () => shown.online,
    (online) => {
      if (online) for (const one of uploads) if (one.failed === "offline") void start(one.id);
    },
  );
  onUnmounted(() => {
    for (const cancel of underWay.values()) cancel(); // the list is kept: the next view of the chat goes on
  });
  return { uploads, fault, ready, add, retry: start, drop, take };
}

interface Answer {
  /** The hub has it whole. */
  id?: string;
  /** The hub has so much of it. */
  received?: number;
  error?: { code: string };
}

/** By XMLHttpRequest, which tells how much has left. */
function sendPiece(bridge: Bridge, file: File, one: Upload, stop: AbortSignal): Promise<Answer> {
  const { id, there } = one;
  const request = new XMLHttpRequest();
  stop.onabort = () => request.abort();
  return new Promise((resolve, reject) => {
    request.open("POST", `${bridge.hub}/widget/files?key=${bridge.key}`);
    request.setRequestHeader("authorization", `Bearer ${bridge.kept.token ?? ""}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    if (file.size > pieceBytes) request.setRequestHeader("x-upload", `${id} ${there}/${file.size}`);
    request.upload.onprogress = (event) => (one.sent = there + event.loaded);
    request.onload = () => {
      const answer = readAnswer(request.responseText);
      if (answer.id || answer.received !== undefined) resolve(answer);
      else reject(new Refused(answer.error?.code ?? "failed"));
    };
    request.onerror = () => reject(new Refused("offline"));
    request.onabort = () => reject(new Refused("cancelled"));
    request.send(file.slice(there, there + pieceBytes, file.type));
  });
}

function readAnswer(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {}; // something between the hub and the page has answered
  }
}
