export interface Recording {
  elapsedMs: () => number;
  stop: () => Promise<{ file: File; durationMs: number }>;
  cancel: () => void;
}

/** What browsers record, the better first. */
const types = ["audio/webm;codecs=opus", "audio/mp4", "audio/webm"];
/** What phones play that know no Opus; not every browser can make it. */
const plain = ["audio/mp4;codecs=mp4a.40.2"];

/** How this browser would record for a channel that takes these types alone; undefined when it cannot. */
export function recordable(mimes?: string[]): string | undefined {
  return (mimes ? plain : types).find((one) => MediaRecorder.isTypeSupported(one));
}

/** Throws when there is no microphone or the person does not allow it. */
export async function startRecording(mimes?: string[]): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = recordable(mimes);
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const parts: Blob[] = [];
  const begun = Date.now();
  recorder.ondataavailable = (event) => void parts.push(event.data);
  recorder.start(1000);
  const release = () => stream.getTracks().forEach((track) => track.stop());
  return {
    elapsedMs: () => Date.now() - begun,
    stop: () => finish(recorder, parts, begun, release),
    cancel: () => cancel(recorder, release),
  };
}

async function finish(
  recorder: MediaRecorder,
  parts: Blob[],
  begun: number,
  release: () => void,
): Promise<{ file: File; durationMs: number }> {
  const durationMs = Date.now() - begun;
  if (recorder.state !== "inactive") {
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
    recorder.stop();
    await stopped;
  }
  release();
  const type = recorder.mimeType.split(";")[0] || "audio/webm";
  const extension = type.endsWith("mp4") ? "m4a" : "webm";
  return { file: new File(parts, `voice.${extension}`, { type }), durationMs };
}

function cancel(recorder: MediaRecorder, release: () => void): void {
  if (recorder.state !== "inactive") recorder.stop();
  release();
}
