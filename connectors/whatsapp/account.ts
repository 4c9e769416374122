/** News of the account itself: https://developers.facebook.com/docs/whatsapp/business-management-api/guides/set-up-webhooks */
import { z } from "zod";
import type { HealthState } from "../contract.ts";

export interface News {
  code: string;
  message: string;
  state?: HealthState;
}

const text = z.string().optional().catch(undefined);
const news = z.object({
  event: text,
  ban_info: z.object({ waba_ban_state: text }).optional().catch(undefined),
  violation_info: z.object({ violation_type: text }).optional().catch(undefined),
  restriction_info: z
    .array(z.object({ restriction_type: text }))
    .optional()
    .catch(undefined),
  message_template_name: text,
  message_template_language: text,
  new_quality_score: text,
  new_category: text,
  current_limit: text,
  display_phone_number: text,
  decision: text,
  alert_type: text,
});
type Facts = z.infer<typeof news>;

/** Undefined for a field that tells nothing of the account. */
export function newsOf(field: string, value: unknown): News | undefined {
  const facts = news.safeParse(value).data;
  return facts && fields.get(field)?.(facts);
}

const fields = new Map(
  Object.entries<(facts: Facts) => News>({
    account_update: accountUpdate,
    account_alerts: ({ alert_type }) => ({ code: "account_alert", message: alert_type ?? "" }),
    account_review_update: ({ decision }) => ({ code: "account_reviewed", message: decision ?? "" }),
    business_capability_update: () => ({ code: "limits_changed", message: "" }),
    phone_number_name_update: ({ decision }) => ({ code: "name_reviewed", message: decision ?? "" }),
    phone_number_quality_update: ({ event, current_limit }) => ({
      code: "quality_changed",
      message: words(event, current_limit),
    }),
    message_template_status_update: ({ event, ...facts }) => ({
      code: "template_changed",
      message: words(templateOf(facts), event),
    }),
    message_template_quality_update: ({ new_quality_score, ...facts }) => ({
      code: "template_changed",
      message: words(templateOf(facts), new_quality_score),
    }),
    message_template_components_update: (facts) => ({ code: "template_changed", message: templateOf(facts) }),
    template_category_update: ({ new_category, ...facts }) => ({
      code: "template_changed",
      message: words(templateOf(facts), new_category),
    }),
  }),
);

function accountUpdate({ event = "", ban_info, violation_info, restriction_info = [] }: Facts): News {
  switch (event) {
    case "ACCOUNT_DELETED":
    case "ACCOUNT_OFFBOARDED":
    case "PARTNER_REMOVED":
      return { code: "account_removed", message: event, state: "disconnected" };
    case "ACCOUNT_RECONNECTED":
      return { code: "account_reconnected", message: event, state: "connected" };
    case "ACCOUNT_VIOLATION":
      return { code: "account_violation", message: violation_info?.violation_type ?? "" };
    case "ACCOUNT_RESTRICTION":
      return {
        code: "account_restricted",
        message: words(...restriction_info.map(({ restriction_type }) => restriction_type)),
        state: "degraded",
      };
    case "DISABLED_UPDATE":
      return ban_info?.waba_ban_state === "REINSTATE"
        ? { code: "account_reinstated", message: "", state: "connected" }
        : { code: "account_locked", message: ban_info?.waba_ban_state ?? "", state: "degraded" };
    default:
      return { code: "account_changed", message: event };
  }
}

function templateOf({ message_template_name, message_template_language }: Facts): string {
  return words(message_template_name, message_template_language);
}

function words(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(" ").slice(0, 300);
}
