// Web NFC, which Chrome on Android alone has (w3c.github.io/web-nfc).

interface NdefReader {
  write(
    message: { records: { recordType: "url"; data: string }[] },
    options: { signal: AbortSignal },
  ): Promise<void>;
}
declare global {
  interface Window {
    NDEFReader?: new () => NdefReader;
  }
}

export const canWriteTags = (): boolean => window.NDEFReader !== undefined;

/** Waits until a tag is held to the phone. */
export async function writeTag(url: string, signal: AbortSignal): Promise<void> {
  if (!window.NDEFReader) throw new Error("no NFC here");
  await new window.NDEFReader().write({ records: [{ recordType: "url", data: url }] }, { signal });
}
