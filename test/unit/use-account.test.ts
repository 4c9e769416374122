import { effectScope } from "vue";
import { afterEach, expect, test, vi } from "vitest";
import { workspaceApi } from "../../workspace/web/workspace-api.ts";
import { useAccount } from "../../workspace/web/channels/use-account.ts";
import type { ChannelDetails } from "../../workspace/web/types.ts";
import { eventually } from "../support/eventually.ts";

/** Tells the screen that the channel has changed, as the socket does. */
const live = vi.hoisted(() => ({ tell: (_data: unknown): unknown => undefined }));
vi.mock("../../ui/socket.ts", () => ({
  onLive: (event: string, handler: (data: unknown) => unknown) => {
    if (event === "channel") live.tell = handler;
    return () => undefined;
  },
  onConnected: () => () => undefined,
}));
afterEach(() => vi.restoreAllMocks());

const channel = (state: string) => ({ id: "a", health: { state } }) as ChannelDetails;

test("an account that was asked for earlier does not replace what was answered since", async () => {
  const answers: ((found: ChannelDetails) => void)[] = [];
  vi.spyOn(workspaceApi, "channel").mockImplementation(
    () => new Promise((resolve) => void answers.push(resolve)),
  );
  const scope = effectScope();
  const { account } = scope.run(() => useAccount(() => "a"))!;
  live.tell({ channel: channel("connected") });
  answers[1]?.(channel("connected"));
  await eventually(() => expect(account.value?.health.state).toBe("connected"));
  answers[0]?.(channel("needs_login"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(account.value?.health.state).toBe("connected");
  scope.stop();
});

test("an answer stands when the question after it failed", async () => {
  const answers: [(found: ChannelDetails) => void, (error: Error) => void][] = [];
  vi.spyOn(workspaceApi, "channel").mockImplementation(
    () => new Promise((resolve, reject) => void answers.push([resolve, reject])),
  );
  const scope = effectScope();
  const { account } = scope.run(() => useAccount(() => "a"))!;
  live.tell({ channel: channel("connected") });
  answers[1]?.[1](new Error("the line broke"));
  answers[0]?.[0](channel("connected"));
  await eventually(() => expect(account.value?.health.state).toBe("connected"));
  scope.stop();
});
