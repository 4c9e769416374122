/** Reviews on their way to the team: one that was stored is told even when the process ends in between. */
import type { Hub, Running } from "../../core/hub.ts";
import { ConversationModel, rateConversation } from "../../inbox/index.ts";
import { sweepLeftBehind } from "../../core/left-behind.ts";
import { ReviewModel, type ReviewRecord } from "../models/index.ts";

/** The review is a rating of the conversation too; told again it adds nothing. */
export async function tellTeam(hub: Hub, review: ReviewRecord): Promise<void> {
  const { workspaceId, conversationId, _id, stars, text } = review;
  const conversation = await ConversationModel.findOne({ workspaceId, _id: conversationId }).lean();
  const rating = { score: stars, ...(text ? { comment: text } : {}) };
  if (conversation) await rateConversation(hub, conversation, rating, `review:${_id.toHexString()}`);
  await ReviewModel.updateOne({ workspaceId, _id }, { $unset: { untold: 1 } });
}

/** Looks for reviews of which nobody was told. */
export function sweepReviews(hub: Hub): Running {
  return sweepLeftBehind<ReviewRecord>(hub, {
    what: "review",
    find: (createdAt) => ReviewModel.find({ untold: true, createdAt }).lean(),
    finish: (review) => tellTeam(hub, review),
  });
}
