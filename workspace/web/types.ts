// The shapes that these screens speak of, under one roof.
export type {
  Home,
  Invitation,
  InvitationPreview,
  Role,
  Session as Device,
  SessionInfo,
  Staff,
  Workspace,
} from "../schema.ts";
export type {
  Channel,
  ChannelCheck,
  ChannelDetails,
  ConnectorInfo,
  Conversation,
  HeldReply,
  Hours,
  HoursAnswer,
  Message,
  SavedAddress,
  ServerEvents,
  Tag,
  Team,
  TeamRequest,
  VendorSignIn,
} from "../../inbox/schema.ts";
