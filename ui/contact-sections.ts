import { shallowRef } from "vue";
import type { ContactPanelSection } from "./feature.ts";

/** Sections that other features add to the contact panel; the application shell sets them at start. */
export const panelSections = shallowRef<ContactPanelSection[]>([]);
