import { expect, test } from "vitest";
import { useLoad } from "../../workspace/web/use-load.ts";

test("of two answers the one asked for last stays, whichever comes first", async () => {
  const answers: ((value: string) => void)[] = [];
  const { data, busy, reload } = useLoad(() => new Promise<string>((resolve) => void answers.push(resolve)));
  const again = reload();
  answers[1]?.("new");
  await again;
  expect([data.value, busy.value]).toEqual(["new", false]);
  answers[0]?.("old");
  await new Promise((resolve) => setImmediate(resolve));
  expect(data.value).toBe("new");
});
