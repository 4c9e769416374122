/** Recordings of browsers as Telegram's voice messages. */
import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  Mp4OutputFormat,
  OGG,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import { expect, test } from "vitest";
import { remuxToOgg } from "../../connectors/remux.ts";
import { TelegramSimulator } from "../../demo/simulators/telegram.ts";
import { attachmentOf, fileOf, openSession, recordingHost, sendOf, token } from "../support/telegram.ts";

const packetMs = 20;

/** Opus packets of 20 ms: the first byte says so, the rest is what a decoder would read. */
const packets = Array.from({ length: 75 }, (_, index) =>
  Uint8Array.from({ length: 40 + (index % 7) }, (_none, at) => (at === 0 ? 0x78 : (index * 31 + at) % 256)),
);

async function record(
  format: WebMOutputFormat | Mp4OutputFormat,
  codec: "opus" | "aac",
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig =
    codec === "opus"
      ? { codec: "opus", numberOfChannels: 1, sampleRate: 48_000, description: opusHead() }
      : {
          codec: "mp4a.40.2",
          numberOfChannels: 1,
          sampleRate: 48_000,
          description: new Uint8Array([0x11, 0x88]),
        };
  for (const [index, data] of packets.entries()) {
    const packet = new EncodedPacket(data, "key", (index * packetMs) / 1000, packetMs / 1000);
    await source.add(packet, { decoderConfig });
  }
  await output.finalize();
  if (!target.buffer) throw new Error("nothing was recorded");
  return new Uint8Array(target.buffer);
}

/** RFC 7845, 5.1: version, channels, pre-skip, rate, gain, mapping. */
function opusHead(): Uint8Array {
  const head = Buffer.alloc(19);
  head.write("OpusHead");
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

async function readOgg(bytes: Uint8Array) {
  using input = new Input({ source: new BufferSource(bytes), formats: [OGG] });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new Error("no sound in it");
  const found: Uint8Array[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) found.push(packet.data);
  const codec = await track.getCodec();
  return { codec, found, seconds: await track.computeDuration() };
}

test.each([
  ["WebM", new WebMOutputFormat()],
  ["MP4", new Mp4OutputFormat()],
])("Opus in %s becomes Ogg with the same packets and the same length", async (_name, format) => {
  const ogg = await remuxToOgg(await record(format, "opus"));
  if (!ogg) throw new Error("it was not remuxed");
  expect(Buffer.from(ogg.subarray(0, 4)).toString()).toBe("OggS");
  const { codec, found, seconds } = await readOgg(ogg);
  expect(codec).toBe("opus");
  expect(found.map((data) => [...data])).toEqual(packets.map((data) => [...data]));
  expect(seconds).toBeCloseTo((packets.length * packetMs) / 1000, 1);
});

test("sound that is not Opus, and bytes that are no recording, are left alone", async () => {
  expect(await remuxToOgg(await record(new Mp4OutputFormat(), "aac"))).toBeUndefined();
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
  const webm = await voice(
    await record(new WebMOutputFormat(), "opus"),
    "voice.webm",
    "audio/webm;codecs=opus",
  );
  expect(webm?.message.voice?.duration).toBe(2);
  expect(webm?.file?.name).toBe("voice.ogg");
  const aac = await voice(await record(new Mp4OutputFormat(), "aac"), "voice.mp4", "audio/mp4");
  expect(aac?.message.voice).toBeDefined();
  expect(aac?.file?.name).toBe("voice.m4a");
  const other = await voice(new TextEncoder().encode("RIFF not a recording"), "voice.wav", "audio/wav");
  expect(other?.message.document).toBeDefined();
  await server.close();
});
