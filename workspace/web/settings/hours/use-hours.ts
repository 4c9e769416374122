// Hours as they are edited: what is stored, what is changed, and what the change would mean now.
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { ApiError } from "../../../../ui/api.ts";
import type { Hours, HoursAnswer } from "../../types.ts";
import { workspaceApi } from "../../workspace-api.ts";
import { ownZone } from "./time-zones.ts";

const workday = [{ from: "09:00", to: "18:00" }];
const pauseMs = 250;

/** What one begins with: a usual week in the zone of this browser. */
function usual(): Hours {
  return { timeZone: ownZone, week: [...Array.from({ length: 5 }, () => workday), [], []], holidays: [] };
}

export function useHours(teamId: () => string | undefined) {
  const stored = shallowRef<HoursAnswer>();
  const draft = shallowRef<Hours>();
  const meaning = shallowRef<HoursAnswer>();
  const error = shallowRef<unknown>();
  const loading = ref(false);
  const changed = computed(() => {
    const own = stored.value?.own ? stored.value.hours : null;
    return JSON.stringify(own) !== JSON.stringify(draft.value ?? null);
  });

  async function load(): Promise<void> {
    const wanted = teamId();
    loading.value = true;
    try {
      const answer = await workspaceApi.hours(wanted);
      if (wanted === teamId()) take(answer);
    } catch (failure) {
      if (wanted === teamId()) error.value = failure;
    } finally {
      loading.value = false;
    }
  }

  function take(answer: HoursAnswer): void {
    stored.value = meaning.value = answer;
    error.value = undefined;
    draft.value = answer.own ? (answer.hours ?? undefined) : undefined;
  }

  /** From nothing: the hours that hold now, or a usual week. */
  const begin = () => void (draft.value = stored.value?.hours ?? usual());
  const discard = () => stored.value && take(stored.value);
  const change = (patch: Partial<Hours>) => void (draft.value = { ...(draft.value ?? usual()), ...patch });

  async function save(): Promise<void> {
    if (draft.value) take(await workspaceApi.saveHours(draft.value, teamId()));
  }

  async function remove(): Promise<void> {
    if (stored.value?.own) await workspaceApi.removeHours(teamId());
    await load();
  }

  let call: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => (clearTimeout(timer), call?.abort());
  onScopeDispose(stop);
  watch(draft, (hours) => {
    stop();
    if (hours && changed.value) timer = setTimeout(() => void preview(hours), pauseMs);
  });

  /** Without an answer the line keeps what it said; saving says what is wrong. */
  async function preview(hours: Hours): Promise<void> {
    const { signal } = (call = new AbortController());
    try {
      meaning.value = await workspaceApi.previewHours(hours, signal);
    } catch (failure) {
      if (!signal.aborted && !(failure instanceof ApiError)) throw failure;
    }
  }

  watch(teamId, () => ((stored.value = draft.value = undefined), void load()), { immediate: true });
  return { stored, draft, meaning, error, loading, changed, load, begin, discard, change, save, remove };
}
