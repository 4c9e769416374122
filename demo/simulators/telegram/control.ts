import type { IncomingMessage, ServerResponse } from "node:http";
import type { TelegramSimulator } from "../telegram.ts";
import { Refusal } from "./refusal.ts";
import type { World } from "./world.ts";

export async function answerControl(
  _simulator: TelegramSimulator,
  _world: World,
  _request: IncomingMessage,
  _response: ServerResponse,
  _url: URL,
): Promise<void> {
  throw new Refusal(404, "Not Found");
}
