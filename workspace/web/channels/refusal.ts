// Why a messenger did not take an account, in the connector's words.
import { ApiError } from "../../../ui/api.ts";
import { translate } from "../../../ui/i18n.ts";
import { codeOf, detailOf, problemText } from "../problem.ts";
import { connectorText } from "./channel-state.ts";

export function refusalText(kind: string, error: unknown): string {
  const code = codeOf(error);
  if (code === "invalid_input") return translate("account.connecting.incomplete");
  if (code === "already_exists") return translate("account.connecting.connectedAlready");
  if (!(error instanceof ApiError) || !code.startsWith("channel_")) return problemText(error);
  const [reason, message] = [detailOf(error, "code"), detailOf(error, "message")];
  if (reason === "other_account")
    return translate("workspace.channels.renew.otherAccount", { handle: String(message) });
  if (typeof reason !== "string") return problemText(error);
  return (
    connectorText(kind, `problems.${reason}`) ?? connectorText(kind, `errors.${reason}`) ?? problemText(error)
  );
}
