/** A page with its Instagram account on a simulated Messenger Platform, and sessions of the connectors on it. */
import { loadConnectors } from "../../connectors/index.ts";
import type { Connector, ConnectorHost, ConnectorSession } from "../../connectors/contract.ts";
import { MessengerSimulator, type MessengerCustomer, type SimPage } from "../../demo/simulators/messenger.ts";
import { recordingHost, type RecordingHost } from "./telegram.ts";

export const app = { id: "880012345678901", secret: "c41f0d5b9e7a4c2d8f1e6a3b5c7da90d", name: "Clay hub" };
export const pageToken = "EAAGm0PX4ZCpsBAO7clayAndCoPageTokenForTests0001ZDZD";
export const pageCredentials = { appSecret: app.secret, pageToken };

export interface MetaStage {
  simulator: MessengerSimulator;
  page: SimPage;
  url: string;
  /** Kate on Messenger, and on Instagram. */
  kate: MessengerCustomer;
  kateOnInstagram: MessengerCustomer;
  close(): Promise<void>;
}

export async function raiseMeta(reach: (url: string) => string = (url) => url): Promise<MetaStage> {
  const simulator = new MessengerSimulator({ reach });
  const { url, close } = await simulator.listen();
  simulator.addApp(app);
  const page = simulator.addPage({
    token: pageToken,
    app,
    id: "104729885512340",
    name: "Clay & Co, ceramics studio",
    username: "clay.and.co",
    instagram: { id: "17841405822304914", username: "clay.and.co", name: "Clay & Co" },
  });
  const person = simulator.addPerson({ name: "Kate Winslow", username: "kate_w" });
  const kate = simulator.customer(page, person);
  const kateOnInstagram = simulator.customer(page, person, "instagram");
  return { simulator, page, url, kate, kateOnInstagram, close };
}

export async function connectorOf(kind: "facebook" | "instagram"): Promise<Connector> {
  const connector = (await loadConnectors()).get(kind);
  if (!connector) throw new Error(`no connector ${kind}`);
  return connector;
}

export async function openPage(
  kind: "facebook" | "instagram",
  { url }: Pick<MetaStage, "url">,
  overrides: Partial<ConnectorHost> = {},
): Promise<{ session: ConnectorSession; host: RecordingHost; connector: Connector }> {
  const connector = await connectorOf(kind);
  const host = recordingHost({ apiRoot: url, ...overrides });
  return { session: connector.open(pageCredentials, host), host, connector };
}
