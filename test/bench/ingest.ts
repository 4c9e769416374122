import { randomUUID } from "node:crypto";
import { waitFor } from "../support/hub.ts";
import type { Bench } from "./main.ts";
import { percentile, rate, row } from "./measure.ts";
import { setBenchStage, startEmptyRoute, startRawStore, textUpdate } from "./stage.ts";

/** Updates in, replies accepted, and the way from the webhook to an agent's screen. */
export async function benchIngest(bench: Bench): Promise<void> {
  bench.say("updates, replies and the way to the screen …");
  const [stage, empty, raw] = [await setBenchStage(), await startEmptyRoute(), await startRawStore()];
  const count = Math.round(4000 * bench.scale);
  const chats = 50;
  const routeRate = await rate(count, 16, () =>
    fetch(empty.url, { method: "POST", body: JSON.stringify(textUpdate(1, chats)) }).then((response) =>
      response.text(),
    ),
  );
  const insertRate = await rate(count, 16, (n) =>
    raw.db.collection("updates").insertOne({ ...textUpdate(n, chats) }),
  );

  const begin = performance.now();
  const acknowledged = await rate(count, 16, (n) =>
    stage.post(textUpdate(n, chats)).then((response) => response.text()),
  );
  await waitFor(
    async () => (await stage.db.collection("inbound").countDocuments({ pending: true })) === 0,
    "everything to be recorded",
    undefined,
    300_000,
  );
  const recorded = (count * 1000) / (performance.now() - begin);
  bench.add(row("updates acknowledged (durably stored)", acknowledged, "1/s", routeRate));
  bench.add(row("updates acknowledged, beside a raw store insert", acknowledged, "1/s", insertRate));
  bench.add(row("updates recorded as messages, end to end", recorded, "1/s", insertRate));

  const { items } = await stage.owner.get<{ items: { id: string }[] }>("/conversations?limit=50");
  const replies = Math.round(1000 * bench.scale);
  const accepted = await rate(replies, 16, (n) =>
    stage.owner.post(`/conversations/${items[n % items.length]?.id}/messages`, {
      clientId: randomUUID(),
      type: "outgoing",
      content: { text: `Yes, it is. ${n}` },
    }),
  );
  bench.add(row("replies accepted (durably stored)", accepted, "1/s", insertRate));

  const ear = await stage.owner.listen();
  const taken: number[] = [];
  for (let n = 0; n < 200 * Math.max(0.25, bench.scale); n += 1) {
    const text = `to the screen ${n}`;
    const update = textUpdate(count + n, chats) as { message: { text: string } };
    update.message.text = text;
    const sent = performance.now();
    const seen = ear
      .wait("message", ({ message }) => message.content.text === text)
      .then(() => performance.now());
    await stage.post(update);
    taken.push((await seen) - sent);
  }
  const ping: number[] = [];
  for (let n = 0; n < 100; n += 1) {
    const sent = performance.now();
    await fetch(empty.url, { method: "POST", body: "{}" }).then((response) => response.text());
    ping.push(performance.now() - sent);
  }
  bench.add(row("webhook to screen, p50", percentile(taken, 0.5), "ms", percentile(ping, 0.5)));
  bench.add(row("webhook to screen, p95", percentile(taken, 0.95), "ms", percentile(ping, 0.95)));
  stage.owner.leave();
  empty.close();
  await raw.close();
  await stage.stop();
}
