/**
 * Signing in at the vendor's own page (OAuth 2, authorization code) while an account is connected: what it brings is
 * sealed, belongs to the person who began, and is taken by the connection within half an hour. The vendor leads back into
 * the browser that began: a link that somebody else was sent brings nothing.
 */
import { ConnectorError } from "../connectors/contract.ts";
import type { Signed, StaffRecord } from "../core/auth/index.ts";
import { acrossWorkspaces, idOf, ObjectId, toObjectId } from "../core/db.ts";
import { AppError } from "../core/errors.ts";
import { hashToken, newToken } from "../core/secrets.ts";
import { createPassingHost } from "./host.ts";
import type { Inbox } from "./inbox.ts";
import { VendorSignInModel, type VendorSignInRecord } from "./models/index.ts";

type Typed = Record<string, string>;

const contextOf = (id: ObjectId): string => `vendor sign-in ${id.toHexString()}`;
const redirectUrlOf = (inbox: Inbox): string => `${inbox.hub.address()}/connect/vendor`;

/** Where the vendor's page is. Throws `unsupported_by_channel` for a messenger without one. */
export async function beginSignIn(
  inbox: Inbox,
  { staff, session }: Signed,
  kind: string,
  typed: Typed,
): Promise<{ record: VendorSignInRecord; url: string }> {
  const { signIn } = inbox.accounts.connectorOf(kind);
  if (!signIn) throw new AppError("unsupported_by_channel", { what: "sign_in" });
  const state = newToken();
  const _id = new ObjectId();
  const back = { redirectUrl: redirectUrlOf(inbox), state, apiRoot: inbox.hub.config.apiRoots[kind] };
  const url = startAt(() => signIn.start(typed, back));
  const record = await VendorSignInModel.create({
    _id,
    workspaceId: staff.workspaceId,
    staffId: staff._id,
    sessionId: session._id,
    kind,
    stateHash: hashToken(state),
    credentials: inbox.hub.secrets.seal(JSON.stringify(typed), contextOf(_id)),
    state: "waiting",
    createdAt: new Date(),
  });
  return { record: record.toObject(), url };
}

function startAt(start: () => string): string {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    throw new AppError("channel_refused", { code: error.code, message: error.message }, error);
  }
}

export async function readSignIn(staff: StaffRecord, id: string): Promise<VendorSignInRecord> {
  const { workspaceId, _id: staffId } = staff;
  const _id = toObjectId(id);
  const record = _id && (await VendorSignInModel.findOne({ workspaceId, staffId, _id }).lean());
  if (!record) throw new AppError("not_found");
  return record;
}

/** What was typed and what the vendor gave, once it is done. */
export async function takeSignIn(inbox: Inbox, staff: StaffRecord, kind: string, id: string): Promise<Typed> {
  const record = await readSignIn(staff, id);
  if (record.kind !== kind || record.state !== "done") throw new AppError("not_found");
  return JSON.parse(inbox.hub.secrets.open(record.credentials, contextOf(record._id))) as Typed;
}

/** `GET /connect/vendor`: the vendor's page leads back here. The tab that began it asks for the outcome. */
export function addVendorReturn(inbox: Inbox): void {
  inbox.hub.http.app.get("/connect/vendor", async (request, response) => {
    const { state, code, error } = request.query;
    const signed = await inbox.hub.sessions.find(request);
    const answer = { code: textOf(code), refused: textOf(error) };
    const ok = typeof state === "string" && (await finishSignIn(inbox, state, signed, answer));
    response
      .status(ok ? 200 : 400)
      .set({ "cache-control": "no-store", "referrer-policy": "no-referrer" })
      .type("html")
      .send(page(ok === true));
  });
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

async function finishSignIn(
  inbox: Inbox,
  state: string,
  signed: Signed | undefined,
  { code, refused }: { code: string | undefined; refused: string | undefined },
): Promise<boolean> {
  const stateHash = hashToken(state);
  const record = await acrossWorkspaces(VendorSignInModel.findOne({ stateHash, state: "waiting" })).lean();
  if (!record) return false;
  const { workspaceId, _id } = record;
  const close = (set: object) =>
    VendorSignInModel.updateOne({ workspaceId, _id, state: "waiting" }, { $set: set });
  if (!signed?.session._id.equals(record.sessionId)) {
    await close({ state: "failed", problem: { code: "sign_in_elsewhere", message: inbox.hub.address() } });
    return false;
  }
  if (!code) {
    await close({ state: "failed", problem: { code: "sign_in_refused", message: refused ?? "" } });
    return false;
  }
  try {
    const credentials = await exchange(inbox, record, code);
    await close({ state: "done", credentials });
    return true;
  } catch (err) {
    const problem =
      err instanceof ConnectorError
        ? { code: err.code, message: err.message }
        : { code: "sign_in_failed", message: "" };
    inbox.hub.log.warn({ err, kind: record.kind }, "signing in at the vendor failed");
    await close({ state: "failed", problem });
    return false;
  }
}

async function exchange(inbox: Inbox, record: VendorSignInRecord, code: string): Promise<string> {
  const { secrets } = inbox.hub;
  const typed = JSON.parse(secrets.open(record.credentials, contextOf(record._id))) as Typed;
  const { signIn } = inbox.accounts.connectorOf(record.kind);
  if (!signIn) throw new ConnectorError("unsupported", "sign_in_failed", "");
  const { proxyUrl } = typed;
  const host = createPassingHost(inbox.hub, record.kind, { proxyUrl, signal: AbortSignal.timeout(20_000) });
  try {
    const given = await signIn.finish(typed, { code, redirectUrl: redirectUrlOf(inbox) }, host);
    return secrets.seal(JSON.stringify({ ...typed, ...given }), contextOf(record._id));
  } finally {
    await host.close();
  }
}

function page(ok: boolean): string {
  const text = ok
    ? "Done. You can close this window. · Готово, окно можно закрыть."
    : "It did not work. Close this window and try again. · Не получилось. Закройте окно и попробуйте ещё раз.";
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Switchboard</title><p>${text}</p></html>`;
}

export function describeSignIn({ _id, state, problem }: VendorSignInRecord, url?: string) {
  return { id: idOf({ _id }), state, ...(problem ? { problem } : {}), ...(url ? { url } : {}) };
}
