import { useI18n } from "vue-i18n";
import { formatDateTime } from "../../../ui/format.ts";
import { goTo } from "../../../ui/navigate.ts";
import { session } from "../../../ui/session.ts";
import { showToast } from "../../../ui/use-toasts.ts";
import { actOn, tellFailure } from "../store/acts.ts";
import { patchConversation } from "../store/conversations.ts";
import { directory, teamOf } from "../store/directory.ts";
import { announceOwnAct, listOf } from "../store/lists.ts";
import type { Conversation } from "../types.ts";
import { useInboxRoute } from "../use-inbox-route.ts";

/** What can be done with the open conversation; each act is shown at once and can be undone. */
export function useConversationActs(conversation: () => Conversation | undefined) {
  const { t } = useI18n();
  const { query, addressOf, step, close: leave } = useInboxRoute();

  function withOne(act: (one: Conversation) => void): void {
    const one = conversation();
    if (one) act(one);
  }

  /** After closing: the next conversation, the previous one, or the list, as the person has chosen. Gives the way back. */
  function goOn(id: string): () => void {
    const here = addressOf(id);
    const { shown } = listOf(query.value);
    const index = shown.indexOf(id);
    const after = session.value?.preferences.afterClose ?? "next";
    const [first, second] =
      after === "previous" ? [shown[index - 1], shown[index + 1]] : [shown[index + 1], shown[index - 1]];
    const next = after === "list" || matchMedia("(max-width: 767px)").matches ? undefined : (first ?? second);
    void (next && index >= 0 ? step(next) : leave());
    return () => goTo(here);
  }

  /** The message just sent closes the conversation. */
  const closedBySending = () =>
    withOne((one) => {
      announceOwnAct(one.id);
      goOn(one.id);
    });
  const close = () =>
    withOne((one) => {
      const goBack = goOn(one.id);
      void actOn(one.id, { state: "resolved" }, t("inbox.said.closed"), goBack);
    });
  const reopen = () => withOne((one) => void actOn(one.id, { state: "open" }, t("inbox.said.reopened")));
  const snooze = (until: Date | null) =>
    withOne((one) => {
      const goBack = goOn(one.id);
      const said = until
        ? t("inbox.said.snoozed", { time: formatDateTime(until) })
        : t("inbox.said.snoozedOpen");
      void actOn(one.id, { state: "snoozed", snoozedUntil: until?.toISOString() ?? null }, said, goBack);
    });
  const assign = (assigneeId: string | null) =>
    withOne((one) => {
      const name = assigneeId ? (directory.staff.get(assigneeId)?.name ?? "") : "";
      void actOn(
        one.id,
        { assigneeId },
        name ? t("inbox.said.assigned", { name }) : t("inbox.said.unassigned"),
      );
    });
  const assignTeam = (teamId: string | null) =>
    withOne((one) => {
      const name = teamOf(teamId ?? undefined)?.name;
      const said = name ? t("inbox.said.team", { name }) : t("inbox.said.noTeam");
      void actOn(one.id, { teamId }, said);
    });
  const toggleTag = (name: string) =>
    withOne((one) => {
      const carried = one.tags.includes(name);
      void actOn(
        one.id,
        carried ? { removeTags: [name] } : { addTags: [name] },
        t(carried ? "inbox.said.untagged" : "inbox.said.tagged", { tag: name }),
      );
    });
  const markUnread = () =>
    withOne((one) => {
      void leave();
      void patchConversation(one.id, { unread: true }).then(
        () => showToast({ title: t("inbox.said.unread") }),
        tellFailure,
      );
    });

  return { close, closedBySending, reopen, snooze, assign, assignTeam, toggleTag, markUnread };
}
