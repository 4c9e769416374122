import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { openLines, type Line } from "../support/lines.ts";
import { waitFor } from "../support/hub.ts";
import { Program } from "../support/program.ts";
import type { Bench } from "./main.ts";
import { rate, row } from "./measure.ts";

const customers = 20;
const lanes = 16;

/** Webhooks of each messenger, acknowledged and recorded, beside a route that only proves the body. */
export async function benchChannels(bench: Bench): Promise<void> {
  bench.say("webhooks of each messenger …");
  let hubUrl = "";
  const lines = await openLines({ customers, hubUrl: () => hubUrl });
  const program = await Program.create({ environment: { ...lines.environment, LOG_LEVEL: "warn" } });
  hubUrl = program.url;
  await program.start();
  const owner = await program.owner();
  const route = await startSignedRoute();
  const count = Math.round(1000 * Math.max(0.2, bench.scale));
  for (const line of lines.all) {
    await line.connect(owner);
    const bodies = Array.from({ length: count }, (_, n) => bodyOf(line, n));
    const bare = await rate(count, lanes, (n) => route.post(bodies[n]!));
    const begin = performance.now();
    const acknowledged = await rate(count, lanes, async (n) => {
      const response = await line.post(hubUrl, bodies[n]!);
      if (response.status !== 200) throw new Error(`${line.kind} was answered ${response.status}`);
      await response.text();
    });
    await waitFor(
      async () => /^switchboard_inbound_waiting 0$/m.test(await (await fetch(`${hubUrl}/metrics`)).text()),
      "everything to be recorded",
      undefined,
      300_000,
    );
    const recorded = (count * 1000) / (performance.now() - begin);
    bench.add(
      row(`${line.kind}: webhooks acknowledged, beside an empty signed route`, acknowledged, "1/s", bare),
    );
    bench.add(row(`${line.kind}: webhooks recorded, beside an empty signed route`, recorded, "1/s", bare));
  }
  route.close();
  await program.remove();
  await lines.close();
}

function bodyOf({ customers: all }: Line, n: number): string {
  return all[n % customers]!.message(Math.floor(n / customers), `Is the blue mug still there? ${n}`);
}

/** An Express route that does nothing but prove the raw body by its HMAC. */
async function startSignedRoute(): Promise<{ post(body: string): Promise<void>; close(): void }> {
  const secret = "9f1c2a7be2d40c5587a1b0cf3a2d9e71";
  const sign = (body: string | Buffer): Buffer => createHmac("sha256", secret).update(body).digest();
  const app = express();
  app.post("/", express.raw({ type: () => true }), (request, response) => {
    const given = Buffer.from(request.headers["x-signature"] as string, "hex");
    response.status(timingSafeEqual(given, sign(request.body as Buffer)) ? 200 : 401).json({ ok: true });
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    async post(body) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-signature": sign(body).toString("hex") },
        body,
      });
      if (response.status !== 200) throw new Error(`the empty route answered ${response.status}`);
      await response.text();
    },
    close: () => void server.close(),
  };
}
