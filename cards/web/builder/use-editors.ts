// Colleagues who have a block of the card open: a face on it, and the block is theirs until they leave it.
import { computed, onScopeDispose, ref, watch, type Ref } from "vue";
import { session } from "../../../ui/session.ts";
import { onConnected, onLive, sayLive, socketState } from "../../../ui/socket.ts";
import type { CardEditor, CardEditors } from "../../schema.ts";

export interface Editor {
  id: string;
  name: string;
  photo: string | undefined;
}

/** `openBlock`: the one that is edited here. */
export function useEditors(
  cardId: string,
  openBlock: Readonly<Ref<string | undefined>>,
  mayChange: Ref<boolean>,
) {
  const editors = ref<CardEditor[]>([]);
  const me = (): string | undefined => session.value?.me.id;

  /** Who only looks on says so as well: whoever has the card open is told, and the hub knows who may change it. */
  const tell = (): void => sayLive("card_edit", { cardId, blockId: openBlock.value ?? null });
  const stops = [
    onLive<CardEditors>("card_editors", (data) => {
      if (data.cardId === cardId) editors.value = data.editors;
    }),
    onConnected(tell),
    watch([openBlock, mayChange], tell),
    // who is there is not known without a line
    watch(socketState.connected, (connected) => connected || (editors.value = [])),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
    sayLive("card_edit", { cardId: null, blockId: null });
  });

  /** By block, each person once. */
  const faces = computed(() => {
    const found = new Map<string, Editor[]>();
    for (const { staffId, name, photoFileId, blockId } of editors.value) {
      if (blockId === null || staffId === me()) continue;
      const there = found.get(blockId) ?? [];
      if (there.some(({ id }) => id === staffId)) continue;
      const photo = photoFileId && `/api/v1/files/${photoFileId}`;
      found.set(blockId, [...there, { id: staffId, name, photo: photo || undefined }]);
    }
    return found;
  });
  /** Whoever came before oneself. */
  function holderOf(blockId: string): Editor | undefined {
    const first = editors.value.find((one) => one.blockId === blockId);
    return first && first.staffId !== me() ? faces.value.get(blockId)?.[0] : undefined;
  }
  return { faces, holderOf };
}
export type Editors = ReturnType<typeof useEditors>;
