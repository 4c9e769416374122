// The draft of a card: what the builder shows, saved as it changes, with a hundred steps back.
import { useOnline } from "@vueuse/core";
import { computed, ref, watch } from "vue";
import { mergeDrafts, type Merged } from "../../../ui/kit/merge-drafts.ts";
import { copyOf, useDraft } from "../../../ui/kit/use-draft.ts";
import type { Block, CardContent } from "../../blocks/schema.ts";
import type { Card } from "../../schema.ts";
import { cardsApi } from "../cards-api.ts";
import { dropCopy, keepCopy, readCopy } from "./kept-copy.ts";

const mostSteps = 100;

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
/** Where both changed the order, mine stays. */
function merge(base: CardContent, mine: CardContent, theirs: CardContent): Merged<CardContent> {
  const { value, clashes } = mergeDrafts(toParts(base), toParts(mine), toParts(theirs));
  return { value: fromParts(value), clashes: clashes.filter((path) => path !== "order") };
}

export function useCard(first: Card) {
  const { id } = first;
  const draft = useDraft<CardContent, Card>(first, {
    read: () => cardsApi.read(id),
    save: (content, rev, keepalive) => cardsApi.save(id, content, rev, keepalive),
    sendable,
    merge,
  });
  const { thing: card, value: content, base, clash, busy, unsaved, dirty, mayChange, settle, act } = draft;
  const online = useOnline();
  const state = computed(() =>
    clash.value
      ? "asks"
      : !dirty.value
        ? "saved"
        : !online.value
          ? "offline"
          : unsaved.value
            ? "unsaved"
            : "saving",
  );
  const kept = readCopy(id);
  if (kept && mayChange.value) {
    const merged = merge(kept.base, kept.content, first.draft);
    content.value =
      merged.clashes.length > 0 ? merge(first.draft, kept.content, first.draft).value : merged.value;
  }
  // what the hub has is of no use as a copy: only what could not be brought there is kept
  watch([content, dirty, unsaved, online], () =>
    dirty.value && (unsaved.value || !online.value)
      ? keepCopy(id, { base: base.value, content: content.value })
      : dropCopy(id),
  );
  watch(online, (now) => now && dirty.value && void draft.save());
  const past = ref<string[]>([]);
  const future = ref<string[]>([]);
  /** Counts every step, also those back and forth. */
  const steps = ref(0);
  let last = JSON.stringify(content.value);

  watch(
    content,
    () => {
      const now = JSON.stringify(content.value);
      if (now === last) return;
      past.value = [...past.value, last].slice(-mostSteps);
      future.value = [];
      last = now;
      steps.value++;
    },
    { deep: true },
  );
  function step(from: typeof past, to: typeof past): void {
    const next = from.value.at(-1);
    if (next === undefined) return;
    from.value = from.value.slice(0, -1);
    to.value = [...to.value, last];
    last = next;
    steps.value++;
    content.value = JSON.parse(next) as CardContent;
  }
  const undo = (): void => step(past, future);
  const redo = (): void => step(future, past);

  const publish = (): Promise<boolean> =>
    act(async () => void (card.value = await cardsApi.publish(id, card.value.rev)));
  const discard = (): Promise<boolean> =>
    act(async () => {
      const fresh = await cardsApi.discard(id, card.value.rev);
      draft.take(fresh, fresh.draft);
    });

  return {
    card,
    content,
    state,
    clash,
    busy,
    mayChange,
    past,
    future,
    steps,
    undo,
    redo,
    settle,
    publish,
    discard,
    retry: draft.save,
  };
}
