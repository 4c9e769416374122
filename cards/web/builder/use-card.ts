// The draft of a card: what the builder shows, saved as it changes, with a hundred steps back.
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { useEventListener } from "@vueuse/core";
import { ApiError } from "../../../ui/api.ts";
import { isSame, mergeDrafts } from "../../../ui/kit/merge-drafts.ts";
import { problemOf } from "../../../ui/problem.ts";
import { session } from "../../../ui/session.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { Block, CardContent } from "../../blocks/schema.ts";
import type { Card } from "../../schema.ts";
import { cardsApi } from "../cards-api.ts";

const pauseMs = 500;
const againMs = 3000;
const mostSteps = 100;

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Without pictures that are still to be chosen. */
function sendable(content: CardContent): CardContent {
  const copy = copyOf(content);
  for (const block of copy.blocks)
    if (block.type === "gallery") block.pictures = block.pictures.filter(({ fileId }) => fileId !== "");
  return copy;
}

/** Blocks by their ids beside their order, so that two people who change different blocks both keep their work. */
interface Parts {
  languages: string[];
  design: CardContent["design"];
  order: string[];
  blocks: Record<string, Block>;
}
const toParts = ({ languages, design, blocks }: CardContent): Parts => ({
  languages,
  design,
  order: blocks.map(({ id }) => id),
  blocks: Object.fromEntries(blocks.map((block) => [block.id, block])),
});
function fromParts({ languages, design, order, blocks }: Parts): CardContent {
  const known = order.flatMap((id) => blocks[id] ?? []);
  const added = Object.values(blocks).filter(({ id }) => !order.includes(id));
  return { languages, design, blocks: [...known, ...added] };
}

export function useCard(first: Card) {
  const card = shallowRef(first);
  const content = ref<CardContent>(copyOf(first.draft));
  let base = copyOf(first.draft);
  const state = ref<"saved" | "saving" | "unsaved">("saved");
  /** Somebody changed the same block: theirs waits for a decision. */
  const clash = shallowRef<Card>();
  const busy = ref(false);
  const mayChange = computed(() => session.value?.me.role !== "employee");
  const past = ref<string[]>([]);
  const future = ref<string[]>([]);
  let last = JSON.stringify(content.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> | undefined;

  const isDirty = (): boolean => !isSame(sendable(content.value), base);
  watch(
    content,
    () => {
      const now = JSON.stringify(content.value);
      if (now === last) return;
      past.value = [...past.value, last].slice(-mostSteps);
      future.value = [];
      last = now;
      plan(pauseMs);
    },
    { deep: true },
  );

  function step(from: typeof past, to: typeof past): void {
    const next = from.value.at(-1);
    if (next === undefined) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, last];
    last = next;
    content.value = JSON.parse(next) as CardContent;
    plan(pauseMs);
  }
  const undo = (): void => step(past, future);
  const redo = (): void => step(future, past);

  function plan(ms: number): void {
    clearTimeout(timer);
    if (!isDirty() || clash.value || !mayChange.value) return;
    if (state.value === "saved") state.value = "saving";
    timer = setTimeout(() => void save(), ms);
  }
  function save(): Promise<void> {
    clearTimeout(timer);
    return (saving ??= store().finally(() => {
      saving = undefined;
      plan(state.value === "unsaved" ? againMs : 0);
    }));
  }
  async function store(): Promise<void> {
    if (!isDirty() || clash.value) return;
    const sent = sendable(content.value);
    try {
      card.value = await cardsApi.save(card.value.id, sent, card.value.rev);
      base = sent;
      state.value = isDirty() ? "saving" : "saved";
    } catch (error) {
      if (error instanceof ApiError && error.code === "conflict") return meet();
      if (state.value !== "unsaved") showToast({ tone: "bad", title: problemOf(error) });
      state.value = "unsaved";
    }
  }

  /** Somebody was faster: both changes are put together, where they are of different blocks. */
  async function meet(): Promise<void> {
    const fresh = await cardsApi.read(card.value.id);
    const { value, clashes } = mergeDrafts(toParts(base), toParts(content.value), toParts(fresh.draft));
    if (clashes.some((path) => path !== "order")) return void (clash.value = fresh);
    take(fresh, fromParts(value));
  }
  function take(fresh: Card, value: CardContent): void {
    card.value = fresh;
    base = copyOf(fresh.draft);
    content.value = copyOf(value);
    if (!isDirty()) state.value = "saved";
    plan(0);
  }
  function settle(keep: "mine" | "theirs"): void {
    const fresh = clash.value;
    if (!fresh) return;
    clash.value = undefined;
    const [mine, theirs] = [toParts(content.value), toParts(fresh.draft)];
    const merged =
      keep === "mine" ? mergeDrafts(toParts(base), mine, theirs) : mergeDrafts(toParts(base), theirs, mine);
    take(fresh, fromParts(merged.value));
  }

  async function act(work: () => Promise<Card>): Promise<boolean> {
    busy.value = true;
    try {
      await save();
      if (isDirty() || clash.value) return false;
      card.value = await work();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === "conflict") await meet();
      else showToast({ tone: "bad", title: problemOf(error) });
      return false;
    } finally {
      busy.value = false;
    }
  }
  const publish = (): Promise<boolean> => act(() => cardsApi.publish(card.value.id, card.value.rev));
  async function discard(): Promise<void> {
    if (await act(() => cardsApi.discard(card.value.id, card.value.rev))) take(card.value, card.value.draft);
  }

  useEventListener(window, "pagehide", () => {
    if (isDirty() && mayChange.value && !clash.value)
      void cardsApi.save(card.value.id, content.value, card.value.rev, true);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    if (isDirty() && mayChange.value) void store();
  });

  return { card, content, state, clash, busy, mayChange, past, future, undo, redo, settle, publish, discard };
}
