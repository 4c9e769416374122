/** Pushes what happened to the screens that may see it, and tells who is looking at what. */
import { z } from "zod";
import { ConversationModel } from "./models/index.ts";
import { mayUseChannel, staffRoom } from "../core/auth/index.ts";
import { toObjectId, type ObjectId } from "../core/db.ts";
import { administratorsRoom, type StaffSocket } from "../core/realtime.ts";
import { readChannel } from "./channels.ts";
import { describeConversation, describeMessage } from "./describe.ts";
import type { Inbox } from "./inbox.ts";
import { ChannelModel } from "./models/index.ts";
import type { ClientEvents, Viewer } from "./schema.ts";

const viewMessage: z.ZodType<Parameters<ClientEvents["view"]>[0]> = z.object({
  conversationId: z.string().nullable(),
  replying: z.boolean(),
});
const typingMessage: z.ZodType<Parameters<ClientEvents["typing"]>[0]> = z.object({
  conversationId: z.string(),
});

/** Those with every channel, and those with this one. */
function roomsOf({ workspaceId, channelId }: { workspaceId: ObjectId; channelId: ObjectId }): string[] {
  return [`channels:${workspaceId.toHexString()}`, roomOf(workspaceId, channelId)];
}

function roomOf(workspaceId: ObjectId, channelId: ObjectId): string {
  return `channel:${workspaceId.toHexString()}:${channelId.toHexString()}`;
}

export function goLive(inbox: Inbox): void {
  const { events, realtime } = inbox.hub;
  events.subscribe("message.changed", ({ message }) =>
    realtime.emit(roomsOf(message), "message", { message: describeMessage(message) }),
  );
  events.subscribe("conversation.changed", ({ conversation }) =>
    realtime.emit(roomsOf(conversation), "conversation", {
      conversation: describeConversation(conversation),
    }),
  );
  events.subscribe("conversation.moved", ({ workspaceId, conversationId, fromChannelId, channelId }) =>
    realtime.emit(
      [roomOf(workspaceId, fromChannelId)],
      "conversation_left",
      { conversationId: conversationId.toHexString() },
      [roomOf(workspaceId, channelId)],
    ),
  );
  events.subscribe("contact.changed", ({ contact }) =>
    realtime.emit([`workspace:${contact.workspaceId.toHexString()}`], "contact", {
      contactId: contact._id.toHexString(),
    }),
  );
  events.subscribe("contact.typing", ({ conversationId, on, text, ...place }) =>
    realtime.emit(roomsOf(place), "typing", {
      conversationId: conversationId.toHexString(),
      by: "contact",
      on,
      ...(text === undefined ? {} : { text }),
    }),
  );
  events.subscribe("draft.changed", ({ staff, ...draft }) =>
    realtime.emit([staffRoom(staff)], "draft", draft),
  );
  events.subscribe("channel.changed", async ({ workspaceId, channelId }) => {
    const channel = await ChannelModel.findOne({ workspaceId, _id: channelId, removedAt: null }).lean();
    if (channel)
      realtime.emit(roomsOf({ workspaceId, channelId }), "channel", { channel: await readChannel(channel) });
  });
  events.subscribe("channel.login", ({ workspaceId, channelId, login }) =>
    realtime.emit([administratorsRoom(workspaceId)], "channel_login", {
      channelId: channelId.toHexString(),
      ...(login ? { login } : {}),
    }),
  );
  watchViewers(inbox);
}

interface View {
  staffId: string;
  conversationId: string;
  rooms: string[];
  replying: boolean;
}

/** Who has which conversation open; it ends with the socket. */
function watchViewers(inbox: Inbox): void {
  const { realtime } = inbox.hub;
  const views = realtime.share<View>("views");
  const tellCustomer = createTypingTeller(inbox);

  const tell = ({ conversationId, rooms }: View): void => {
    const people = new Map<string, Viewer>();
    for (const { staffId, replying, ...view } of views.values()) {
      if (view.conversationId === conversationId)
        people.set(staffId, { staffId, replying: replying || (people.get(staffId)?.replying ?? false) });
    }
    realtime.emit(rooms, "viewers", { conversationId, viewers: [...people.values()] });
  };

  const leave = (socket: StaffSocket): void => {
    const former = views.get(socket.id);
    if (!former) return;
    views.set(socket.id, null);
    tell(former);
  };

  realtime.onConnect((socket) => {
    const staffId = socket.data.staff._id.toHexString();
    const log = (err: unknown): void => inbox.hub.log.warn({ err }, "a view was not told");
    socket.on("disconnect", () => leave(socket));
    let turn = Promise.resolve(); // what is said later must not be overtaken by what takes longer to look up
    socket.on("view", (data: unknown, ack?: unknown) => {
      turn = turn.then(() => look(socket, data, ack)).catch(log);
    });
    socket.on("typing", (data: unknown) => void type(data).catch(log));

    const look = async (at: StaffSocket, data: unknown, ack: unknown): Promise<void> => {
      const parsed = viewMessage.safeParse(data);
      const rooms =
        parsed.success && parsed.data.conversationId
          ? await accessRooms(at, parsed.data.conversationId)
          : undefined;
      if (!at.connected) return; // it has left already, and would stay for ever
      const former = views.get(at.id);
      if (!parsed.success || !rooms || !parsed.data.conversationId) leave(at);
      else {
        const { conversationId, replying } = parsed.data;
        const view = { staffId, conversationId, rooms, replying };
        views.set(at.id, view);
        if (former && former.conversationId !== view.conversationId) tell(former);
        tell(view);
      }
      if (typeof ack === "function") (ack as (answer: { ok: boolean }) => void)({ ok: rooms !== undefined });
    };

    const type = async (data: unknown): Promise<void> => {
      const parsed = typingMessage.safeParse(data);
      const conversation = parsed.success ? await findVisible(socket, parsed.data.conversationId) : undefined;
      if (!conversation) return;
      inbox.hub.realtime.emit(roomsOf(conversation), "typing", {
        conversationId: conversation._id.toHexString(),
        by: "staff",
        staffId,
        on: true,
      });
      await tellCustomer(conversation.channelId, conversation.threadKey);
    };
  });

  const accessRooms = async (socket: StaffSocket, id: string): Promise<string[] | undefined> => {
    const conversation = await findVisible(socket, id);
    return conversation && roomsOf(conversation);
  };
}

async function findVisible(socket: StaffSocket, id: string) {
  const { staff } = socket.data;
  const _id = toObjectId(id);
  const conversation =
    _id &&
    (await ConversationModel.findOne(
      { workspaceId: staff.workspaceId, _id },
      { channelId: 1, threadKey: 1, workspaceId: 1 },
    ).lean());
  return conversation && mayUseChannel(staff, conversation.channelId) ? conversation : undefined;
}

const typingEveryMs = 4000;

/** The customer sees "typing…" where the platform shows it, told again every four seconds at most. Losing one costs nothing. */
function createTypingTeller(inbox: Inbox): (channelId: ObjectId, threadKey: string) => Promise<void> {
  const toldAt = new Map<string, number>();
  return async (channelId, threadKey) => {
    const key = `${channelId.toHexString()} ${threadKey}`;
    const now = Date.now();
    if (now - (toldAt.get(key) ?? 0) < typingEveryMs) return;
    for (const [former, at] of toldAt) if (now - at > typingEveryMs) toldAt.delete(former);
    toldAt.set(key, now);
    const session = inbox.accounts.session(channelId);
    await session
      ?.perform({ op: "typing", threadKey, signal: AbortSignal.timeout(5000) })
      .catch((err: unknown) => inbox.hub.log.debug({ err }, "typing was not told"));
  };
}
