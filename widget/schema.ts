/**
 * Shapes of the site widget. Here stand the visitors as agents see them; the configuration stands in settings/, the frames
 * between a visitor's page and the hub in site/.
 */
import { z } from "zod";
import type { PageConfig, PageRule } from "./site/schema.ts";

export * from "./settings/schema.ts";
export * from "./site/schema.ts";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const isoDate = z.iso.datetime();

// ---- visitors, as agents see them ---------------------------------------------------------------------------------

export const visit = z
  .object({
    id: z.string(),
    channelId: id,
    online: z.boolean(),
    name: z.string().describe("empty while the visitor is unknown"),
    email: z.string().optional(),
    userId: z.string().optional().describe("signed by the site"),
    page: z.object({ url: z.string(), title: z.string() }),
    path: z.array(z.object({ url: z.string(), title: z.string(), at: isoDate })).describe("newest last"),
    referrer: z.string().optional(),
    utm: z.record(z.string(), z.string()),
    device: z.enum(["phone", "tablet", "desktop"]),
    browser: z.string(),
    os: z.string(),
    country: z.string().optional().describe("ISO 3166-1 alpha-2"),
    language: z.string(),
    timeZone: z.string().optional(),
    visits: z.number().int(),
    since: isoDate,
    seenAt: isoDate,
    conversationId: id.optional(),
    traits: z.record(z.string(), z.string()).describe("told by identify"),
    events: z.array(z.object({ name: z.string(), at: isoDate, data: z.string().optional() })),
    consents: z
      .array(z.object({ text: z.string(), at: isoDate }))
      .optional()
      .describe("what the visitor agreed to, in the words that were shown"),
  })
  .meta({ id: "Visit" });
export type Visit = z.infer<typeof visit>;

export const startChatRequest = z.object({ text: z.string().trim().min(1).max(4000) });

// ---- the preview of the configuration screen ------------------------------------------------------------------------

export type PreviewState = "button" | "greeting" | "home" | "chat" | "form" | "offline";

/** What the screen tells the page in its preview. */
export interface PreviewTold {
  switchboard: "preview";
  widgetKey: string;
  state: PreviewState;
  theme: "light" | "dark";
  config: PageConfig;
  /** The greeting that is looked at. */
  rule?: PageRule;
  /** Path of the panel's code. */
  panel: string;
}

/** Said by the preview once it listens. */
export interface PreviewReady {
  switchboard: "ready";
}
