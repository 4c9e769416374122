/** The Chat SDK's own WhatsApp adapter reads the same deliveries: who wrote, when, under which id, and what. */
import { createWhatsAppAdapter, type WhatsAppRawMessage } from "@chat-adapter/whatsapp";
import { expect, test } from "vitest";
import { z } from "zod";
import whatsapp from "../../connectors/whatsapp/index.ts";
import { fixturesOf } from "../support/fixtures.ts";
import { proofOf } from "../support/proofs.ts";

const { credentials, sign } = proofOf("whatsapp");
const { appSecret } = z.object({ appSecret: z.string() }).parse(credentials);
const adapter = createWhatsAppAdapter({
  accessToken: "EAAJZBtest",
  appSecret,
  phoneNumberId: "106540352242922",
  verifyToken: "word",
  userName: "Clay & Co",
});

const delivery = z.object({
  entry: z.tuple([
    z.object({
      changes: z.tuple([
        z.object({
          value: z.object({
            metadata: z.object({ phone_number_id: z.string() }),
            contacts: z.array(z.unknown()),
            messages: z.tuple([z.unknown()]),
          }),
        }),
      ]),
    }),
  ]),
});

const read = fixturesOf("whatsapp").flatMap(({ name, body }) => {
  const [event] = whatsapp.parseUpdate(body, new Date());
  const found = delivery.safeParse(JSON.parse(new TextDecoder().decode(body))).data;
  return found && event?.type === "message"
    ? [{ name, body, event, value: found.entry[0].changes[0].value }]
    : [];
});

test.each(read)("$name is read alike", ({ event, value }) => {
  const raw = z.custom<WhatsAppRawMessage>().parse({
    message: value.messages[0],
    contact: value.contacts[0],
    phoneNumberId: value.metadata.phone_number_id,
  });
  const theirs = adapter.parseMessage(raw);
  expect(theirs.id).toBe(event.externalId);
  expect(theirs.metadata.dateSent).toEqual(event.at);
  expect(event.peer.aliases.map((alias) => alias.value)).toContain(
    adapter.decodeThreadId(theirs.threadId).userWaId,
  );
  if (event.content.text && !event.content.attachments) expect(theirs.text).toBe(event.content.text);
  const files = (event.content.attachments ?? []).filter((one) => "media" in one);
  if (files.length > 0) expect(theirs.attachments.length).toBeGreaterThanOrEqual(files.length);
});

test("a delivery that one believes the other believes too", async () => {
  const body = read[0]?.body ?? new Uint8Array();
  const ask = async (headers: Record<string, string>) =>
    (
      await adapter.handleWebhook(
        new Request("https://hub.example", { method: "POST", headers, body: Buffer.from(body) }),
      )
    ).status;
  const verify = (headers: Record<string, string>) =>
    whatsapp.verifyWebhook({ method: "POST", query: {}, headers, body, secret: "" }, credentials);
  const forged = { "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
  expect([verify(forged), await ask(forged)]).toEqual([false, 401]);
  const proven = sign?.(body, "") ?? {};
  expect(verify(proven)).toBe(true);
  expect(await ask(proven)).not.toBe(401);
});
