/** Shapes of a widget's configuration, as the hub's own screens read and write it. */
import { z } from "zod";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const isoDate = z.iso.datetime();
/** A text per language: `{ en: "…", ru: "…" }`; English stands in for what is missing. */
const localized = z.record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string().max(600));

export const conditionWhat = z.enum([
  "page",
  "time",
  "scroll",
  "exit",
  "source",
  "utm",
  "device",
  "country",
  "language",
  "hours",
  "visits",
]);

/**
 * `page`: path, `is | starts | contains | not_contains`; `time`: seconds on the page; `scroll`: per cent; `exit`: no value;
 * `source`: host of the referrer; `utm`: `name=value`; `device`: `phone | tablet | desktop`; `country`: `RU, KZ`;
 * `language`: `ru`; `hours`: `open | closed`; `visits`: number, `at_least | at_most`.
 */
export const condition = z
  .object({
    what: conditionWhat,
    how: z.enum(["is", "not", "starts", "contains", "not_contains", "at_least", "at_most"]),
    value: z.string().max(300),
  })
  .meta({ id: "WidgetCondition" });
export type Condition = z.infer<typeof condition>;

export const rule = z
  .object({
    id: z.string().min(1).max(40),
    name: z.string().trim().min(1).max(80),
    on: z.boolean(),
    conditions: z.array(condition).max(12),
    greeting: localized,
    answers: z
      .array(z.object({ title: localized, linkId: z.string().max(40).optional() }))
      .max(3)
      .describe(
        "buttons under the greeting; with linkId they open that messenger, without they are sent as text",
      ),
    from: id.nullable().describe("the colleague whose face it shows; null: whoever is on duty"),
    every: z.enum(["always", "visit", "day", "week", "once"]),
  })
  .meta({ id: "WidgetRule" });
export type Rule = z.infer<typeof rule>;

export const widgetLink = z
  .object({
    id: z.string().min(1).max(40),
    kind: z.string().max(40).describe("chat, a connector's kind, or link"),
    channelId: id.optional().describe("the connected account it leads to"),
    url: z
      .url({ protocol: /^(https?|tel|mailto|viber|tg|whatsapp)$/ })
      .max(500)
      .optional(),
    title: z.string().max(80),
    handle: z.string().max(120),
    on: z.boolean(),
  })
  .meta({ id: "WidgetLink" });

export const formField = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    label: localized,
    type: z.enum(["text", "email", "phone"]),
    required: z.boolean(),
  })
  .meta({ id: "WidgetFormField" });

const domain = z
  .string()
  .toLowerCase()
  .regex(/^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/)
  .max(253)
  .describe("clay.example, *.clay.example, localhost:8080");

export const widgetConfig = z
  .object({
    accent: z.string().regex(/^#[0-9a-f]{6}$/i),
    theme: z.enum(["site", "light", "dark"]),
    side: z.enum(["left", "right"]),
    offsetX: z.number().int().min(0).max(200),
    offsetY: z.number().int().min(0).max(200),
    radius: z.number().int().min(0).max(24),
    launcher: z.enum(["icon", "text"]),
    faces: z.enum(["on_duty", "none"]),
    answerTime: z.enum(["measured", "hidden"]),
    runsOn: z.boolean(),
    typingPreview: z.boolean().describe("agents see what is being typed"),
    links: z.array(widgetLink).max(12),
    preChat: z.object({
      on: z.boolean(),
      departments: z.boolean(),
      fields: z.array(formField).max(8),
      consent: z.object({ on: z.boolean(), text: localized }),
    }),
    offlineForm: z.boolean(),
    rating: z.boolean(),
    transcript: z.boolean(),
    rules: z.array(rule).max(30),
    texts: z.record(
      z.enum(["title", "chat", "chatHint", "away", "afterRating", "hello", "launcher"]),
      localized,
    ),
    languages: z
      .array(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/))
      .min(1)
      .max(20),
    domains: z.array(domain).max(50),
  })
  .meta({ id: "WidgetConfig" });
export type WidgetConfig = z.infer<typeof widgetConfig>;

export const widgetRequest = z
  .object({ name: z.string().trim().min(1).max(80), domain })
  .meta({ id: "WidgetRequest" });

export const seenPage = z.object({
  domain: z.string(),
  url: z.string(),
  at: isoDate,
  pagesToday: z.number().int(),
});

export const widget = z
  .object({
    id: id.describe("of its channel"),
    key: z.string().describe("public; stands in the snippet"),
    name: z.string(),
    draft: widgetConfig,
    published: widgetConfig.nullable(),
    changes: z.number().int().describe("settings that differ between the two"),
    rev: z
      .number()
      .int()
      .describe("rises with every change of the draft; a change that names an older one is refused"),
    changedBy: id.optional().describe("who changed the draft last"),
    changedAt: isoDate.optional(),
    publishedAt: isoDate.optional(),
    seen: z.array(seenPage).describe("the newest page per domain on which the loader ran"),
    identity: z.boolean().describe("signed-in customers are recognised"),
    identityKey: z.string().optional().describe("in the answer that made it, and never again"),
    identityKeyMasked: z.string().optional(),
    loaderUrl: z.string(),
  })
  .meta({ id: "Widget" });
export type Widget = z.infer<typeof widget>;

export const ruleFigures = z
  .object({
    items: z.array(
      z.object({
        ruleId: z.string(),
        shown: z.number().int(),
        opened: z.number().int(),
        wrote: z.number().int(),
      }),
    ),
    wroteByDay: z
      .array(z.object({ day: z.string(), wrote: z.number().int() }))
      .describe("30 days, oldest first"),
  })
  .meta({ id: "WidgetRuleFigures" });
export type RuleFigures = z.infer<typeof ruleFigures>;

/** The draft's revision that the change was made from: when somebody changed it since, the answer is 409 `conflict`. */
export const draftQuery = z.object({ rev: z.coerce.number().int().min(0).optional() });

/** A draft as it stands in a form, saved or not; nothing of it is stored. */
export const previewRequest = z
  .object({
    draft: widgetConfig,
    language: z.string().max(35),
    ruleId: z.string().max(40).optional().describe("the rule whose greeting is looked at"),
  })
  .meta({ id: "WidgetPreviewRequest" });

/** `config` and `rule` are what a visitor's page would get; the panel in the preview draws them. */
export const previewAnswer = z
  .object({
    config: z.record(z.string(), z.unknown()),
    rule: z.record(z.string(), z.unknown()).optional(),
    panel: z.string().describe("path of the panel's code"),
    onAccent: z.string().describe("colour of the text on the accent"),
    contrast: z.number().describe("of that text: 4.5 and more reads well"),
  })
  .meta({ id: "WidgetPreview" });

/** Sent to colleagues when a draft was saved, thrown away or published. */
export interface WidgetChanged {
  id: string;
  rev: number;
  publishedAt?: string;
}
