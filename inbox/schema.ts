/** Shapes of the inbox, shared by the server and the screens: the REST bodies and the events of the socket. */
export * from "./schema/messages.ts";
export * from "./schema/conversations.ts";
export * from "./schema/teams.ts";
export * from "./schema/contacts.ts";
export * from "./schema/search.ts";
export * from "./schema/channels.ts";
export * from "./schema/files.ts";
export * from "./schema/socket.ts";
