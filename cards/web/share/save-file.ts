// Files that the screen makes itself, or has made.
import { ApiError } from "../../../ui/api.ts";

export function saveFile(name: string, bytes: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A file that the hub makes; what goes wrong is an `ApiError`, as of any other request. */
export async function fetchFile(address: string): Promise<Blob> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new ApiError("network", 0, "The server cannot be reached.", error);
  });
  if (response.ok) return response.blob();
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  throw new ApiError(error.code, response.status, error.message);
}

/** A drawing as pixels, so many wide. */
export async function toPng(svg: string, width: number): Promise<Blob> {
  const image = new Image(width, width);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = width;
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, width);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
  );
}

/** A picture of this hub as a data address, square. */
export async function toDataAddress(url: string, side = 256): Promise<string> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const scale = Math.max(side / image.naturalWidth, side / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  canvas.getContext("2d")?.drawImage(image, (side - width) / 2, (side - height) / 2, width, height);
  return canvas.toDataURL("image/png");
}
