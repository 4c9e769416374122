// The steps of the set-up: the workspace's own and those that other features add, in one order.
import { useIntervalFn } from "@vueuse/core";
import { computed, effectScope, onScopeDispose, shallowRef, watch, type Component, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import type { SetUpPart, SetUpStep } from "../../../ui/feature.ts";
import { setUpParts } from "../../../ui/set-up-parts.ts";
import type { Home } from "../types.ts";

/** What happens outside, such as a visit of the card, is told to nobody here: it is looked for so often. */
const lookMs = 5000;

export interface SetUp {
  /** Undefined until all of it is known. */
  steps: Ref<SetUpStep[] | undefined>;
  asides: Ref<Component[]>;
}

/** Parts are loaded once `wanted`; their facts are asked for again whenever the home's change, and every few seconds. */
export function useSetUp(home: Ref<Home | undefined>, wanted: Ref<boolean>): SetUp {
  const { t } = useI18n();
  const scope = effectScope();
  const parts = shallowRef<SetUpPart[]>();
  const own = computed<SetUpStep[] | undefined>(() => {
    if (!home.value) return undefined;
    const { channels, colleagues } = home.value.steps;
    const hasChannels = channels.length > 0;
    return [
      {
        id: "channels",
        order: 20,
        minutes: 2,
        done: hasChannels,
        title: t("workspace.home.setup.channels.title"),
        text: t("workspace.home.setup.channels.text"),
        act: {
          label: t(`workspace.home.setup.channels.${hasChannels ? "more" : "act"}`),
          to: "/channels/connect",
        },
      },
      {
        id: "colleagues",
        order: 50,
        minutes: 1,
        done: colleagues > 0,
        title: t("workspace.home.setup.colleagues.title"),
        text:
          colleagues > 0
            ? t("workspace.home.setup.colleagues.done", { count: colleagues }, colleagues)
            : t("workspace.home.setup.colleagues.text"),
        act: {
          label: t(`workspace.home.setup.colleagues.${colleagues > 0 ? "more" : "act"}`),
          to: "/settings/team",
        },
      },
    ];
  });
  const steps = computed(() => {
    const all = [own.value, ...(parts.value ?? [undefined]).map((part) => part?.steps.value)];
    if (all.some((some) => some === undefined)) return undefined;
    return all.flatMap((some) => some ?? []).toSorted((a, b) => a.order - b.order);
  });
  const reload = (): void => parts.value?.forEach((part) => void part.reload());

  async function load(): Promise<void> {
    // A part that cannot be loaded, without a line for one, is left out: the home screen is there without it.
    const files = await Promise.allSettled(setUpParts.value.map((part) => part()));
    const found = files.flatMap((file) => (file.status === "fulfilled" ? file.value : []));
    scope.run(() => (parts.value = found.map((file) => file.default())));
  }
  watch(wanted, (is) => is && !parts.value && void load(), { immediate: true });
  watch(home, reload);
  const isOpen = (): boolean => steps.value?.every((step) => step.done) !== true;
  const looking = useIntervalFn(() => !document.hidden && wanted.value && isOpen() && reload(), lookMs);
  onScopeDispose(() => {
    looking.pause();
    scope.stop();
  });
  return {
    steps,
    asides: computed(() =>
      (parts.value ?? []).flatMap((part): Component[] => (part.aside ? [part.aside] : [])),
    ),
  };
}
