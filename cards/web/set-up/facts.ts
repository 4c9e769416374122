import { shallowRef } from "vue";
import { problemOf } from "../../../ui/problem.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { CardSetUp } from "../../schema.ts";
import { cardsApi } from "../cards-api.ts";

/** Undefined until it is known. */
export const setUp = shallowRef<CardSetUp>();

const restMs = 30_000;
let askedAt = 0;

/** For a screen that looks again every few seconds: the way from Instagram takes longer than that. */
export async function loadSetUpSoon(): Promise<void> {
  if (Date.now() - askedAt >= restMs) await loadSetUp();
}

/** What fails is asked again a moment later; until then the last answer stands. */
export async function loadSetUp(): Promise<void> {
  askedAt = Date.now();
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
