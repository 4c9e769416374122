/** Teams, and the hours of the business. */
import { z } from "zod";
import { id, isoDate } from "./common.ts";

export const teamRequest = z
  .object({
    name: z.string().trim().min(1).max(60),
    names: z
      .record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string().trim().max(60))
      .default({})
      .describe("in other languages, for visitors"),
    memberIds: z.array(id).max(500),
    public: z.boolean().describe("visitors may choose it"),
  })
  .meta({ id: "TeamRequest" });
export const team = teamRequest
  .extend({ id, ownHours: z.boolean().describe("false: it has the hours of the business") })
  .meta({ id: "Team" });
export type Team = z.output<typeof team>;
export type TeamRequest = z.input<typeof teamRequest>;
export const teamOrder = z.object({
  ids: z.array(id).max(200).describe("every team once, in the new order"),
});

const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const interval = z
  .object({ from: clockTime, to: clockTime })
  .refine(({ from, to }) => from < to, "must end after it begins; a night is two intervals");
export const hours = z
  .object({
    timeZone: z
      .string()
      .max(60)
      .refine((zone) => isTimeZone(zone), "not an IANA time zone"),
    week: z.array(z.array(interval).max(6)).length(7).describe("Monday first; an empty day is closed"),
    holidays: z
      .array(
        z.object({
          from: z.iso.date(),
          to: z.iso.date(),
          name: z.string().trim().max(80),
          yearly: z
            .boolean()
            .optional()
            .describe("comes back every year: the years of from and to mean nothing"),
          open: z.array(interval).max(6).optional().describe("shorter hours instead of none"),
        }),
      )
      .max(100),
  })
  .meta({ id: "Hours" });
export const hoursAnswer = z
  .object({
    hours: hours.nullable(),
    own: z.boolean().describe("false for a team that has the hours of the business"),
    open: z.boolean(),
    opensAt: isoDate.optional(),
    closesAt: isoDate.optional().describe("of what is open now, where it closes within sixty days"),
  })
  .meta({ id: "HoursAnswer" });
export type HoursAnswer = z.infer<typeof hoursAnswer>;
export type Hours = z.infer<typeof hours>;

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
