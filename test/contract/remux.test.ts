/** Recordings of browsers as Telegram's voice messages. */
import { BufferSource, EncodedPacketSink, Input, OGG } from "mediabunny";
import { expect, test } from "vitest";
import { remuxToOgg } from "../../connectors/remux.ts";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { packetMs, packets, record } from "../support/recordings.ts";
import { attachmentOf, fileOf, openSession, recordingHost, sendOf, token } from "../support/telegram.ts";

async function readOgg(bytes: Uint8Array) {
  using input = new Input({ source: new BufferSource(bytes), formats: [OGG] });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new Error("no sound in it");
  const found: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) found.push(packet.data);
  const codec = await track.getCodec();
  return { codec, found, seconds: await track.computeDuration() };
}

test.each(["webm", "mp4"] as const)(
  "Opus in %s becomes Ogg with the same packets and the same length",
  async (container) => {
    const ogg = await remuxToOgg(await record(container));
    if (!ogg) throw new Error("it was not remuxed");
    expect(Buffer.from(ogg.subarray(0, 4)).toString()).toBe("OggS");
    const { codec, found, seconds } = await readOgg(ogg);
    expect(codec).toBe("opus");
    expect(found.map((data) => [...data])).toEqual(packets.map((data) => [...data]));
    expect(seconds).toBeCloseTo((packets.length * packetMs) / 1000, 1);
  },
);

test("sound that is not Opus, and bytes that are no recording, are left alone", async () => {
  expect(await remuxToOgg(await record("mp4", "aac"))).toBeUndefined();
  expect(await remuxToOgg(new TextEncoder().encode("no recording"))).toBeUndefined();
});

test("a browser's recording arrives as a voice message, other sound as what Telegram takes", async () => {
  const simulator = new TelegramSimulator();
  const server = await simulator.listen();
  const bot = await simulator.addBot({ token, username: "clay_and_co_bot", name: "Clay & Co" });
  const kate = await simulator.addCustomer({ name: "Kate Winslow" });
  kate.start(bot);
  const session = openSession(recordingHost({ apiRoot: server.url }));
  const voice = async (bytes: Uint8Array, name: string, mime: string) => {
    const attachments = [attachmentOf("voice", fileOf(bytes, name, mime), { durationMs: 1500 })];
    await session.perform(sendOf(String(kate.id), { attachments }));
    return kate.chat(bot).botMessages.at(-1);
  };
  const webm = await voice(await record("webm"), "voice.webm", "audio/webm;codecs=opus");
  expect(webm?.message.voice?.duration).toBe(2);
  expect(webm?.file?.name).toBe("voice.ogg");
  const aac = await voice(await record("mp4", "aac"), "voice.mp4", "audio/mp4");
  expect(aac?.message.voice).toBeDefined();
  expect(aac?.file?.name).toBe("voice.m4a");
  const other = await voice(new TextEncoder().encode("RIFF not a recording"), "voice.wav", "audio/wav");
  expect(other?.message.document).toBeDefined();
  await server.close();
});
