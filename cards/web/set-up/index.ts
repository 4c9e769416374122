// The card's steps of the set-up: it is published, and the link in the bio has been followed.
import { computed } from "vue";
import type { SetUpPart } from "../../../ui/feature.ts";
import { translate as t } from "../../../ui/i18n.ts";
import BioStep from "./BioStep.vue";
import CardAside from "./CardAside.vue";
import { loadSetUp, loadSetUpSoon, putMessengers, setUp } from "./facts.ts";

export default function cardSetUp(): SetUpPart {
  void loadSetUp();
  const steps = computed(() => {
    if (!setUp.value) return undefined;
    const { card } = setUp.value;
    const published = card?.published === true;
    const to = card ? `/cards/${card.id}` : "/cards";
    const bare = published && card.withoutMessengers;
    const waits = bare && card.messengersWait;
    return [
      {
        id: "card",
        order: 10,
        minutes: bare ? 0 : 2,
        done: published && !bare,
        title: t("cardSetUp.card.title"),
        text: bare
          ? t(`cardSetUp.card.${waits ? "waits" : "bare"}`)
          : published
            ? shortAddress(card.url)
            : t(`cardSetUp.card.${card ? "begun" : "text"}`),
        act:
          bare && !waits
            ? { label: t("cardSetUp.card.put"), run: () => putMessengers(card.id) }
            : { label: t(`cardSetUp.card.${card ? "edit" : "act"}`), to },
      },
      {
        id: "bio",
        order: 30,
        minutes: 1,
        done: card?.fromInstagram === true,
        title: t("cardSetUp.bio.title"),
        text: card?.fromInstagram
          ? t("cardSetUp.bio.done")
          : t(published ? "cardSetUp.bio.text" : "cardSetUp.bio.first"),
        act: { label: t(`cardSetUp.bio.${published ? "open" : "toCard"}`), to },
        ...(published ? { body: BioStep } : {}),
      },
    ];
  });
  return { steps, reload: loadSetUpSoon, aside: CardAside };
}

function shortAddress(url: string): string {
  return url.replace(/^https?:\/\//, "");
}
