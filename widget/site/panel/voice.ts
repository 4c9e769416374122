/** A voice message by the browser's own recorder. */
export interface Recording {
  /** Undefined when it was cancelled. */
  file: Promise<File | undefined>;
  stop(): void;
  cancel(): void;
}

const longestMs = 5 * 60_000;

/** `tell` hears how long it is already, as `0:07`. Throws DOMException when the microphone is refused or missing. */
export async function recordVoice(tell: (elapsed: string) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  let kept = true;
  recorder.ondataavailable = ({ data }) => void parts.push(data);
  const begun = Date.now();
  tell(clockOf(0));
  const clock = setInterval(() => tell(clockOf(Date.now() - begun)), 250);
  const file = new Promise<File | undefined>((resolve) => {
    recorder.onstop = () => {
      clearTimeout(longest);
      clearInterval(clock);
      for (const track of stream.getTracks()) track.stop();
      const mime = recorder.mimeType.split(";")[0] || "audio/webm";
      resolve(kept ? new File(parts, `voice.${mime.split("/")[1] ?? "webm"}`, { type: mime }) : undefined);
    };
  });
  const stop = (): void => void (recorder.state !== "inactive" && recorder.stop());
  const longest = setTimeout(stop, longestMs);
  recorder.start();
  return {
    file,
    stop,
    cancel() {
      kept = false;
      stop();
    },
  };
}

function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
