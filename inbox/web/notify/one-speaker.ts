// Of all tabs of this browser one holds the lock and makes the sounds; when it closes, another takes over.
let speaking = false;

if ("locks" in navigator) void navigator.locks.request("inbox speaker", hold);
else speaking = true;

export function isSpeaker(): boolean {
  return speaking;
}

function hold(): Promise<never> {
  speaking = true;
  return new Promise<never>(() => undefined);
}
