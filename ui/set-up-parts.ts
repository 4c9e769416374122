import { shallowRef } from "vue";
import type { FeatureModule } from "./feature.ts";

/** The features' parts of the set-up; the application shell sets them at start. */
export const setUpParts = shallowRef<NonNullable<FeatureModule["setUp"]>[]>([]);
