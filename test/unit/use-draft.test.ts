import { effectScope, nextTick } from "vue";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "../../ui/api.ts";
import { useDraft } from "../../ui/kit/use-draft.ts";

vi.mock("../../ui/session.ts", () => ({ session: { value: null } }));
vi.mock("../../ui/use-toasts.ts", () => ({ showToast: vi.fn() }));
vi.mock("../../ui/problem.ts", () => ({ problemOf: String }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", new EventTarget());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a conflict whose newer state cannot be read is tried again with a pause, and saved in the end", async () => {
  const hub = { draft: { title: "Cups", note: "theirs" }, rev: 2 };
  let reachable = false;
  const save = vi.fn((draft: typeof hub.draft, rev: number) => {
    if (rev !== hub.rev) return Promise.reject(new ApiError("conflict", 409, "Changed meanwhile."));
    return Promise.resolve(Object.assign(hub, { draft, rev: rev + 1 }));
  });
  const read = vi.fn(() =>
    reachable ? Promise.resolve({ ...hub }) : Promise.reject(new ApiError("unavailable", 502, "Not there.")),
  );
  const scope = effectScope();
  const first = { draft: { title: "Cups", note: "" }, rev: 1 };
  const draft = scope.run(() => useDraft<typeof hub.draft, typeof hub>(first, { read, save }))!;
  draft.value.value.title = "Mugs";
  await nextTick();
  await vi.advanceTimersByTimeAsync(1000);
  expect([save.mock.calls.length, read.mock.calls.length, draft.unsaved.value]).toEqual([1, 1, true]);
  reachable = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hub.draft).toEqual({ title: "Mugs", note: "theirs" });
  expect(draft.unsaved.value).toBe(false);
  scope.stop();
});
