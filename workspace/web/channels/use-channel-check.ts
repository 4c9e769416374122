// Asks the messenger who the credentials are, as soon as they are there.
import { useDebounceFn } from "@vueuse/core";
import { computed, onMounted, onScopeDispose, reactive, ref, shallowRef, watch } from "vue";
import type { ChannelCheck, ConnectorInfo } from "../types.ts";
import { ApiError } from "../../../ui/api.ts";
import { detailOf } from "../problem.ts";
import { workspaceApi, type AccountFields, type Credentials } from "../workspace-api.ts";

/** Longer with each try. */
const firstPauseMs = 5000;
const longestPauseMs = 60_000;

export function useChannelCheck(connector: ConnectorInfo) {
  const values = reactive<Credentials>(defaultsOf(connector));
  const check = shallowRef<ChannelCheck>();
  const error = shallowRef<unknown>();
  const checking = ref(false);
  /** Of a finished sign-in at the vendor's page. */
  const signInId = ref<string>();
  const complete = computed(() =>
    connector.fields.every((field) => !field.required || (values[field.name] ?? "").trim() !== ""),
  );
  const credentials = computed(() =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== "")),
  );
  const fields = computed<AccountFields>(() => ({
    kind: connector.kind,
    credentials: credentials.value,
    ...(signInId.value ? { signInId: signInId.value } : {}),
  }));
  let call: AbortController | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = firstPauseMs;
  const stop = (): void => (clearTimeout(again), call?.abort());
  onScopeDispose(stop);

  async function ask(): Promise<void> {
    clearTimeout(again);
    const { signal } = (call = new AbortController());
    if (!complete.value) return void (checking.value = false);
    try {
      check.value = await workspaceApi.checkChannel(fields.value, signal);
      error.value = undefined;
    } catch (failure) {
      if (signal.aborted) return;
      error.value = failure;
      if (!passes(failure)) return;
      again = setTimeout(() => void ask(), pauseMs);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    } finally {
      if (!signal.aborted) checking.value = false;
    }
  }

  const askSoon = useDebounceFn(ask, 350);
  watch([values, signInId], () => {
    stop();
    pauseMs = firstPauseMs;
    check.value = error.value = undefined;
    checking.value = complete.value;
    void askSoon();
  });

  /** Nothing has to be typed: it is asked at once. */
  onMounted(() => {
    if (complete.value && !connector.steps.some((step) => step.signIn)) void ask();
  });

  return { values, credentials, fields, signInId, check, error, checking, complete, ask };
}

/** What the messenger is asked again for by itself, as its words promise. */
function passes(failure: unknown): boolean {
  const reason = failure instanceof ApiError && detailOf(failure, "code");
  return reason === "network" || reason === "platform_error" || reason === "throttled";
}

function defaultsOf(connector: ConnectorInfo): Credentials {
  return Object.fromEntries(connector.fields.map((field) => [field.name, field.default ?? ""]));
}
