let current: HTMLMediaElement | undefined;

/** Starts one and pauses what played before. */
export async function playAlone(player: HTMLMediaElement): Promise<void> {
  if (current && current !== player) current.pause();
  current = player;
  await player.play();
}

export function stopPlaying(player: HTMLMediaElement): void {
  player.pause();
  if (current === player) current = undefined;
}
