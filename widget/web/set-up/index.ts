// The widget's step of the set-up: its loader was seen on a page.
import { computed, shallowRef } from "vue";
import type { SetUpPart } from "../../../ui/feature.ts";
import { translate as t } from "../../../ui/i18n.ts";
import type { Widget } from "../../schema.ts";
import { widgetApi } from "../widget-api.ts";

export default function widgetSetUp(): SetUpPart {
  const widgets = shallowRef<Widget[]>();
  /** What fails is asked again a moment later; until then the last answer stands. */
  async function reload(): Promise<void> {
    const answer = await widgetApi.list().catch(() => undefined);
    if (answer) widgets.value = answer.items;
  }
  void reload();
  const steps = computed(() => {
    if (!widgets.value) return undefined;
    const seen = widgets.value.flatMap((one) => one.seen).at(-1);
    const begun = widgets.value.length > 0;
    return [
      {
        id: "widget",
        order: 40,
        minutes: 3,
        done: seen !== undefined,
        title: t("widgetSetUp.title"),
        text: seen
          ? t("widgetSetUp.done", { domain: seen.domain })
          : t(`widgetSetUp.${begun ? "begun" : "text"}`),
        act: {
          label: t(`widgetSetUp.${seen ? "edit" : begun ? "install" : "act"}`),
          to: begun && !seen ? "/widget/install" : "/widget",
        },
      },
    ];
  });
  return { steps, reload };
}
