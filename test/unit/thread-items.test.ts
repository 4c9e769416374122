import { expect, it } from "vitest";
import { itemsOf } from "../../inbox/web/thread/items.ts";
import type { ShownMessage } from "../../inbox/web/types.ts";

function message(seq: number, sentAt: string): ShownMessage {
  return {
    id: `m${seq}`,
    conversationId: "c",
    type: "incoming",
    seq,
    rev: seq,
    sender: { kind: "contact", name: "Maria" },
    content: { text: `message ${seq}` },
    sentAt,
    createdAt: sentAt,
  };
}

it("names each day once, also where a message came a day late", () => {
  const messages = [
    message(1, "2026-05-04T10:00:00.000Z"),
    message(2, "2026-05-05T10:00:00.000Z"),
    message(3, "2026-05-04T11:00:00.000Z"),
    message(4, "2026-05-05T11:00:00.000Z"),
  ];
  const days = itemsOf(messages, 3).flatMap((item) => (item.kind === "day" ? item.key : []));
  expect(days).toHaveLength(2);
  expect(new Set(days).size).toBe(2);
});
