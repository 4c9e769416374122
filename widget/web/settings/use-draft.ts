// The draft of a widget's settings, for the screen and the sections that stand in it.
import { inject, onScopeDispose, provide, type InjectionKey } from "vue";
import { useI18n } from "vue-i18n";
import { copyOf, useDraft } from "../../../ui/kit/use-draft.ts";
import { onConnected, onLive } from "../../../ui/socket.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { Widget, WidgetChanged, WidgetConfig } from "../../schema.ts";
import { widgetApi } from "../widget-api.ts";

export type Draft = ReturnType<typeof useWidgetDraft>;
const key: InjectionKey<Draft> = Symbol("the widget's draft");

/** The draft of the screen that a section stands in. */
export function injectDraft(): Draft {
  const draft = inject(key);
  if (!draft) throw new Error("a section stands in the widget's screen");
  return draft;
}

export function useWidgetDraft(first: Widget) {
  const { t } = useI18n();
  const { id } = first;
  let newest = 0;
  const draft = useDraft<WidgetConfig, Widget>(first, {
    read: async () => withKey(await widgetApi.read(id)),
    save: async (config, rev, keepalive) => withKey(await widgetApi.save(id, config, rev, keepalive)),
    onMerged: () => showToast({ tone: "info", title: t("widget.clash.both") }),
    isBehind: (): boolean => newest > widget.value.rev,
  });
  const { thing: widget, value: config, clash, busy, unsaved, dirty, mayChange, follow, settle, act } = draft;

  /** The hub tells the key once; it is shown until the screen is left. */
  function withKey(fresh: Widget): Widget {
    const { identityKey } = widget.value;
    return identityKey && fresh.identity ? { identityKey, ...fresh } : fresh;
  }
  const publish = (): Promise<boolean> =>
    act(async () => {
      widget.value = withKey(await widgetApi.publish(id, widget.value.rev));
      showToast({ title: t("widget.publishedNow") });
    });
  const discard = (): Promise<boolean> =>
    act(async () => {
      const former = copyOf(config.value);
      const fresh = withKey(await widgetApi.discard(id, widget.value.rev));
      draft.take(fresh, fresh.draft);
      const run = (): void => void (config.value = former);
      showToast({ title: t("widget.discarded"), action: { label: t("widget.undo"), run } });
    });
  const setIdentity = (on: boolean): Promise<boolean> =>
    act(async () => void (widget.value = await widgetApi.identity(id, on)));
  /** Where the widget was seen meanwhile. */
  async function refresh(): Promise<void> {
    const fresh = await widgetApi.read(id);
    if (fresh.rev === widget.value.rev) widget.value = withKey(fresh);
  }

  const stops = [
    onLive<WidgetChanged>("widget_changed", (told) => {
      if (told.id !== id) return;
      newest = Math.max(newest, told.rev);
      if (told.rev > widget.value.rev || told.publishedAt !== widget.value.publishedAt) follow();
    }),
    onConnected(follow),
  ];
  onScopeDispose(() => stops.forEach((stop) => stop()));

  const isSaved = (): boolean => !dirty.value;
  const shown = { widget, config, clash, busy, unsaved, mayChange, isSaved, publish, discard, settle };
  const provided = { ...shown, setIdentity, refresh };
  provide(key, provided);
  return provided;
}
