/** A hub with its owner, a Telegram simulator, and a bot connected through the API. */
import { TelegramSimulator, type SimBot } from "../../demo/simulators/telegram.ts";
import { startHub, waitFor, type Person, type TestHub } from "./hub.ts";
import type { Replaceable } from "../../server.ts";

export const botToken = "7418025591:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";

export interface World {
  hub: TestHub;
  simulator: TelegramSimulator;
  bot: SimBot;
  owner: Person;
  channelId: string;
  stop(): Promise<void>;
}

export async function startWorld(
  environment: Record<string, string> = {},
  replace: Replaceable = {},
): Promise<World> {
  const simulator = new TelegramSimulator();
  const { url, close } = await simulator.listen();
  const bot = await simulator.addBot({ token: botToken, username: "clay_and_co_bot", name: "Clay & Co" });
  const hub = await startHub({ TELEGRAM_API_ROOT: url, ...environment }, replace);
  const owner = await hub.owner();
  const channel = await owner.post<{ id: string }>("/channels", {
    kind: "telegram",
    credentials: { token: botToken },
  });
  return {
    hub,
    simulator,
    bot,
    owner,
    channelId: channel.id,
    async stop() {
      owner.leave();
      await hub.stop();
      await close();
    },
  };
}

/** The only conversation of a view, as soon as it is there. */
export function firstConversation(person: Person, view = "all"): Promise<any> {
  const first = async (): Promise<any> => (await person.get(`/conversations?view=${view}`)).items[0];
  return waitFor(async () => {
    const conversation = await first();
    return conversation?.preview && conversation;
  }, "a conversation with a message");
}

export async function threadOf(person: Person, conversationId: string): Promise<any[]> {
  return (await person.get(`/conversations/${conversationId}/messages?limit=200`)).items;
}

/** The thread's message that fits, as soon as it is there. */
export function messageWhere(
  person: Person,
  conversationId: string,
  fits: (message: any) => boolean,
): Promise<any> {
  return waitFor(async () => (await threadOf(person, conversationId)).find(fits), "a message");
}
