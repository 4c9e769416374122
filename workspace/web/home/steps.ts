import type { Home } from "../types.ts";

export interface SetupStep {
  id: "channels" | "answer" | "colleagues";
  done: boolean;
  to: string;
}

/** The steps of the set-up, done by facts. */
export function stepsOf({ steps }: Home): SetupStep[] {
  return [
    { id: "channels", done: steps.channels.length > 0, to: "/channels/connect" },
    { id: "answer", done: steps.answered, to: "/inbox/all" },
    { id: "colleagues", done: steps.colleagues > 0, to: "/settings/team" },
  ];
}
