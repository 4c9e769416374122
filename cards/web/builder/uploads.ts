// What may be uploaded, and why something was not taken, as a sentence.
import { ApiError } from "../../../ui/api.ts";
import { formatBytes } from "../../../ui/format.ts";
import { translate } from "../../../ui/i18n.ts";
import { problemOf } from "../../../ui/problem.ts";

export const pictureTypes = "image/jpeg,image/png,image/webp,image/gif,image/avif";

export function uploadProblem(error: unknown): string {
  const room = (error instanceof ApiError && error.details) as {
    cardFilesBytes?: number;
    cardFiles?: number;
  };
  if (!room?.cardFilesBytes) return problemOf(error);
  return translate("cardBuilder.noRoom", { size: formatBytes(room.cardFilesBytes), count: room.cardFiles });
}
