/** Where the channel's picture lies, as SVG. */
import { fileURLToPath } from "node:url";

export const widgetIcon = fileURLToPath(new URL("./icon.svg", import.meta.url));
