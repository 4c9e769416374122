// Finds kinds of blocks: by their names in both languages, by what people call them, and in the wrong keyboard layout.
import { rank } from "../../../ui/fuzzy.ts";
import type { BlockType } from "../../blocks/schema.ts";
import { looks } from "./block-looks.ts";

export const findBlocks = (
  query: string,
  types: BlockType[],
  nameOf: (type: BlockType) => string,
): BlockType[] =>
  query.trim() === "" ? types : rank(query, types, (type) => [nameOf(type), type, looks[type].words]);
