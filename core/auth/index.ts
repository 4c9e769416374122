/** Who asks and what they may do: accounts, sessions, access rights. */
export * from "./access.ts";
export * from "./models.ts";
export * from "./passwords.ts";
export * from "./sessions.ts";
