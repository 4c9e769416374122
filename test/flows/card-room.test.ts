/** What the pictures and documents of a workspace's cards may take. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CardFileModel } from "../../cards/models/index.ts";
import { mostFiles } from "../../cards/room.ts";
import { acrossWorkspaces, ObjectId, toObjectId } from "../../core/db.ts";
import { FileModel } from "../../core/stored-files.ts";
import { holdAnswer } from "../support/hold.ts";
import { startHub, type Answer, type Person, type TestHub } from "../support/hub.ts";

let hub: TestHub;
let owner: Person;
beforeAll(async () => {
  hub = await startHub({ CARD_FILES_MB: "1" });
  owner = await hub.owner();
});
afterAll(async () => {
  owner.leave();
  await hub.stop();
});

const upload = (bytes: number, name = "prices.txt"): Promise<Answer> =>
  owner.ask("POST", "/cards/files", Buffer.alloc(bytes, "a"), {
    "content-type": "application/octet-stream",
    "x-file-name": name,
  });
const stored = async (): Promise<string[]> =>
  (await acrossWorkspaces(FileModel.find({ name: "prices.txt" })).lean()).map(({ _id }) => _id.toHexString());
const age = async (ids: string[]): Promise<void> => {
  const fileId = { $in: ids.map((id) => new ObjectId(id)) };
  const createdAt = new Date(Date.now() - 8 * 86_400_000);
  await acrossWorkspaces(CardFileModel.updateMany({ fileId }, { $set: { createdAt } }));
};

it("is bounded in bytes, however many come at once, and nothing of a refused file is kept", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => upload(400_000)));
  const taken = answers.filter(({ status }) => status === 201);
  expect(taken.length).toBeLessThanOrEqual(2);
  const refused = answers.find(({ status }) => status !== 201);
  expect(refused).toMatchObject({
    status: 413,
    body: { error: { code: "too_large", details: { cardFilesBytes: 1_048_576, cardFiles: mostFiles } } },
  });
  expect(await stored()).toHaveLength(taken.length);
  while ((await stored()).length < 2) expect((await upload(400_000)).status).toBe(201);
  expect((await upload(400_000)).status).toBe(413);
  expect((await upload(100_000)).status).toBe(201);
});

it("makes room by what no card shows any more, and by nothing that one shows", async () => {
  const [shown, unused, young] = await stored();
  const card = await owner.post("/cards", { name: "Clay & Co", slug: "clay" });
  card.draft.blocks.push({ id: "doc", type: "file", fileId: shown, title: { en: "Prices" } });
  await owner.put(`/cards/${card.id}/draft?rev=${card.rev}`, card.draft);
  await age([shown!, unused!]);
  expect((await upload(300_000)).status).toBe(201);
  const left = await stored();
  expect(left).toContain(shown);
  expect(left).toContain(young); // whoever has just removed it may take that back
  expect(left).not.toContain(unused);
});

it("keeps nothing that was not counted: not after an error, and not for good after a stop", async () => {
  const before = await stored();
  const failing = vi.spyOn(CardFileModel, "create").mockRejectedValueOnce(new Error("the store is away"));
  expect((await upload(10)).status).toBe(500);
  failing.mockRestore();
  expect(await stored()).toEqual(before);

  const counting = holdAnswer(CardFileModel, "create");
  const coming = upload(10);
  await counting.reached;
  const newest = () =>
    acrossWorkspaces(FileModel.findOne({ name: "prices.txt" }))
      .sort({ _id: -1 })
      .orFail()
      .lean();
  expect(await newest()).toMatchObject({ access: "uploader", uploaderId: toObjectId(owner.id) }); // swept in time
  counting.release();
  const { status, body } = await coming;
  expect([status, body.fileId]).toEqual([201, (await newest())._id.toHexString()]);
  const { access, uploaderId } = await newest();
  expect([access, uploaderId]).toEqual(["workspace", undefined]);
});

it("is bounded in number", async () => {
  const workspaceId = toObjectId((await owner.get("/session")).workspace.id)!;
  const createdAt = new Date();
  await CardFileModel.insertMany(
    Array.from({ length: mostFiles }, () => ({ workspaceId, fileId: new ObjectId(), size: 0, createdAt })),
  );
  expect((await upload(1)).status).toBe(413);
});
