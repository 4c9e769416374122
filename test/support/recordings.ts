/** What browsers record, made packet by packet: Opus (or AAC) in WebM or MP4. */
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";

export const packetMs = 20;

/** Opus packets of 20 ms: the first byte says so, the rest is what a decoder would read. */
export const packets = Array.from({ length: 75 }, (_, index) =>
  Uint8Array.from({ length: 40 + (index % 7) }, (_none, at) => (at === 0 ? 0x78 : (index * 31 + at) % 256)),
);

export async function record(container: "webm" | "mp4", codec: "opus" | "aac" = "opus"): Promise<Uint8Array> {
  const target = new BufferTarget();
  const format = container === "webm" ? new WebMOutputFormat() : new Mp4OutputFormat();
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
