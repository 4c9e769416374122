// A draft that is saved as it changes, by several people at once: what the form shows, and what the hub has of it.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { useEventListener } from "@vueuse/core";
import { ApiError } from "../api.ts";
import { problemOf } from "../problem.ts";
import { session } from "../session.ts";
import { showToast } from "../use-toasts.ts";
import { isSame, mergeDrafts, type Merged } from "./merge-drafts.ts";

/** What a draft belongs to, as the hub tells it. */
interface Whole<Value> {
  draft: Value;
  rev: number;
}

export interface DraftDoor<Thing, Value> {
  read(): Promise<Thing>;
  /** Refused with `conflict` when the draft is not of this revision any more; `keepalive` goes on though the page is left. */
  save(draft: Value, rev: number, keepalive?: boolean): Promise<Thing>;
  /** As it may be sent; without it, as it is shown. */
  sendable?: (value: Value) => Value;
  merge?: (base: Value, mine: Value, theirs: Value) => Merged<Value>;
  /** Somebody else's change was put together with one that was not saved yet. */
  onMerged?(): void;
  /** The hub told of a newer revision while this one was being saved. */
  isBehind?(): boolean;
}

const pauseMs = 400;
/** After a save that failed. */
const againMs = 3000;

export function useDraft<Value, Thing extends Whole<Value>>(first: Thing, door: DraftDoor<Thing, Value>) {
  const sendable = door.sendable ?? copyOf;
  const merge = door.merge ?? mergeDrafts<Value>;
  const thing = shallowRef(first) as ShallowRef<Thing>;
  const value = ref(copyOf(first.draft)) as Ref<Value>;
  /** What the form and the hub agreed upon last. */
  const base = shallowRef(copyOf(first.draft)) as ShallowRef<Value>;
  /** Somebody changed the same at the same time: `paths` say what; nothing is saved until it is settled. */
  const clash: ShallowRef<{ theirs: Thing; paths: string[] } | undefined> = shallowRef();
  const busy = ref(false);
  /** The last try to save failed; it is repeated. */
  const unsaved = ref(false);
  const mayChange = computed(() => session.value?.me.role !== "employee");
  const dirty = computed(() => !isSame(sendable(value.value), base.value));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> | undefined;

  watch(value, () => plan(pauseMs), { deep: true });

  function plan(ms: number): void {
    clearTimeout(timer);
    if (dirty.value && !clash.value && mayChange.value) timer = setTimeout(() => void save(), ms);
  }
  /** Resolves when what the form shows is on the hub, or could not be brought there. */
  function save(): Promise<void> {
    clearTimeout(timer);
    return (saving ??= store().finally(() => {
      saving = undefined;
      if (unsaved.value) return plan(againMs);
      if (door.isBehind?.()) quietly(look());
      plan(0);
    }));
  }
  async function store(): Promise<void> {
    if (!dirty.value || clash.value) return;
    const sent = copyOf(sendable(value.value));
    try {
      thing.value = await door.save(sent, thing.value.rev);
      base.value = sent;
      unsaved.value = false;
    } catch (error) {
      if (isConflict(error)) await look().catch(failed);
      else failed(error);
    }
  }
  function failed(error: unknown): void {
    if (!unsaved.value) tell(error);
    unsaved.value = true;
  }

  /** Reads what the hub has, and puts it together with what is not saved yet. */
  async function look(): Promise<void> {
    const theirs = await door.read();
    const merged = merge(base.value, value.value, theirs.draft);
    if (merged.clashes.length > 0) return void (clash.value = { theirs, paths: merged.clashes });
    if (!isSame(base.value, theirs.draft) && dirty.value) door.onMerged?.();
    take(theirs, merged.value);
  }
  function take(fresh: Thing, next: Value): void {
    thing.value = fresh;
    base.value = copyOf(fresh.draft);
    unsaved.value = false;
    if (!isSame(value.value, next)) value.value = copyOf(next);
    else plan(pauseMs);
  }
  /** Ends a clash: with what is here, or with what the other has done, where both did something. */
  async function settle(keep: "mine" | "theirs"): Promise<void> {
    const found = clash.value;
    if (!found) return;
    const { draft } = found.theirs;
    const merged =
      keep === "mine" ? merge(base.value, value.value, draft) : merge(base.value, draft, value.value);
    clash.value = undefined;
    take(found.theirs, merged.value);
    await save();
  }

  /** Works on what is saved; false when it was not, or the work was refused. */
  async function act(work: () => Promise<void>): Promise<boolean> {
    busy.value = true;
    try {
      do await save();
      while (dirty.value && !unsaved.value && !clash.value); // what was typed while it was being saved
      if (dirty.value) return false;
      await work();
      return true;
    } catch (error) {
      if (isConflict(error)) await look().catch(tell);
      else tell(error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  /** Another page or the line says that there may be something new; what is being saved finds out by itself. */
  function follow(): void {
    if (!saving) quietly(look());
  }

  useEventListener(window, "pagehide", () => {
    if (dirty.value && mayChange.value && !clash.value)
      quietly(door.save(sendable(value.value), thing.value.rev, true));
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    if (dirty.value && mayChange.value) quietly(store());
  });
  return { thing, value, base, clash, busy, unsaved, dirty, mayChange, follow, take, settle, act, save };
}

function tell(error: unknown): void {
  showToast({ tone: "bad", title: problemOf(error) });
}

function quietly(work: Promise<unknown>): void {
  void work.catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error; // the frame says what is wrong with the line
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === "conflict";
}

/** A copy that shares nothing; also of a reactive object. */
export function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
