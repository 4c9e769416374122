/** Messenger and Instagram on the customers' page: each a stage of its own on the same platform. */
import { z } from "zod";
import type { GraphFailure } from "../graph.ts";
import { found, type Act, type ActName, type Failure, type Place, type Stage } from "../stage.ts";
import type { StageMessage } from "../stage.ts";
import { voiceOf } from "../voice.ts";
import type { MessengerSimulator } from "../messenger.ts";
import type { MessengerCustomer } from "./customer.ts";
import type { Platform, SimMessage, SimPage, SimThread } from "./world.ts";

const dayMs = 86_400_000;
/** Not what says that somebody types or has read. */
const sends = { path: "me/messages", having: "message" };
const failures: Record<Failure, GraphFailure> = {
  "429": {
    ...sends,
    kind: "error",
    error: { code: 613, message: "Calls to this api have exceeded the rate limit." },
  },
  "5xx": { ...sends, kind: "5xx" },
  no_answer: { ...sends, kind: "drop_after_accept" },
  refused: { ...sends, kind: "error", error: { code: 100, message: "Invalid parameter" } },
};
const looks = {
  page: { kind: "facebook", title: "Messenger", emojis: ["❤️", "😆", "😮", "😢", "😠", "👍"] },
  instagram: { kind: "instagram", title: "Instagram", emojis: ["❤️", "😂", "😮", "😢", "👏", "🔥"] },
} as const;

export function messengerStage(simulator: MessengerSimulator, object: Platform): Stage {
  const { graph } = simulator;
  const idOf = (page: SimPage): string | undefined => (object === "page" ? page.id : page.instagram?.id);
  const pageOf = (account: string): SimPage =>
    found(
      simulator.pages.find((page) => idOf(page) === account),
      "page",
    );
  const at = ({ account, person }: Place): MessengerCustomer =>
    simulator.customer(pageOf(account), found(simulator.person(person), "customer"), object);
  return {
    kind: looks[object].kind,
    title: looks[object].title,
    failures: ["429", "5xx", "no_answer", "refused"],
    asks: "username",
    accounts: () =>
      simulator.pages.flatMap((page) => {
        const id = idOf(page);
        const name = object === "page" ? page.name : (page.instagram?.username ?? "");
        return id === undefined ? [] : [{ id, name, photo: page.pictureId }];
      }),
    people: () => simulator.threadsOn(object).map(personOf),
    chat: (place) => chatOf(simulator, at(place).thread),
    perform: (place, act, bytes) => perform(simulator, at(place), act, bytes),
    add({ name, handle }) {
      const username = handle?.replace(/^@/, "") || undefined;
      const person = simulator.addPerson({ name, ...(username && { username }) });
      simulator.customer(found(simulator.pages[0], "page"), person, object);
      return person.id;
    },
    file: (id) => graph.media.get(id),
    failNext: (failure) => graph.failNext(failures[failure]),
    follow(listener) {
      graph.events.on("change", listener);
      return () => void graph.events.off("change", listener);
    },
  };
}

function personOf({ person: { id, name, username, pictureId }, messages, object }: SimThread) {
  const last = messages.at(-1);
  return {
    id,
    name,
    photo: pictureId,
    ...(object === "instagram" && { handle: `@${username}` }),
    last: last && { text: textOf(last), kind: kindOf(last), at: last.at },
  };
}

function chatOf(simulator: MessengerSimulator, thread: SimThread): ReturnType<Stage["chat"]> {
  const { object, blocked, messages, lastFromCustomer } = thread;
  const unread = messages.some(({ from, state }) => from === "page" && state !== "read");
  const closed = Date.now() - lastFromCustomer > dayMs;
  const talks: ActName[] = ["say", "send", "block", ...(object === "instagram" ? (["story"] as const) : [])];
  if (object === "page" && messages.length === 0) talks.push("start");
  if (unread) talks.push("read");
  if (!closed) talks.push("wait");
  return {
    status: blocked ? "blocked" : closed && messages.length > 0 ? "closed" : "online",
    acts: blocked ? ["unblock"] : talks,
    files:
      object === "page" ? ["photo", "video", "voice", "document", "sticker"] : ["photo", "video", "voice"],
    emojis: [...looks[object].emojis],
    replies: true,
    letters: false,
    pressed: [],
    messages: messages.filter(({ deleted }) => !deleted).map((one) => messageOf(simulator, thread, one)),
  };
}

const template = z.object({
  text: z.string(),
  buttons: z.array(z.object({ title: z.string(), url: z.string().optional() })).default([]),
});
const kinds: Record<string, string> = { image: "photo", MEDIA_SHARE: "photo", file: "document" };

function messageOf({ graph }: MessengerSimulator, thread: SimThread, message: SimMessage): StageMessage {
  const { mid, from, at, attachment, fileId, quickReplies, pressed, story, state } = message;
  const file = fileId === undefined ? undefined : graph.media.get(fileId);
  const answered = thread.messages.find((one) => one.mid === message.replyTo);
  const shown = template.safeParse(attachment?.payload).data;
  const buttons = quickReplies ?? shown?.buttons;
  const mine = from === "customer";
  const reaction = message.reaction === "love" ? "❤️" : message.reaction;
  const changes = mine && message.text !== undefined && !pressed ? (["edit"] as const) : [];
  return {
    id: mid,
    by: mine ? "customer" : "business",
    at,
    text: textOf(message),
    ...(file && {
      media: [
        {
          kind: kindOf(message),
          id: file.id,
          name: file.name,
          size: file.bytes.byteLength,
        },
      ],
    }),
    ...(answered && { quote: { name: nameOf(thread, answered), text: textOf(answered) || "…" } }),
    ...((pressed || story) && {
      origin: { what: story ? ("story" as const) : ("pressed" as const), of: "" },
    }),
    buttons: buttons?.map((button) => [button]),
    reactions: [reaction, message.emoji].filter((one) => one !== undefined),
    reaction: message.emoji,
    edited: message.edited ?? false,
    ...(!mine && state && { state }),
    acts: mine
      ? [...changes, ...(thread.object === "instagram" ? (["unsend"] as const) : [])]
      : ["react", "press"],
  };
}

function kindOf({ sticker, attachment: { type } = { type: "file", payload: {} } }: SimMessage): string {
  return sticker ? "sticker" : (kinds[type] ?? type);
}

function textOf({ text, attachment }: SimMessage): string {
  return text ?? template.safeParse(attachment?.payload).data?.text ?? "";
}

function nameOf({ page, person }: SimThread, { from }: SimMessage): string {
  return from === "page" ? page.name : person.name;
}

function perform(
  simulator: MessengerSimulator,
  customer: MessengerCustomer,
  act: Act,
  bytes: Uint8Array | undefined,
): void | Promise<void> {
  const { thread } = customer;
  const target = (id: string): SimMessage =>
    found(
      thread.messages.find(({ mid }) => mid === id),
      "message",
    );
  switch (act.do) {
    case "start":
      return customer.press("Get started", "GET_STARTED", act.payload);
    case "say":
      return void customer.say(act.text, act.replyTo === undefined ? {} : { replyTo: act.replyTo });
    case "story":
      return void customer.say(act.text, { story: `${simulator.url}/media/story` });
    case "send":
      return sendFile(simulator, customer, act, found(bytes, "file"));
    case "edit":
      return customer.edit(target(act.message), act.text);
    case "unsend":
      return customer.unsend(target(act.message));
    case "react":
      return act.emoji ? customer.react(act.message, act.emoji) : customer.unreact(act.message);
    case "press":
      return press(customer, target(act.message), act.button);
    case "read":
      return customer.read();
    case "wait":
      thread.lastFromCustomer = Date.now() - dayMs - 1;
      return simulator.graph.changed();
    case "block":
    case "unblock":
      return customer.block(act.do === "block");
    default:
      return found<void>(undefined, "act");
  }
}

/** A quick reply is said; a button of a template is only told. */
function press(customer: MessengerCustomer, { quickReplies, attachment }: SimMessage, index: number): void {
  const quick = quickReplies?.[index];
  if (quick) return void customer.say(quick.title, { quickReply: quick.payload });
  const { buttons } = z
    .object({ buttons: z.array(z.object({ title: z.string(), payload: z.string().optional() })) })
    .parse(attachment?.payload);
  const { title, payload = title } = found(buttons[index], "button");
  customer.press(title, payload);
}

const types = {
  photo: ["image", "image/jpeg"],
  sticker: ["image", "image/webp"],
  video: ["video", "video/mp4"],
  voice: ["audio", "audio/ogg"],
  audio: ["audio", "audio/mpeg"],
  document: ["file", "application/octet-stream"],
} as const;

/** There are no captions: the words go first. */
async function sendFile(
  { url }: MessengerSimulator,
  customer: MessengerCustomer,
  { as, name = as, caption, ...given }: Extract<Act, { do: "send" }>,
  content: Uint8Array,
): Promise<void> {
  const [type, usual] = types[as];
  const mime = as === "voice" ? usual : (given.mime ?? usual);
  const bytes = as === "voice" ? await voiceOf(content) : content;
  if (caption) customer.say(caption);
  if (as === "sticker") customer.sendSticker({ bytes, name, mime }, url);
  else customer.sendFile(type, { bytes, name, mime }, url);
}
