// Every request of these screens, in one place and by name.
import { api } from "../../ui/api.ts";
import type { Locale } from "../../ui/i18n.ts";
import type {
  Channel,
  ChannelCheck,
  ChannelDetails,
  ConnectorInfo,
  Conversation,
  Device,
  HeldReply,
  Hours,
  HoursAnswer,
  Home,
  Invitation,
  InvitationPreview,
  Message,
  Role,
  SavedAddress,
  SessionInfo,
  Staff,
  Tag,
  Team,
  TeamRequest,
  VendorSignIn,
  Workspace,
} from "./types.ts";

interface Page<T> {
  items: T[];
  next: string | null;
}
export type Credentials = Record<string, string>;
export type Place = Omit<SavedAddress, "id">;

/** What is typed of an account, and the sign-in at the vendor's page that adds to it. */
export interface AccountFields {
  kind: string;
  credentials: Credentials;
  signInId?: string;
}

export interface InvitationFields {
  email: string;
  name: string;
  position: string;
  role: Role;
  channelIds: "all" | string[];
}

export const workspaceApi = {
  setupState: () => api.get<{ needed: boolean; signUp: boolean; mail: boolean }>("/setup"),
  checkSetup: (token: string) => api.post<undefined>("/setup/check", { token }),
  setUp: (owner: object) => api.post<SessionInfo>("/setup", owner),
  askSignUp: (email: string, locale: Locale) => api.post<undefined>("/sign-up", { email, locale }),
  checkSignUp: (token: string) => api.post<{ email: string }>("/sign-up/check", { token }),
  signUp: (founder: object) => api.post<SessionInfo>("/sign-up/complete", founder),
  askPassword: (email: string, locale: Locale) => api.post<undefined>("/password", { email, locale }),
  checkPassword: (token: string) => api.post<{ email: string }>("/password/check", { token }),
  setPassword: (token: string, password: string) =>
    api.post<undefined>("/password/complete", { token, password }),
  signIn: (email: string, password: string) => api.post<SessionInfo>("/session", { email, password }),
  previewInvitation: (token: string) => api.post<InvitationPreview>("/invitations/preview", { token }),
  acceptInvitation: (body: object) => api.post<SessionInfo>("/invitations/accept", body),

  home: () =>
    api.get<Home>("/home", { query: { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } }),
  answer: (conversationId: string, clientId: string, text: string, seenSeq: number) =>
    api.post<Message>(`/conversations/${conversationId}/messages`, {
      clientId,
      type: "outgoing",
      content: { text },
      seenSeq,
    }),

  connectors: (locale: string) => api.get<Page<ConnectorInfo>>("/connectors", { query: { locale } }),
  channels: () => api.get<Page<Channel>>("/channels"),
  channel: (id: string) => api.get<ChannelDetails>(`/channels/${id}`),
  checkChannel: (request: AccountFields, signal: AbortSignal) =>
    api.post<ChannelCheck>("/channels/check", request, { signal }),
  connectChannel: (request: AccountFields & { consent?: boolean }, key: string) =>
    api.post<Channel>("/channels", request, { headers: { "idempotency-key": key } }),
  beginSignIn: (kind: string, credentials: Credentials, channelId?: string) =>
    api.post<VendorSignIn>("/channels/sign-ins", { kind, credentials, ...(channelId ? { channelId } : {}) }),
  vendorSignIn: (id: string) => api.get<VendorSignIn>(`/channels/sign-ins/${id}`),
  askForCode: (id: string) => api.post<undefined>(`/channels/${id}/login`),
  patchChannel: (
    id: string,
    patch: { name?: string; paused?: boolean; credentials?: Credentials; signInId?: string },
  ) => api.patch<ChannelDetails>(`/channels/${id}`, patch),
  reconnectChannel: (id: string) => api.post<Channel>(`/channels/${id}/reconnect`),
  removeChannel: (id: string) => api.delete<undefined>(`/channels/${id}`),
  latest: (channelId: string) =>
    api.get<Page<Conversation>>("/conversations", { query: { channelId, order: "newest", limit: 6 } }),
  held: (id: string) => api.get<Page<HeldReply>>(`/channels/${id}/held`),
  retryHeld: (id: string, messageIds?: string[]) =>
    api.post<Page<Message>>(`/channels/${id}/retry`, messageIds ? { messageIds } : {}),
  discardHeld: (id: string, messageIds?: string[]) =>
    api.post<Page<Message>>(`/channels/${id}/discard`, messageIds ? { messageIds } : {}),

  staff: () => api.get<Page<Staff>>("/staff"),
  patchStaff: (id: string, patch: { role?: Role; active?: boolean; channelIds?: "all" | string[] }) =>
    api.patch<Staff>(`/staff/${id}`, patch),
  invitations: () => api.get<Page<Invitation>>("/invitations"),
  invite: (fields: InvitationFields) => api.post<Invitation>("/invitations", fields),
  withdraw: (id: string) => api.delete<undefined>(`/invitations/${id}`),

  patchProfile: (patch: { name?: string; displayName?: string; position?: string }) =>
    api.patch<Staff>("/profile", patch),
  changePassword: (currentPassword: string, newPassword: string) =>
    api.post<undefined>("/profile/password", { currentPassword, newPassword }),
  setPhoto: (photo: Blob) =>
    api.upload<Staff>("/profile/photo", photo, { method: "PUT", headers: { "content-type": photo.type } }),
  removePhoto: () => api.delete<Staff>("/profile/photo"),
  patchWorkspace: (patch: { name?: string; reopenDays?: number }) =>
    api.patch<Workspace>("/workspace", patch),
  devices: () => api.get<Page<Device>>("/sessions"),
  endDevice: (id: string) => api.delete<undefined>(`/sessions/${id}`),

  tags: () => api.get<Page<Tag>>("/tags"),
  saveTag: (tag: Tag) => api.put<undefined>("/tags", tag),
  renameTag: (name: string, to: string) => api.patch<undefined>("/tags", { name, to }),
  removeTag: (name: string) => api.delete<undefined>("/tags", { name }),
  teams: () => api.get<Page<Team>>("/teams"),
  makeTeam: (fields: TeamRequest) => api.post<Team>("/teams", fields),
  saveTeam: (id: string, fields: TeamRequest) => api.put<Team>(`/teams/${id}`, fields),
  removeTeam: (id: string) => api.delete<undefined>(`/teams/${id}`),
  orderTeams: (ids: string[]) => api.put<Page<Team>>("/teams/order", { ids }),
  /** Of the business, or of a team. */
  hours: (teamId?: string) => api.get<HoursAnswer>(hoursOf(teamId)),
  saveHours: (hours: Hours, teamId?: string) => api.put<HoursAnswer>(hoursOf(teamId), hours),
  removeHours: (teamId?: string) => api.delete<undefined>(hoursOf(teamId)),
  previewHours: (hours: Hours, signal: AbortSignal) =>
    api.post<HoursAnswer>("/hours/preview", hours, { signal }),
  addresses: () => api.get<Page<SavedAddress>>("/addresses"),
  saveAddress: (place: Place) => api.post<SavedAddress>("/addresses", place),
  removeAddress: (id: string) => api.delete<undefined>(`/addresses/${id}`),
};

function hoursOf(teamId: string | undefined): string {
  return teamId ? `/teams/${teamId}/hours` : "/hours";
}
