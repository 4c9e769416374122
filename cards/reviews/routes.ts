/** Reviews for the hub's own screens: asked for beside a conversation, shown or hidden in the builder. None is written here. */
import { z } from "zod";
import { listOf } from "../../core/lists.ts";
import { accessCard } from "../cards.ts";
import type { Desk } from "../desk.ts";
import * as shapes from "../schema.ts";
import { changeReview, findReview, listReviews, makeLink, reviewCursor } from "./reviews.ts";

export function addReviewRoutes(desk: Desk): void {
  const { route } = desk.hub.http;
  const tag = "cards";
  route({
    method: "get",
    path: "/cards/:id/reviews",
    summary: "What customers have said, whether it is shown or not; what waits comes first",
    tag,
    access: "staff",
    query: z.object({ cursor: reviewCursor.optional() }),
    answer: listOf(shapes.cardReview),
    handle: async ({ params, query }, { staff }) =>
      listReviews(await accessCard(staff, params["id"] ?? ""), query.cursor),
  });
  route({
    method: "patch",
    path: "/cards/:id/reviews/:reviewId",
    summary: "Show a review on the card, or hide it",
    tag,
    access: "administrator",
    body: z.object({ state: z.enum(["shown", "hidden"]) }),
    answer: shapes.cardReview,
    handle: async ({ params, body }, { staff }) =>
      changeReview(await accessCard(staff, params["id"] ?? ""), params["reviewId"] ?? "", body.state),
  });
  route({
    method: "get",
    path: "/conversations/:id/review",
    summary: "The review of a conversation's customer, and for which cards one can be asked for",
    tag,
    access: "staff",
    answer: shapes.reviewAsk,
    handle: ({ params }, { staff }) => findReview(staff, params["id"] ?? ""),
  });
  route({
    method: "post",
    path: "/conversations/:id/review-link",
    summary: "Make the link by which the customer of a conversation leaves one review, within thirty days",
    tag,
    access: "staff",
    status: 201,
    creates: true,
    body: z.object({ cardId: z.string() }),
    answer: shapes.reviewLink,
    handle: ({ params, body }, { staff }) => makeLink(desk, staff, params["id"] ?? "", body.cardId),
  });
}
