/** Voice notes and films: made from packets here, since neither an encoder nor a download is at hand. */
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  OggOutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";
import { wheelFrame } from "./pictures.ts";

const packetSeconds = 0.02;
/** The packet with which Opus codes 20 ms of silence. */
const silence = Uint8Array.of(0xf8, 0xff, 0xfe);

/** An Ogg/Opus file like those of Telegram's apps, without a sound in it. */
export async function voiceNote(seconds: number): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const source = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = {
    codec: "opus",
    numberOfChannels: 1,
    sampleRate: 48_000,
    description: opusHead(),
  };
  for (let index = 0; index < seconds / packetSeconds; index += 1)
    await source.add(new EncodedPacket(silence, "key", index * packetSeconds, packetSeconds), {
      decoderConfig,
    });
  return finish(output, target);
}

/** RFC 7845, 5.1: version, channels, samples to skip, rate, gain, mapping. */
function opusHead(): Uint8Array {
  const head = Buffer.alloc(19);
  head.write("OpusHead");
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

const framesPerSecond = 8;

/** A WebM film of the wheel, each frame a key frame: one turn a second. */
export async function wheelFilm(
  { width, height }: { width: number; height: number },
  seconds: number,
): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedVideoPacketSource("vp8");
  output.addVideoTrack(source, { frameRate: framesPerSecond });
  await output.start();
  const decoderConfig = { codec: "vp8", codedWidth: width, codedHeight: height };
  for (let index = 0; index < seconds * framesPerSecond; index += 1) {
    const frame = await wheelFrame(index / framesPerSecond, width, height);
    const at = index / framesPerSecond;
    await source.add(new EncodedPacket(frame, "key", at, 1 / framesPerSecond), { decoderConfig });
  }
  return finish(output, target);
}

async function finish(output: Output, target: BufferTarget): Promise<Uint8Array> {
  await output.finalize();
  if (!target.buffer) throw new Error("nothing was recorded");
  return new Uint8Array(target.buffer);
}
