/** Apps of messengers record Ogg/Opus; a browser records the same packets in WebM or MP4. */
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  Conversion,
  Input,
  OggOutputFormat,
  Output,
} from "mediabunny";

export async function voiceOf(bytes: Uint8Array): Promise<Uint8Array> {
  using input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  if (Buffer.from(bytes.subarray(0, 4)).toString("latin1") === "OggS" || !(await input.canRead()))
    return bytes;
  const target = new BufferTarget();
  const conversion = await Conversion.init({
    input,
    output: new Output({ format: new OggOutputFormat(), target }),
  });
  if (!conversion.isValid) return bytes;
  await conversion.execute();
  return target.buffer ? new Uint8Array(target.buffer) : bytes;
}
