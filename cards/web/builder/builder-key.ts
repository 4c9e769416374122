import type { ComputedRef, InjectionKey, Ref } from "vue";

/** What the forms of a builder need to know of it. */
export interface Builder {
  cardId: ComputedRef<string>;
  /** In which the texts are typed now. */
  language: Ref<string>;
  /** In which the business's clock runs. */
  timeZone: ComputedRef<string>;
  accounts: Ref<{ id: string; name: string; handle: string; service: string }[]>;
  /** Files of the draft that the hub knows. */
  files: ComputedRef<Record<string, { name: string; size: number }>>;
  /** Asks anew what the hub knows that the card shows. */
  refresh(): void;
}
export const builderKey: InjectionKey<Builder> = Symbol("the card's builder");
