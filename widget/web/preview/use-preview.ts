// The preview: a frame with loader and panel as visitors get them, told of every change of the form.
import { computed, ref, shallowRef, watch, type Ref } from "vue";
import { useEventListener } from "@vueuse/core";
import { ApiError } from "../../../ui/api.ts";
import { useTheme } from "../../../ui/use-theme.ts";
import type { PreviewReady, PreviewState, PreviewTold } from "../../schema.ts";
import type { Draft } from "../settings/use-draft.ts";
import { widgetApi, type PreviewAnswer } from "../widget-api.ts";

export type Preview = ReturnType<typeof usePreview>;

/** `locale` is the one of the screen: the first language of the preview where the widget has it. */
export function usePreview({ widget, config }: Draft, locale: Ref<string>) {
  const { dark } = useTheme();
  const state = ref<PreviewState>("home");
  const device = ref<"desktop" | "phone">("desktop");
  const chosenTheme = ref<"light" | "dark">();
  const theme = computed({
    get: () => chosenTheme.value ?? (dark.value ? "dark" : "light"),
    set: (value) => (chosenTheme.value = value),
  });
  const chosenLanguage = ref<string>();
  const language = computed({
    get: () =>
      [chosenLanguage.value, locale.value, config.value.languages[0]].find((one) => isOffered(one)) ?? "en",
    set: (value) => (chosenLanguage.value = value),
  });
  const ruleId = ref<string>();
  const answer = shallowRef<PreviewAnswer>();
  const failed = ref(false);
  const frame = shallowRef<Window>();

  function isOffered(one: string | undefined): one is string {
    return one !== undefined && config.value.languages.includes(one);
  }

  let asking = false;
  let stale = false;
  /** One question at a time; what changed meanwhile is asked next. */
  async function ask(): Promise<void> {
    stale = true;
    if (asking) return;
    asking = true;
    while (stale) {
      stale = false;
      try {
        answer.value = await widgetApi.preview(widget.value.id, {
          draft: config.value,
          language: language.value,
          ...(ruleId.value ? { ruleId: ruleId.value } : {}),
        });
        failed.value = false;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failed.value = true;
      }
    }
    asking = false;
  }
  watch([config, language, ruleId], () => void ask(), { deep: true, immediate: true });

  const told = computed<PreviewTold | undefined>(() => {
    if (!answer.value) return undefined;
    const { config: page, rule, panel } = answer.value;
    return {
      switchboard: "preview",
      widgetKey: widget.value.key,
      state: state.value,
      theme: theme.value,
      config: page,
      ...(rule ? { rule } : {}),
      panel,
    };
  });
  /** The page in the frame has no origin of its own: nobody else can be named as the addressee. */
  const tell = (): void => {
    if (told.value) frame.value?.postMessage(JSON.parse(JSON.stringify(told.value)), "*");
  };
  watch([told, frame], tell);

  /** Takes the frame's window once the page in it listens. */
  function listenTo(element: () => HTMLIFrameElement | null): void {
    useEventListener(window, "message", ({ source, data }: MessageEvent<PreviewReady | undefined>) => {
      const own = element()?.contentWindow;
      if (!own || source !== own || data?.switchboard !== "ready") return;
      frame.value = own;
      tell();
    });
  }

  return { state, device, theme, language, ruleId, answer, failed, listenTo, ask };
}
