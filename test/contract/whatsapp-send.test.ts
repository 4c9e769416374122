/** Commands to WhatsApp's API where they are more than a text: what is refused, what changes its kind, what is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectorSession } from "../../connectors/contract.ts";
import whatsapp from "../../connectors/whatsapp/index.ts";
import { WhatsappSimulator, type SimNumber } from "../../demo/simulators/whatsapp.ts";
import type { WhatsappCustomer } from "../../demo/simulators/whatsapp/customer.ts";
import { record } from "../support/recordings.ts";
import { attachmentOf, failureOf, fileOf, recordingHost, sendOf } from "../support/telegram.ts";
import { newNumber, whatsappCredentials } from "../support/whatsapp.ts";

const simulator = new WhatsappSimulator();
let close: () => Promise<void>;
let number: SimNumber;
let kate: WhatsappCustomer;
let session: ConnectorSession;
beforeAll(async () => {
  const server = await simulator.listen();
  close = server.close;
  number = newNumber(simulator);
  kate = simulator.addCustomer({ name: "Kate", phone: "447700900123" });
  kate.say(number, "Hello");
  session = whatsapp.open(whatsappCredentials, recordingHost({ apiRoot: server.url }));
});
afterAll(() => close());

const thread = "447700900123";
const last = () => kate.chat(number).messages.at(-1);
const bytes = new TextEncoder().encode("OggS and so on");

test("a voice message in Ogg is shown as one; a picture of another format goes as a document", async () => {
  const voice = attachmentOf("voice", fileOf(bytes, "voice.ogg", "audio/ogg"));
  await session.perform(sendOf(thread, { attachments: [voice] }));
  expect(last()).toMatchObject({ type: "audio", body: { audio: { voice: true } } });
  const picture = attachmentOf("image", fileOf(bytes, "mug.webp", "image/webp"));
  await session.perform(sendOf(thread, { text: "a mug", attachments: [picture] }));
  expect(last()).toMatchObject({
    type: "document",
    body: { document: { filename: "mug.webp", caption: "a mug" } },
  });
});

test.each([
  ["webm", "audio/webm;codecs=opus"],
  ["mp4", "audio/mp4"],
] as const)("what a browser recorded as %s goes out as a voice message in Ogg", async (container, mime) => {
  const recording = fileOf(await record(container), `voice.${container}`, mime);
  await session.perform(sendOf(thread, { attachments: [attachmentOf("voice", recording)] }));
  const sent = last();
  expect(sent).toMatchObject({ type: "audio", body: { audio: { voice: true } } });
  const { id } = sent?.body["audio"] as { id: string };
  const stored = simulator.media.get(id);
  expect(stored).toMatchObject({ mime: "audio/ogg", name: "voice.ogg" });
  const ogg = Buffer.from(stored?.bytes ?? []);
  expect(ogg.subarray(0, 4).toString()).toBe("OggS");
  expect(ogg.includes("OpusHead")).toBe(true);
});

test("sound that is no Opus goes out as what it is, and is no voice message", async () => {
  const recording = fileOf(await record("mp4", "aac"), "voice.m4a", "audio/mp4");
  await session.perform(sendOf(thread, { attachments: [attachmentOf("voice", recording)] }));
  expect(last()).toMatchObject({ type: "audio", body: { audio: { id: expect.any(String) } } });
  expect(last()?.body["audio"]).not.toHaveProperty("voice");
});

test("what the platform would refuse is refused before anything is sent", async () => {
  const before = simulator.calls.length;
  const button = { title: "Yes" };
  const refusal = async (content: Parameters<typeof sendOf>[1]) =>
    (await failureOf(session.perform(sendOf(thread, content)))).code;
  expect(await refusal({ text: "" })).toBe("empty");
  expect(await refusal({ text: "x".repeat(4097) })).toBe("text_too_long");
  expect(await refusal({ text: "?", buttons: [[button, button, button, button]] })).toBe("too_many_buttons");
  expect(await refusal({ text: "?", buttons: [[{ title: "x".repeat(21) }]] })).toBe("button_too_long");
  expect(await refusal({ text: "?", buttons: [[{ title: "Site", url: "https://clay.example" }]] })).toBe(
    "button_link",
  );
  const place = { kind: "location" as const, latitude: 1, longitude: 1 };
  expect(await refusal({ text: "here", attachments: [place] })).toBe("caption_impossible");
  expect(await refusal({ attachments: [place, place] })).toBe("one_attachment");
  expect(simulator.calls.length).toBe(before);
});

test("reading is told, and typing of the message that was read", async () => {
  const said = kate.say(number, "Anybody there?");
  const signal = AbortSignal.timeout(60_000);
  await session.perform({ op: "typing", threadKey: thread, signal });
  expect(kate.chat(number).typingAt).toBeUndefined();
  await session.perform({ op: "markRead", threadKey: thread, externalId: said.id, signal });
  expect(said.state).toBe("read");
  await session.perform({ op: "typing", threadKey: thread, signal });
  expect(kate.chat(number).typingAt).toBeInstanceOf(Date);
  await session.perform({ op: "react", threadKey: thread, externalId: said.id, emojis: ["👍"], signal });
  expect(said.reaction).toBe("👍");
});
