// Short signals made on the spot; there are no sound files.
export type SoundName = "message" | "assigned" | "mention";

interface Tone {
  at: number;
  hertz: number;
  length: number;
}

const tones: Record<SoundName, Tone[]> = {
  message: [{ at: 0, hertz: 660, length: 0.16 }],
  assigned: [
    { at: 0, hertz: 523, length: 0.14 },
    { at: 0.12, hertz: 784, length: 0.22 },
  ],
  mention: [
    { at: 0, hertz: 880, length: 0.1 },
    { at: 0.1, hertz: 660, length: 0.1 },
    { at: 0.2, hertz: 880, length: 0.18 },
  ],
};

let audio: AudioContext | undefined;

/** Silent until the person has touched the page, as browsers will have it. */
export function playSound(name: SoundName): void {
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
  for (const tone of tones[name]) strike(audio, tone);
}

function strike(context: AudioContext, { at, hertz, length }: Tone): void {
  const start = context.currentTime + at;
  const oscillator = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.16, start + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.001, start + length);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length + 0.02);
}
