/** Connected accounts, and what it takes to connect one. */
import { z } from "zod";
import { capabilities, healthState, messageTemplate, threadVariant } from "../../connectors/contract.ts";
import { id, isoDate, text } from "./common.ts";
import { message } from "./messages.ts";

/**
 * A field of a connector's credentials form, made from its zod schema; `title` and `help` are keys of its texts. What
 * only a sign-in at the vendor brings is no field: it is neither asked for nor shown, and typed ones are left out.
 */
export const connectorField = z.object({
  name: z.string(),
  type: z.enum(["text", "select"]),
  title: z.string(),
  help: z.string().optional(),
  secret: z.boolean(),
  required: z.boolean(),
  options: z.array(z.string()).optional(),
  default: z.string().optional(),
});

export const connectorInfo = z
  .object({
    kind: z.string(),
    title: z.string(),
    capabilities,
    variants: z.array(threadVariant).optional(),
    fields: z.array(connectorField),
    steps: z.array(
      z.object({
        code: z.string(),
        link: z.string().optional(),
        fields: z.array(z.string()).optional(),
        consent: z.boolean().optional(),
        signIn: z.boolean().optional(),
        webhook: z.boolean().optional(),
        login: z.boolean().optional(),
      }),
    ),
    texts: z.record(z.string(), z.string()).describe("in the language asked for by ?locale"),
    iconUrl: z.string(),
    setUpPath: z.string().optional().describe("screen that sets it up instead of the guided connection"),
  })
  .meta({ id: "ConnectorInfo" });
export type ConnectorInfo = z.infer<typeof connectorInfo>;

/** A code that signs an account in when it is scanned. It is shown to administrators and kept nowhere. */
export const loginCode = z.object({
  phase: z.string(),
  qr: z.string().optional(),
  expiresAt: isoDate.optional(),
});

/** Signing in at the vendor's page: open `url`; GET /channels/sign-ins/{id} says when it is done. */
export const signInRequest = z.object({
  kind: z.string().max(40),
  credentials: z.record(z.string(), z.string().max(4096)),
  channelId: id.optional().describe("of an account that is signed in again: fills what is not given"),
});
export const vendorSignIn = z
  .object({
    id,
    state: z.enum(["waiting", "done", "failed"]),
    url: z.string().optional().describe("in the answer that made it"),
    problem: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: "VendorSignIn" });
export type VendorSignIn = z.infer<typeof vendorSignIn>;

export const templateList = z
  .object({ items: z.array(messageTemplate), next: z.string().nullable() })
  .meta({ id: "TemplateList" });

export const channel = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    handle: z.string(),
    link: z.string().optional(),
    avatarFileId: z.string().optional(),
    mode: z.string().optional().describe("how messages arrive, as the connector calls it"),
    health: z.object({
      state: healthState,
      since: isoDate,
      problem: z.object({ code: z.string(), message: z.string() }).optional(),
      lastInboundAt: isoDate.optional(),
      lastOutboundAt: isoDate.optional(),
      lastError: z.object({ at: isoDate, code: z.string(), message: z.string() }).optional(),
    }),
    paused: z.boolean(),
    createdAt: isoDate,
    createdBy: z.string(),
    hourly: z
      .array(z.object({ at: isoDate, incoming: z.number().int(), failed: z.number().int() }))
      .describe("the last 24 hours"),
    incoming24h: z.number().int(),
    staffIds: z.array(id).describe("who may answer"),
  })
  .meta({ id: "Channel" });
export type Channel = z.infer<typeof channel>;

/** One channel with what administrators see of it. Secrets show their first and last characters only. */
export const channelDetails = channel
  .extend({
    credentials: z.record(z.string(), z.string()),
    webhook: z
      .object({
        url: z.string().optional().describe("undefined without a public https address"),
        verifyToken: z.string().optional().describe("for administrators"),
        seenAt: isoDate.optional().describe("the platform called it first"),
      })
      .optional()
      .describe("of connectors whose address a person pastes at the vendor, or that use one"),
    calls: z
      .array(
        z.object({
          at: isoDate,
          method: z.enum(["GET", "POST"]),
          status: z.number().int(),
          what: z.string().describe("message, delivery … by its first event; challenge, unproven"),
        }),
      )
      .describe("the platform's last calls, newest first; of those alike within ten seconds one"),
    login: loginCode.optional().describe("what has to be scanned now; for administrators"),
    unknownCount: z
      .number()
      .int()
      .describe("updates of kinds that are kept and not shown, last 30 days (group chats among them)"),
    heldCount: z.number().int().describe("replies failed or of unknown outcome, last 30 days"),
    log: z.array(
      z.object({
        at: isoDate,
        level: z.enum(["info", "warn", "bad"]),
        code: z.string(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: "ChannelDetails" });
export type ChannelDetails = z.infer<typeof channelDetails>;

/** Replies of a channel that did not go out. */
export const heldReply = z
  .object({
    message,
    contactName: z.string(),
    until: isoDate.optional().describe("when the messenger's window closes; in the past, it has"),
  })
  .meta({ id: "HeldReply" });
export type HeldReply = z.infer<typeof heldReply>;

export const channelCheckRequest = z.object({
  kind: z.string().max(40),
  credentials: z.record(z.string(), z.string().max(4096)),
  signInId: id.optional().describe("a finished sign-in at the vendor's page, whose answer is added"),
});
export const channelCheck = z
  .object({
    externalId: z.string(),
    name: z.string(),
    handle: z.string(),
    link: z.string().optional(),
    avatar: z.string().optional().describe("data: address"),
    checks: z.array(
      z.object({
        code: z.string(),
        state: z.enum(["ok", "warn", "bad"]),
        params: z.record(z.string(), z.string()).optional(),
        parts: z
          .array(z.object({ name: z.string(), on: z.boolean() }))
          .optional()
          .describe("single things the line is about, by the vendor's names"),
      }),
    ),
  })
  .meta({ id: "ChannelCheck" });
export type ChannelCheck = z.infer<typeof channelCheck>;
export const channelRequest = channelCheckRequest
  .extend({
    name: text(80).optional(),
    consent: z
      .boolean()
      .optional()
      .describe("given by the asker, where a step of the connector asks for one"),
  })
  .meta({ id: "ChannelRequest" });
/** `credentials` replaces only the fields it names. */
export const channelPatch = z
  .object({
    name: text(80).min(1),
    paused: z.boolean(),
    credentials: z.record(z.string(), z.string().max(4096)),
    signInId: id.describe("a finished sign-in at the vendor's page, whose answer replaces what is stored"),
  })
  .partial();
