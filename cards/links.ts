/** Whether a link of a card leads anywhere: asked for by the builder when its field is left. It never keeps one from being saved. */
import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { Hub } from "../core/hub.ts";
import { createLimit } from "../core/limits.ts";
import { usualPorts } from "../core/outside.ts";
import { safeAddress } from "./blocks/address.ts";
import type { Desk } from "./desk.ts";
import { linkCheck, type LinkCheck } from "./schema.ts";

const timeoutMs = 8000;
const keptMs = 5 * 60_000;
/** What did not answer may be mended a moment later. */
const keptDoubtMs = 15_000;
const mostKept = 500;

export function addLinkRoutes({ hub }: Desk): void {
  const checks = createLimit(60, 600);
  const kept = new Map<string, { answer: Promise<LinkCheck>; until: number }>();

  /** The same address again is not opened anew for some minutes. */
  function answerFor(address: string): Promise<LinkCheck> {
    const known = kept.get(address);
    if (known && known.until > Date.now()) return known.answer;
    const answer = checkLink(hub, address);
    const one = { answer, until: Infinity };
    kept.delete(address); // the newest stand last
    kept.set(address, one);
    answer.then(
      ({ state }) => (one.until = Date.now() + (state === "answers" ? keptMs : keptDoubtMs)),
      () => kept.delete(address), // whoever asked is told
    );
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return answer;
  }

  hub.http.route({
    method: "post",
    path: "/cards/links/check",
    summary: "Whether a site answers at an address",
    tag: "cards",
    access: "administrator",
    body: z.object({ address: z.string().max(2000) }),
    answer: linkCheck,
    async handle({ body }, { staff }): Promise<LinkCheck> {
      const address = safeAddress(body.address) ?? "";
      if (!isCheckable(address)) return { state: "unchecked" };
      await checks.take(staff.workspaceId.toHexString());
      return answerFor(address);
    },
  });
}

function isCheckable(address: string): boolean {
  if (!/^https?:/i.test(address)) return false;
  const { port } = new URL(address);
  return port === "" || usualPorts.has(Number(port));
}

/** Sites that want a sign-in, or keep programs out, may be fine for people. */
const refusals = new Set([401, 403, 405, 406, 407, 408, 425, 429, 451, 503, 999]);

async function checkLink({ outside }: Hub, address: string): Promise<LinkCheck> {
  try {
    const { url, status } = await outside.knock(address, timeoutMs);
    if (refusals.has(status)) return { state: "unchecked", status };
    if (status >= 400) return { state: "silent", status };
    const to = hostOf(url);
    return { state: "answers", status, ...(to === hostOf(address) ? {} : { to }) };
  } catch (error) {
    const reason =
      error instanceof AppError && error.code === "page_unreachable" ? error.details?.["reason"] : "";
    if (reason === "") throw error;
    return { state: ["around", "slow", "unknown"].includes(String(reason)) ? "unchecked" : "silent" };
  }
}

const hostOf = (address: string): string => new URL(address).hostname.replace(/^www\./, "");
