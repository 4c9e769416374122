/** Where the channel's picture lies, as SVG. */
import { fileURLToPath } from "node:url";

export const formIcon = fileURLToPath(new URL("./icon.svg", import.meta.url));
