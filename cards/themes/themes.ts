/** A workspace's own themes: a card's whole design under a name. A card that took one keeps it, whatever becomes of the theme. */
import type { StaffRecord } from "../../core/auth/index.ts";
import { idOf, toObjectId } from "../../core/db.ts";
import { AppError } from "../../core/errors.ts";
import type { Design } from "../blocks/schema.ts";
import { ThemeModel, type ThemeRecord } from "../models/themes.ts";
import type { CardTheme } from "../schema.ts";

const most = 60;

export async function listThemes({ workspaceId }: StaffRecord): Promise<CardTheme[]> {
  const themes = await ThemeModel.find({ workspaceId }).sort({ createdAt: 1, _id: 1 }).limit(most).lean();
  return themes.map(describeTheme);
}

/** `conflict` where there are sixty already. */
export async function keepTheme(
  { workspaceId }: StaffRecord,
  given: { name: string; design: Design },
): Promise<CardTheme> {
  const count = (): Promise<number> => ThemeModel.countDocuments({ workspaceId }, { limit: most + 1 });
  if ((await count()) >= most) throw new AppError("conflict", { most });
  const theme = await ThemeModel.create({ workspaceId, ...given, createdAt: new Date() });
  // counted once more when it is there: of those that are kept at once none passes unseen
  if ((await count()) > most) {
    await ThemeModel.deleteOne({ workspaceId, _id: theme._id });
    throw new AppError("conflict", { most });
  }
  return describeTheme(theme.toObject());
}

export async function changeTheme(
  { workspaceId }: StaffRecord,
  id: string,
  patch: Partial<Pick<ThemeRecord, "name" | "design">>,
): Promise<CardTheme> {
  const _id = toObjectId(id);
  const changed =
    _id &&
    (await ThemeModel.findOneAndUpdate(
      { workspaceId, _id },
      { $set: patch },
      { returnDocument: "after" },
    ).lean());
  if (!changed) throw new AppError("not_found");
  return describeTheme(changed);
}

export async function removeTheme({ workspaceId }: StaffRecord, id: string): Promise<void> {
  const _id = toObjectId(id);
  const removed = _id && (await ThemeModel.findOneAndDelete({ workspaceId, _id }).lean());
  if (!removed) throw new AppError("not_found");
}

function describeTheme(theme: ThemeRecord): CardTheme {
  const { name, design, createdAt } = theme;
  return { id: idOf(theme), name, design, createdAt: createdAt.toISOString() };
}
