import type { ComputedRef, InjectionKey, Ref } from "vue";
import type { CardFacts } from "../../schema.ts";

/** What the forms of a builder need to know of it. */
export interface Builder {
  cardId: ComputedRef<string>;
  /** In which the texts are typed now. */
  language: Ref<string>;
  accounts: Ref<{ id: string; name: string; handle: string; service: string }[]>;
  /** What the hub knows that the draft shows: hours and their zone, files, reviews. */
  facts: Ref<CardFacts>;
  /** Asks anew what the hub knows that the card shows. */
  refresh(): void;
}
export const builderKey: InjectionKey<Builder> = Symbol("the card's builder");
