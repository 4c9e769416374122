/** A hub with its owner, a WhatsApp simulator, and a number connected through the API. */
import { WhatsappSimulator, type SimNumber } from "../../demo/simulators/whatsapp.ts";
import { startHub, waitFor, type Person, type TestHub } from "./hub.ts";

export const whatsappCredentials = {
  phoneNumberId: "106540352242922",
  businessAccountId: "102290129340398",
  accessToken: "EAAJZBwhatsappTokenOfTests",
  appSecret: "9f1c2a7be2d40c5587a1b0cf3a2d9e71",
};

export const whatsappTemplates = [
  {
    name: "order_ready",
    language: "en",
    status: "APPROVED",
    category: "UTILITY",
    components: [
      {
        type: "BODY",
        text: "Hello {{1}}, your order {{2}} is ready.",
        example: { body_text: [["Kate", "2214"]] },
      },
      { type: "FOOTER", text: "Clay & Co" },
    ],
  },
  {
    name: "see_you",
    language: "en",
    status: "APPROVED",
    category: "MARKETING",
    components: [{ type: "BODY", text: "See you on {{day}}, {{first_name}}!" }],
  },
  {
    name: "with_picture",
    language: "en",
    status: "APPROVED",
    category: "MARKETING",
    components: [
      { type: "HEADER", format: "IMAGE" },
      { type: "BODY", text: "New mugs" },
    ],
  },
  {
    name: "with_video",
    language: "en",
    status: "APPROVED",
    category: "MARKETING",
    components: [
      { type: "HEADER", format: "VIDEO" },
      { type: "BODY", text: "How {{1}} is thrown" },
    ],
  },
  {
    name: "with_bill",
    language: "en",
    status: "APPROVED",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "DOCUMENT" },
      { type: "BODY", text: "The bill for order {{1}}" },
    ],
  },
  {
    name: "with_place",
    language: "en",
    status: "APPROVED",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "LOCATION" },
      { type: "BODY", text: "We are here" },
    ],
  },
];

export function newNumber(simulator: WhatsappSimulator): SimNumber {
  simulator.templates.push(...whatsappTemplates);
  return simulator.addNumber({
    accountId: whatsappCredentials.businessAccountId,
    id: whatsappCredentials.phoneNumberId,
    display: "+1 555-078-3881",
    name: "Clay & Co",
    token: whatsappCredentials.accessToken,
    app: { id: "670843887433847", secret: whatsappCredentials.appSecret, name: "Clay hub" },
  });
}

export interface WhatsappWorld {
  hub: TestHub;
  simulator: WhatsappSimulator;
  number: SimNumber;
  owner: Person;
  channelId: string;
  stop(): Promise<void>;
}

/** The hub's public address is made up; the simulator knows the way. */
export async function startWhatsappWorld(): Promise<WhatsappWorld> {
  const address = "https://hub.example";
  const place = { url: "" };
  const simulator = new WhatsappSimulator({ reach: (url) => url.replace(address, place.url) });
  const server = await simulator.listen();
  const number = newNumber(simulator);
  const hub = await startHub({ PUBLIC_URL: address, API_ROOTS: `whatsapp=${server.url}` });
  place.url = hub.url;
  const owner = await hub.owner();
  const channel = await owner.post<{ id: string }>("/channels", {
    kind: "whatsapp",
    credentials: whatsappCredentials,
  });
  await waitFor(async () => {
    const { health } = await owner.get(`/channels/${channel.id}`);
    return health.state === "connected";
  }, "the number to be connected");
  return {
    hub,
    simulator,
    number,
    owner,
    channelId: channel.id,
    async stop() {
      owner.leave();
      await hub.stop();
      await server.close();
    },
  };
}
