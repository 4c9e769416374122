/** Shapes of sign-in, people and the workspace's settings, shared by the server and the screens. */
import { z } from "zod";
import { preview } from "../inbox/schema.ts";

const id = z.string().regex(/^[0-9a-f]{24}$/);
const isoDate = z.iso.datetime();

export const locale = z.enum(["en", "ru"]);
export type Locale = z.infer<typeof locale>;

export const role = z.enum(["super_administrator", "administrator", "employee"]);
export type Role = z.infer<typeof role>;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const personName = z.string().trim().min(1).max(120);
/** At least 10 characters; a list of the commonest ones is refused by the server (`password_too_common`). */
const password = z.string().min(10).max(200);

/** Settings of one person; every device shares them. */
export const preferences = z
  .object({
    locale,
    theme: z.enum(["light", "dark", "auto"]),
    accent: z.enum(["indigo", "blue", "teal", "green", "terracotta", "rose", "plum", "graphite"]),
    density: z.enum(["comfortable", "compact"]),
    sendKey: z.enum(["enter", "ctrl_enter"]),
    singleKeyShortcuts: z.boolean(),
    afterClose: z.enum(["next", "previous", "list"]),
    notifications: z.object({
      assigned: z.object({ sound: z.boolean(), desktop: z.boolean() }),
      message: z.object({ sound: z.boolean(), desktop: z.boolean() }).describe("a customer writes to me"),
      unassigned: z
        .object({ sound: z.boolean(), desktop: z.boolean() })
        .describe("a customer writes to nobody"),
      mention: z.object({ sound: z.boolean(), desktop: z.boolean() }),
    }),
    quietHours: z
      .object({
        on: z.boolean(),
        from: z.string().regex(/^\d\d:\d\d$/),
        to: z.string().regex(/^\d\d:\d\d$/),
        allDay: z.array(z.number().int().min(0).max(6)),
      })
      .describe("allDay: days without any sound, 0 = Sunday"),
    hideSetup: z.boolean().describe("the checklist of the home screen is hidden"),
  })
  .meta({ id: "Preferences" });
export type Preferences = z.infer<typeof preferences>;
export const preferencesPatch = preferences.partial();

export const presence = z.enum(["online", "away", "offline"]);

export const staff = z
  .object({
    id,
    name: z.string(),
    displayName: z.string().describe("what customers and colleagues see in short"),
    position: z.string(),
    role,
    email: z.string(),
    photoFileId: z.string().optional(),
    channelIds: z.union([z.literal("all"), z.array(id)]),
    active: z.boolean(),
    presence,
  })
  .meta({ id: "Staff" });
export type Staff = z.infer<typeof staff>;

export const workspace = z
  .object({
    id,
    name: z.string(),
    reopenDays: z
      .number()
      .int()
      .min(0)
      .max(90)
      .describe("a message within so many days of resolving reopens the conversation"),
    createdAt: isoDate,
  })
  .meta({ id: "Workspace" });
export type Workspace = z.infer<typeof workspace>;
export const workspacePatch = z
  .object({ name: z.string().trim().min(1).max(80), reopenDays: z.number().int().min(0).max(90) })
  .partial();

// ---- first run and sign-in ----------------------------------------------------------------------------------------

/** `needed`: nobody has an account yet; the one-time link printed at start leads on. */
export const setupState = z
  .object({
    needed: z.boolean(),
    signUp: z.boolean().describe("anybody may register a workspace of their own (SIGNUP=open)"),
    mail: z.boolean().describe("letters go out: whoever has forgotten a password is sent a link"),
  })
  .meta({ id: "SetupState" });
export const setupCheck = z.object({ token: z.string().max(64) });
export const setupRequest = z
  .object({
    token: z.string().max(64),
    workspaceName: z.string().trim().min(1).max(80),
    name: personName,
    email,
    password,
    locale,
  })
  .meta({ id: "SetupRequest" });
export const signUpRequest = z.object({ email, locale }).meta({ id: "SignUpRequest" });
export const signUpCheck = z.object({ token: z.string().max(64) });
export const signUpState = z.object({ email: z.string() }).meta({ id: "SignUpState" });
export const signUpComplete = setupRequest.omit({ email: true }).meta({ id: "SignUpComplete" });
export const passwordResetRequest = signUpRequest.meta({ id: "PasswordResetRequest" });
export const passwordResetCheck = z.object({ token: z.string().max(64) });
export const passwordResetState = z.object({ email: z.string() }).meta({ id: "PasswordResetState" });
export const passwordResetComplete = z
  .object({ token: z.string().max(64), password })
  .meta({ id: "PasswordResetComplete" });
export const signInRequest = z
  .object({ email: z.string().trim().toLowerCase().max(254), password: z.string().max(200) })
  .meta({ id: "SignInRequest" });

/** What a page needs after loading: who I am, where, and the token every changing request carries as `x-csrf-token`. */
export const sessionInfo = z
  .object({
    csrfToken: z.string(),
    me: staff,
    workspace,
    workspaces: z
      .array(z.object({ id, name: z.string() }))
      .describe("those that the person works in, this one too"),
    preferences,
    version: z.string(),
  })
  .meta({ id: "SessionInfo" });
export type SessionInfo = z.infer<typeof sessionInfo>;

export const session = z
  .object({
    id,
    current: z.boolean(),
    device: z.string(),
    ip: z.string(),
    createdAt: isoDate,
    lastSeenAt: isoDate,
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof session>;

export const profilePatch = z
  .object({
    name: personName,
    displayName: z.string().trim().min(1).max(60),
    position: z.string().trim().max(80),
  })
  .partial();
export const passwordChange = z.object({ currentPassword: z.string().max(200), newPassword: password });

// ---- people -------------------------------------------------------------------------------------------------------

export const staffPatch = z
  .object({ role, channelIds: z.union([z.literal("all"), z.array(id).max(500)]), active: z.boolean() })
  .partial();

const channelIds = z.union([z.literal("all"), z.array(id).max(500)]);
export const invitationRequest = z
  .object({
    email,
    name: z.string().trim().max(120).optional(),
    position: z.string().trim().max(80).optional(),
    role,
    channelIds,
  })
  .meta({ id: "InvitationRequest" });
export const invitation = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role,
    channelIds,
    invitedBy: z.string(),
    createdAt: isoDate,
    expiresAt: isoDate,
    link: z.string().optional().describe("given once, in the answer that makes the invitation"),
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof invitation>;

/** What the invited person sees before joining: the inviter alone is named. */
export const invitationPreview = z
  .object({
    workspaceName: z.string(),
    invitedBy: z.string(),
    invitedAt: isoDate,
    expiresAt: isoDate,
    email: z.string(),
    name: z.string(),
    role,
    position: z.string(),
  })
  .meta({ id: "InvitationPreview" });
export type InvitationPreview = z.infer<typeof invitationPreview>;
export const invitationAccept = z
  .object({ token: z.string().max(64), name: personName, password, locale })
  .meta({ id: "InvitationAccept" });

// ---- home ---------------------------------------------------------------------------------------------------------

const waitingRow = z.object({
  conversationId: id,
  contactName: z.string(),
  avatarFileId: z.string().optional(),
  channelId: id,
  preview: preview.optional(),
  waitingSince: isoDate,
  assigneeId: id.optional(),
});

/** The home screen in one request: the set-up steps, done by facts, and the day in figures. */
export const home = z
  .object({
    steps: z.object({
      channels: z.array(z.object({ id, kind: z.string(), handle: z.string() })),
      colleagues: z.number().int(),
      answered: z.boolean(),
    }),
    firstMessage: z
      .object({
        conversationId: id,
        contactName: z.string(),
        channelId: id,
        text: z.string(),
        kind: z.string().describe("text, or the kind of its first attachment"),
        at: isoDate,
        seq: z.number().int(),
      })
      .optional()
      .describe("the first message of all, while nobody has answered it"),
    figures: z.object({
      open: z.number().int(),
      openMine: z.number().int(),
      waiting: z.number().int(),
      firstAnswerMs: z.number().int().optional().describe("median of today"),
      firstAnswerUsualMs: z.number().int().optional().describe("median of the last 28 days"),
      resolvedToday: z.number().int(),
      newToday: z.number().int(),
    }),
    byHour: z
      .array(
        z.object({
          hour: z.number().int(),
          today: z.number().int(),
          usual: z.number().optional().describe("median of the same weekday"),
        }),
      )
      .describe("new conversations, in the asker's time zone"),
    waitingLongest: z.array(waitingRow),
    team: z.array(z.object({ staffId: id, open: z.number().int() })),
  })
  .meta({ id: "Home" });
export type Home = z.infer<typeof home>;
