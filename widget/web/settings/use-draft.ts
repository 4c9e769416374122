// The draft of a widget's settings: what the form shows, saved as it changes, and published when it is ready.
import { computed, inject, onScopeDispose, provide, ref, shallowRef, watch, type InjectionKey } from "vue";
import { useI18n } from "vue-i18n";
import { useEventListener } from "@vueuse/core";
import { ApiError } from "../../../ui/api.ts";
import { problemOf } from "../../../ui/problem.ts";
import { session } from "../../../ui/session.ts";
import { onConnected, onLive } from "../../../ui/socket.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import type { Widget, WidgetChanged, WidgetConfig } from "../../schema.ts";
import { widgetApi } from "../widget-api.ts";
import { isSame, mergeDrafts } from "../../../ui/kit/merge-drafts.ts";

/** Somebody changed the same thing at the same time: `paths` say what, `widget` is theirs. */
export interface Clash {
  widget: Widget;
  paths: string[];
}

const pauseMs = 400;
/** After a save that failed. */
const againMs = 3000;

export type Draft = ReturnType<typeof useDraft>;
const key: InjectionKey<Draft> = Symbol("the widget's draft");

/** The draft of the screen that a section stands in. */
export function injectDraft(): Draft {
  const draft = inject(key);
  if (!draft) throw new Error("a section stands in the widget's screen");
  return draft;
}

export function useDraft(first: Widget) {
  const { t } = useI18n();
  const widget = shallowRef(first);
  const config = ref<WidgetConfig>(copyOf(first.draft));
  /** What the form and the hub agreed upon last. */
  let base = copyOf(first.draft);
  const clash = shallowRef<Clash>();
  const busy = ref(false);
  /** The last try to save failed; it is repeated. */
  const unsaved = ref(false);
  const mayChange = computed(() => session.value?.me.role !== "employee");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> | undefined;
  let newest = 0;

  /** The hub tells the key once; it is shown until the screen is left. */
  function withKey(fresh: Widget): Widget {
    const { identityKey } = widget.value;
    return identityKey && fresh.identity ? { identityKey, ...fresh } : fresh;
  }
  const isDirty = (): boolean => !isSame(config.value, base);
  watch(config, () => plan(pauseMs), { deep: true });

  function plan(ms: number): void {
    clearTimeout(timer);
    if (isDirty() && !clash.value && mayChange.value) timer = setTimeout(() => void save(), ms);
  }
  /** Resolves when what the form shows is on the hub, or could not be brought there. */
  function save(): Promise<void> {
    clearTimeout(timer);
    return (saving ??= store().finally(() => {
      saving = undefined;
      if (unsaved.value) return plan(againMs);
      if (newest > widget.value.rev) void look();
      plan(0);
    }));
  }
  async function store(): Promise<void> {
    if (!isDirty() || clash.value) return;
    const sent = copyOf(config.value);
    try {
      widget.value = withKey(await widgetApi.save(widget.value.id, sent, widget.value.rev));
      base = sent;
      unsaved.value = false;
    } catch (error) {
      if (isConflict(error)) return look();
      if (!unsaved.value) showToast({ tone: "bad", title: problemOf(error) });
      unsaved.value = true;
    }
  }

  /** Reads what the hub has, and puts it together with what is not saved yet. */
  async function look(): Promise<void> {
    const fresh = await widgetApi.read(widget.value.id);
    const { value, clashes } = mergeDrafts(base, config.value, fresh.draft);
    const foreign = !isSame(base, fresh.draft);
    if (clashes.length > 0) {
      clash.value = { widget: fresh, paths: clashes };
      return;
    }
    if (foreign && isDirty()) showToast({ tone: "info", title: t("widget.clash.both") });
    take(fresh, value);
  }
  function take(fresh: Widget, value: WidgetConfig): void {
    widget.value = withKey(fresh);
    base = copyOf(fresh.draft);
    unsaved.value = false;
    if (!isSame(config.value, value)) config.value = copyOf(value);
    else plan(pauseMs);
  }
  /** Ends a clash: with what is here, or with what the other has done, where both did something. */
  async function settle(keep: "mine" | "theirs"): Promise<void> {
    const found = clash.value;
    if (!found) return;
    const { draft } = found.widget;
    const merged =
      keep === "mine" ? mergeDrafts(base, config.value, draft) : mergeDrafts(base, draft, config.value);
    clash.value = undefined;
    take(found.widget, merged.value);
    await save();
  }

  async function act(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    try {
      do await save();
      while (isDirty() && !unsaved.value && !clash.value); // what was typed while it was being saved
      if (!isDirty()) await work();
    } catch (error) {
      if (isConflict(error)) await look();
      else showToast({ tone: "bad", title: problemOf(error) });
    } finally {
      busy.value = false;
    }
  }
  const publish = (): Promise<void> =>
    act(async () => {
      widget.value = withKey(await widgetApi.publish(widget.value.id, widget.value.rev));
      showToast({ title: t("widget.publishedNow") });
    });
  const discard = (): Promise<void> =>
    act(async () => {
      const former = copyOf(config.value);
      const fresh = await widgetApi.discard(widget.value.id, widget.value.rev);
      take(fresh, fresh.draft);
      const run = (): void => void (config.value = former);
      showToast({ title: t("widget.discarded"), action: { label: t("widget.undo"), run } });
    });
  const setIdentity = (on: boolean): Promise<void> =>
    act(async () => void (widget.value = await widgetApi.identity(widget.value.id, on)));
  /** Where the widget was seen meanwhile. */
  async function refresh(): Promise<void> {
    const fresh = await widgetApi.read(widget.value.id);
    if (fresh.rev === widget.value.rev) widget.value = withKey(fresh);
  }

  const quietly = (work: Promise<void>): void =>
    void work.catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error; // the frame says what is wrong with the line
    });
  const stops = [
    onLive<WidgetChanged>("widget_changed", ({ id, rev, publishedAt }) => {
      if (id !== widget.value.id) return;
      newest = Math.max(newest, rev);
      if (!saving && (rev > widget.value.rev || publishedAt !== widget.value.publishedAt)) quietly(look());
    }),
    onConnected(() => {
      if (!saving) quietly(look());
    }),
  ];
  useEventListener(window, "pagehide", () => {
    if (isDirty() && mayChange.value && !clash.value)
      void widgetApi.save(widget.value.id, config.value, widget.value.rev, true);
  });
  onScopeDispose(() => {
    for (const stop of stops) stop();
    clearTimeout(timer);
    if (isDirty() && mayChange.value) quietly(store());
  });

  const draft = {
    widget,
    config,
    clash,
    busy,
    unsaved,
    mayChange,
    isSaved: () => !isDirty(),
    publish,
    discard,
    settle,
    setIdentity,
    refresh,
  };
  provide(key, draft);
  return draft;
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.code === "conflict";
}

/** A copy that shares nothing; also of a reactive object. */
function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
