/**
 * Voice messages of browsers come as Opus inside WebM or MP4, which messengers show as files. The same packets are put
 * into an Ogg container, without decoding, so no encoder has to be installed. Not a connector: any of them may use it.
 */
import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  OGG,
  OggOutputFormat,
  Output,
  WEBM,
} from "mediabunny";
import type { InputAudioTrack } from "mediabunny";

/** The recording as Ogg/Opus; undefined when its sound is not Opus or it is damaged, so that it travels as a file. */
export async function remuxToOgg(recording: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await remux(recording);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

async function remux(recording: Uint8Array): Promise<Uint8Array | undefined> {
  using input = new Input({ source: new BufferSource(recording), formats: [WEBM, MATROSKA, MP4, OGG] });
  if (!(await input.canRead())) return undefined;
  const track = await input.getPrimaryAudioTrack();
  if (!track || (await track.getCodec()) !== "opus") return undefined;
  return await copyPackets(track);
}

async function copyPackets(track: InputAudioTrack): Promise<Uint8Array | undefined> {
  const target = new BufferTarget();
  const output = new Output({ format: new OggOutputFormat(), target });
  const source = new EncodedAudioPacketSource("opus");
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = await track.getDecoderConfig();
  const meta = decoderConfig ? { decoderConfig } : undefined;
  const start = Math.max(0, await track.getFirstTimestamp());
  for await (const packet of new EncodedPacketSink(track).packets())
    await source.add(packet.clone({ timestamp: Math.max(0, packet.timestamp - start) }), meta);
  await output.finalize();
  return target.buffer ? new Uint8Array(target.buffer) : undefined;
}
