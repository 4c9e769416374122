export * from "./channel.ts";
export * from "./contact.ts";
export * from "./conversation.ts";
export * from "./inbound.ts";
export * from "./link-token.ts";
export * from "./message.ts";
export * from "./small.ts";
export * from "./team.ts";
