/** Viber on the customers' page: chats with bots. */
import { found, type Act, type ActName, type Failure, type Place, type Stage } from "../stage.ts";
import type { StageMessage } from "../stage.ts";
import type { ViberSimulator } from "../viber.ts";
import type { ViberCustomer } from "./customer.ts";
import type { ViberBot, ViberFailure, ViberLine } from "./world.ts";

const sends = "send_message";
const failures: Record<Failure, ViberFailure> = {
  "429": { method: sends, kind: "status", status: 12, message: "tooManyRequests" },
  "5xx": { method: sends, kind: "http", code: 502 },
  no_answer: { method: sends, kind: "timeout_after_accept" },
  refused: { method: sends, kind: "status", status: 3, message: "badData" },
};

export function viberStage(simulator: ViberSimulator): Stage {
  const at = ({ account, person }: Place): { bot: ViberBot; customer: ViberCustomer } => {
    const bot = found(
      simulator.bots.find(({ id }) => id === account),
      "bot",
    );
    return { bot, customer: found(bot.customers.get(person), "customer") };
  };
  return {
    kind: "viber",
    title: "Viber",
    failures: ["429", "5xx", "no_answer", "refused"],
    asks: undefined,
    accounts: () => simulator.bots.map(({ id, name, icon }) => ({ id, name, photo: idOf(icon) })),
    people: () => simulator.bots.flatMap(({ customers }) => [...customers.values()].map(personOf)),
    chat: (place) => chatOf(simulator, at(place)),
    perform: async (place, act, bytes) => {
      await perform(simulator, at(place).customer, act, bytes);
    },
    add: ({ name }) => simulator.addCustomer(found(simulator.bots[0], "bot"), name).id,
    file: (id) => {
      const file = simulator.fileAt(decodeURIComponent(id));
      return file && { ...file, name: nameOf(id) };
    },
    failNext: (failure) => simulator.failNext(failures[failure]),
    follow(listener) {
      simulator.events.on("change", listener);
      return () => void simulator.events.off("change", listener);
    },
  };
}

/** Files are known by their addresses. */
function idOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : encodeURIComponent(url);
}

function nameOf(url: string): string {
  return decodeURIComponent(decodeURIComponent(url).split("/").at(-1) ?? "file");
}

function personOf({ id, person, lines }: ViberCustomer) {
  const last = lines.at(-1);
  return {
    id,
    name: person.name,
    photo: idOf(person.avatar),
    last: last && {
      text: last.message.text ?? "",
      kind: kinds[last.message.type ?? ""] ?? last.message.type,
      at: last.at.getTime(),
    },
  };
}

function chatOf(
  simulator: ViberSimulator,
  { customer: { subscribed, lines } }: { bot: ViberBot; customer: ViberCustomer },
): ReturnType<Stage["chat"]> {
  const blocked = !subscribed && lines.some(({ by }) => by === "customer");
  const unread = lines.some(({ by, state }) => by === "business" && state !== "read");
  const talks: ActName[] = ["say", "send", "location", "contact", ...(unread ? (["read"] as const) : [])];
  const opened = lines.length > 0;
  return {
    status: blocked ? "blocked" : "online",
    acts: blocked ? ["unblock"] : opened ? [...talks, "block"] : [...talks, "start"],
    files: ["photo", "video", "document", "sticker"],
    emojis: [],
    replies: false,
    letters: false,
    pressed: [],
    messages: lines.map((line) => messageOf(simulator, line)),
  };
}

const kinds: Record<string, string> = {
  picture: "photo",
  video: "video",
  file: "document",
  sticker: "sticker",
};

function messageOf(
  simulator: ViberSimulator,
  { token, by, at, message, copy, state }: ViberLine,
): StageMessage {
  const { type = "", text = "", location, contact, keyboard, media } = message;
  const file = simulator.fileAt(copy);
  const kind = kinds[type];
  return {
    id: token,
    by,
    at: at.getTime(),
    text: type === "url" ? (media ?? "") : text,
    ...(file &&
      copy &&
      kind && {
        media: [
          {
            kind,
            id: encodeURIComponent(copy),
            name: message.file_name ?? nameOf(copy),
            size: file.bytes.byteLength,
          },
        ],
      }),
    ...(location && { place: { latitude: location.lat, longitude: location.lon } }),
    ...(contact && { contact: { name: contact.name, phone: contact.phone_number ?? "" } }),
    buttons: keyboard?.Buttons.map(({ Text, ActionType, ActionBody }) => [
      { title: Text, ...(ActionType === "open-url" && { url: ActionBody }) },
    ]),
    reactions: [],
    ...(by === "business" && { state }),
    acts: ["press"],
  };
}

function perform(
  simulator: ViberSimulator,
  customer: ViberCustomer,
  act: Act,
  bytes: Uint8Array | undefined,
): Promise<unknown> {
  switch (act.do) {
    case "start":
      return customer.open(act.payload ?? "site-button");
    case "say":
      return customer.say(act.text);
    case "send":
      return sendFile(simulator, customer, act, found(bytes, "file"));
    case "location":
      return customer.send({ type: "location", location: { lat: act.latitude, lon: act.longitude } });
    case "contact": {
      const contact = { name: customer.person.name, phone_number: act.phone };
      return customer.send({ type: "contact", contact });
    }
    case "press": {
      const line = customer.lines.find(({ token }) => token === act.message);
      const button = found(line?.message.keyboard?.Buttons[act.button], "button");
      return customer.say(button.ActionBody);
    }
    case "read":
      return customer.see();
    case "block":
      return customer.block();
    case "unblock":
      return customer.unblock();
    default:
      return found<Promise<unknown>>(undefined, "act");
  }
}

function sendFile(
  simulator: ViberSimulator,
  customer: ViberCustomer,
  { as, name = as, mime, caption }: Extract<Act, { do: "send" }>,
  bytes: Uint8Array,
): Promise<unknown> {
  if (as === "sticker") return customer.sendSticker(bytes);
  if (as === "photo") return customer.sendPicture(bytes, caption);
  if (as !== "video") return customer.sendFile(bytes, mime ?? "application/octet-stream", name);
  const media = simulator.host(bytes, "video/mp4", name);
  return customer.send({ type: "video", media, size: bytes.byteLength });
}
