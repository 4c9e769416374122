import { ApiError } from "./api.ts";
import { translate } from "./i18n.ts";

/** What went wrong with something small, as a sentence. */
export function problemOf(error: unknown): string {
  const code = error instanceof ApiError ? error.code : "unexpected";
  return code === "network" ? translate("ui.error.network") : translate("ui.error.refused", { code });
}
