import { reactive } from "vue";
import type { MediaAttachment } from "../types.ts";

export const lightBox = reactive<{ pictures: MediaAttachment[]; index: number; open: boolean }>({
  pictures: [],
  index: 0,
  open: false,
});

/** Shows pictures over everything, beginning with one. */
export function showLightBox(pictures: MediaAttachment[], index: number): void {
  lightBox.pictures = pictures.filter((picture) => picture.media.fileId);
  lightBox.index = Math.max(0, Math.min(index, lightBox.pictures.length - 1));
  lightBox.open = true;
}

export function closeLightBox(): void {
  lightBox.open = false;
}
