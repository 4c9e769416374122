import { AlarmClock, AtSign, CircleCheck, CircleDashed, Layers, UserRound } from "@lucide/vue";
import type { Component } from "vue";
import type { InboxView } from "../types.ts";

export const viewIcons: Record<InboxView, Component> = {
  mine: UserRound,
  unassigned: CircleDashed,
  mentions: AtSign,
  all: Layers,
  snoozed: AlarmClock,
  resolved: CircleCheck,
};
