/** In a real browser: a phone's WhatsApp asks for a consent first, and shows its code live. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findings } from "../support/axe.ts";
import { startScreen, type Screen } from "../support/screen.ts";
import { servePage } from "../support/whatsapp-page.ts";

let screen: Screen;
let web: Awaited<ReturnType<typeof servePage>>;
beforeAll(async () => {
  web = await servePage();
  screen = await startScreen({ API_ROOTS: `whatsapp-web=${web.root}` });
});
afterAll(async () => {
  await screen?.close();
  await web?.close();
});

/** All that an account's browser has open, as it tells by the port that it wrote into its folder. */
async function pagesOf(dataDir: string): Promise<string[]> {
  const [file] = (await readdir(dataDir, { recursive: true })).filter((name) =>
    name.endsWith("DevToolsActivePort"),
  );
  const [port] = (await readFile(join(dataDir, file ?? ""), "utf8")).split("\n");
  const targets: { url: string }[] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  return targets.map(({ url }) => url);
}

it("a phone's WhatsApp asks for a consent and shows the code", async () => {
  const { page, hub, owner } = screen;
  await screen.goto("/channels/connect/whatsapp-web");
  await page.getByText("WhatsApp may block the number").waitFor();
  const goOn = page.getByRole("button", { name: "Save and go on" });
  expect(await goOn.isDisabled()).toBe(true);
  const consent = page.locator("li:has(h2)").filter({ hasText: "WhatsApp may block the number" });
  expect(await consent.getByText("done", { exact: true }).count()).toBe(0);
  await page.getByLabel("I understand that the number may be blocked").check();
  await consent.getByText("done", { exact: true }).waitFor();
  await goOn.click();
  await page.getByText("Open WhatsApp, Settings, Linked devices.").waitFor();
  await page.getByRole("img", { name: /code/i }).waitFor({ timeout: 60_000 });
  expect(await findings(page)).toEqual([]);
  const [{ id }] = (await owner.get("/channels")).items;
  await screen.goto(`/channels/${id}`);
  await page.getByRole("img", { name: /code/i }).waitFor();
  expect(await pagesOf(hub.dataDir)).toEqual(["https://web.whatsapp.com/"]); // and none of the browser's own
  expect(hub.logged.join("")).not.toContain("2@reference");
  expect(screen.faults).toEqual([]);
}, 120_000);
