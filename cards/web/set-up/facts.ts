import { shallowRef } from "vue";
import { problemOf } from "../../../ui/problem.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { CardSetUp } from "../../schema.ts";
import { cardsApi } from "../cards-api.ts";

/** Undefined until it is known. */
export const setUp = shallowRef<CardSetUp>();

/** What fails is asked again a moment later; until then the last answer stands. */
export async function loadSetUp(): Promise<void> {
  const answer = await cardsApi.setUp().catch(() => undefined);
  if (answer) setUp.value = answer;
}

/** What is wrong is said; the step stays as it was. */
export async function putMessengers(cardId: string): Promise<void> {
  try {
    await cardsApi.showMessengers(cardId);
    await loadSetUp();
  } catch (error) {
    showToast({ tone: "bad", title: problemOf(error) });
  }
}
