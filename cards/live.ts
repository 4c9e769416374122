/** Who has which block of a card open in the builder; it ends with the socket. */
import { z } from "zod";
import { isAdministrator } from "../core/auth/index.ts";
import { toObjectId } from "../core/db.ts";
import type { Hub } from "../core/hub.ts";
import type { StaffSocket } from "../core/realtime.ts";
import { SharedMap } from "../core/shared-map.ts";
import { CardModel } from "./models/index.ts";
import type { CardClientEvents, CardEditors } from "./schema.ts";

const editMessage: z.ZodType<Parameters<CardClientEvents["card_edit"]>[0]> = z.object({
  cardId: z.string().nullable(),
  blockId: z
    .string()
    .regex(/^[\w-]{1,24}$/)
    .nullable(),
});

interface Editing {
  workspaceId: string;
  cardId: string;
  blockId: string | null;
  staffId: string;
  name: string;
  photoFileId?: string;
  /** When the block was opened: whoever came first has it. */
  since: number;
}

export function followEditors({ realtime, log }: Hub): void {
  const editors = new SharedMap<Editing>("card-editors", realtime.processId, realtime.bus);

  const tell = ({ workspaceId, cardId }: Editing): void => {
    const here = [...editors.values()]
      .filter((one) => one.workspaceId === workspaceId && one.cardId === cardId)
      .sort((a, b) => a.since - b.since)
      .map(({ staffId, name, photoFileId, blockId }) => ({
        ...{ staffId, name, blockId },
        ...(photoFileId ? { photoFileId } : {}),
      }));
    realtime.emit([`workspace:${workspaceId}`], "card_editors", {
      cardId,
      editors: here,
    } satisfies CardEditors);
  };

  const leave = (socket: StaffSocket): void => {
    const former = editors.get(socket.id);
    if (!former) return;
    editors.set(socket.id, null);
    tell(former);
  };

  realtime.onConnect((socket) => {
    socket.on("disconnect", () => leave(socket));
    // one after the other: two that overtake each other would leave the older one standing
    let turn: Promise<void> = Promise.resolve();
    socket.on("card_edit", (data: unknown) => {
      turn = turn
        .then(() => edit(socket, data))
        .catch((err: unknown) => log.warn({ err }, "who edits a card was not told"));
    });
  });

  const edit = async (socket: StaffSocket, data: unknown): Promise<void> => {
    const { data: asked } = editMessage.safeParse(data);
    const cardId = asked?.cardId ? await accessEdited(socket, asked.cardId) : undefined;
    const former = editors.get(socket.id);
    if (!asked || !cardId || !socket.connected) return leave(socket);
    const { _id, workspaceId, displayName, photoFileId } = socket.data.staff;
    const same = former?.cardId === cardId && former.blockId === asked.blockId;
    const editing = {
      ...{ workspaceId: workspaceId.toHexString(), cardId, blockId: asked.blockId },
      ...{ staffId: _id.toHexString(), name: displayName },
      ...(photoFileId ? { photoFileId: photoFileId.toHexString() } : {}),
      since: same ? former.since : Date.now(),
    };
    editors.set(socket.id, editing);
    if (former && former.cardId !== cardId) tell(former);
    tell(editing);
  };
}

/** Nobody is shown to edit what he may not change. */
async function accessEdited(socket: StaffSocket, id: string): Promise<string | undefined> {
  const { staff } = socket.data;
  const _id = toObjectId(id);
  const { workspaceId } = staff;
  const found =
    _id &&
    isAdministrator(staff) &&
    (await CardModel.findOne({ workspaceId, _id, removedAt: null }, { _id: 1 }).lean());
  return found ? found._id.toHexString() : undefined;
}
