export * from "./visitor.ts";
export * from "./widget.ts";
