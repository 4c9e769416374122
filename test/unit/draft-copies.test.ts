import { expect, test, vi } from "vitest";
import { gist, type LocalDraft } from "../../inbox/web/store/draft-copies.ts";

vi.mock("../../ui/session.ts", () => ({ session: { value: null } }));

const file = (fileId: string): LocalDraft => ({
  content: { attachments: [{ kind: "image", media: { state: "stored", fileId } }] },
});
const text = "Which glaze?";

test("drafts differ by their text, files, buttons, formatting and the message they answer, and by nothing else", () => {
  const drafts: (LocalDraft | undefined)[] = [
    undefined,
    { content: { text } },
    { content: { text }, replyToMessageId: "one" },
    { content: { text, entities: [{ type: "bold", offset: 0, length: 5 }] } },
    { content: { text, buttons: [[{ title: "Iron" }]] } },
    file("one"),
    file("two"),
  ];
  expect(new Set(drafts.map(gist)).size).toBe(drafts.length);
  expect(gist({ content: {} })).toBe(gist(undefined));
  expect(gist({ content: { text, entities: [], buttons: [], attachments: [] } })).toBe(
    gist({ content: { text } }),
  );
});
